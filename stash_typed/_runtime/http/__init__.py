"""Requests over HTTP: what is sent, in which order, how long, and what its answer means.

For the clients above; of the other folders it uses `auth`, `websocket` and `versions`. It knows no
operation of the schema.
"""
