"""Recorded exchanges with a real server: written without secrets, and read back.

Imported by `testing.record` and `testing.mock`. It knows nothing of stubs.
"""
