"""Requests over HTTP: what is sent, in which order, how long, and what its answer means.

For the clients above; it knows no operation of the schema.
"""
