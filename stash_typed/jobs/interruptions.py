"""Which failures are temporary, so that waiting for the server continues.

| what a request ended in                                       | waiting goes on |
|---------------------------------------------------------------|-----------------|
| no connection, a lost one, no answer in time, no such host    | yes             |
| a proxy's or the server's trouble: 408, 425, 429, 5xx         | yes             |
| "database is locked"                                          | yes             |
| an untrusted certificate, no TLS, a closed client             | no              |
| no or wrong credentials                                       | no              |
| a document or values that the server refuses                  | no              |
| an answer of another shape, any other status                  | no              |
| a server that waits for its setup or a migration              | no              |
"""

from __future__ import annotations

from .._runtime.errors import DatabaseLockedError, HTTPStatusError, StashConnectionError

__all__ = ["passes"]


def passes(error: Exception) -> bool:
    """Return whether an error may be temporary."""
    if isinstance(error, StashConnectionError):
        return error.transient
    if isinstance(error, HTTPStatusError):
        return error.status_code >= 500 or error.status_code in (408, 425, 429)
    return isinstance(error, DatabaseLockedError)
