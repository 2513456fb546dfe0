"""Whether a failed request is sent again, and when.

| what failed                                   | query | mutation |
|-----------------------------------------------|-------|----------|
| no connection, connection lost, out of time   | yes   | no       |
| 502, 503, 504 of a proxy                      | yes   | no       |
| refused as a whole with "database is locked"  | yes   | yes      |
| anything else                                 | no    | no       |

A mutation may have been carried out although its answer was lost, hence the column of noes. The
server undoes what a locked database refused, and it is refused as a whole when every field that
was asked for has that error; a document asks for several under aliases.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import (
    ConfigurationError,
    DatabaseLockedError,
    HTTPStatusError,
    StashConnectionError,
    StashError,
)

if TYPE_CHECKING:
    from .operation import Operation

_PROXY_TROUBLE = frozenset({502, 503, 504})


@dataclass(frozen=True)
class RetryPolicy:
    """How often and after how long a request is sent again; each further wait is twice as long."""

    retries: int = 3
    delay: float = 0.25
    locked_delay: float = 1.0
    longest: float = 10.0
    jitter: Callable[[], float] = random.random

    def __post_init__(self) -> None:
        if min(self.retries, self.delay, self.locked_delay, self.longest) < 0:
            raise ConfigurationError(
                "a retry policy has a negative number", hint="retries=0 turns retries off."
            )

    def wait_before(self, operation: Operation, error: StashError, *, attempt: int) -> float | None:
        """Return the seconds to wait after a failed attempt, or None to give up."""
        if attempt > self.retries:
            return None
        if isinstance(error, DatabaseLockedError):
            first = self.locked_delay if _refused_as_a_whole(operation, error) else None
        elif isinstance(error, StashConnectionError):
            first = self.delay if operation.kind == "query" and error.transient else None
        elif isinstance(error, HTTPStatusError) and error.status_code in _PROXY_TROUBLE:
            first = self.delay if operation.kind == "query" else None
        else:
            first = None
        if first is None:
            return None
        whole = min(first * 2.0 ** (attempt - 1), self.longest)
        return whole * (1 - self.jitter() / 2)


def _refused_as_a_whole(operation: Operation, error: DatabaseLockedError) -> bool:
    """Whether each field that was asked for has the error, so that none of them was carried out."""
    if operation.kind != "mutation":
        return True
    from .document_text import root_keys

    keys = root_keys(operation.document)
    # What is locked further down was only to be read, after the change.
    if not keys or any(len(entry.path) > 1 for entry in error.errors):
        return False
    if error.data is None and len(keys) == 1:
        return True
    # Null in place of all data may have swallowed fields that were carried out.
    refused = {entry.path[0] for entry in error.errors if entry.path}
    return keys <= refused and all(value is None for value in (error.data or {}).values())
