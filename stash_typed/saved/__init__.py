"""Filters that the server keeps, read as filters of this client. No I/O."""
