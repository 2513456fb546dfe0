"""Exchanges with a real server: written down without secrets, and read again.

Imported by `testing.record` and `testing.mock`. It knows nothing of stubs.
"""
