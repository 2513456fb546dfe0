"""Requests over HTTP: building and sending them, timeouts, and reading the responses.

For the clients above; it knows no operation of the schema.
"""
