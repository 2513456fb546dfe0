"""A mock server: stubs checked against the schema, and recordings played back.

Imported by `testing`. It writes no recordings.
"""
