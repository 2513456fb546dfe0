"""Whether a server can be worked with, and how long to wait for one. Free of I/O."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ._runtime.errors import (
    HTTPStatusError,
    NotReadyError,
    StashConnectionError,
    StashTimeoutError,
)

if TYPE_CHECKING:
    from . import models

__all__ = ["Patience", "ready_or_raise"]

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0

_REMEDIES = {
    "SETUP": "Open the server's page in a browser and go through its setup, or call setup().",
    "NEEDS_MIGRATION": "Open the server's page in a browser and let it migrate its database, or"
    " call migrate(). Back the database up before.",
}


def ready_or_raise(status: models.SystemStatus, url: str) -> models.SystemStatus:
    """Give the status of a server that can be worked with.

    Args:
        status: what `systemStatus` answered.
        url: the server, for the message.

    Returns:
        The same status.

    Raises:
        NotReadyError: it waits for its setup or a migration.
    """
    if status.status == "OK":
        return status
    raise NotReadyError(
        f"The server is not ready: its status is {status.status}",
        status=str(status.status),
        url=url,
        hint=_REMEDIES.get(str(status.status)),
    )


class Patience:
    """Decides whether a server that did not answer is worth another try."""

    def __init__(self, url: str, timeout: float) -> None:
        """Start the clock.

        Args:
            url: the server, for the message.
            timeout: seconds to be patient for.
        """
        self._url = url
        self._timeout = timeout
        self._end = time.monotonic() + timeout
        self._pause = _FIRST_PAUSE

    def after(self, error: Exception) -> float | None:
        """Give the seconds to wait before the next try.

        Args:
            error: how the last try ended.

        Returns:
            Seconds; None when waiting does not help against that error.

        Raises:
            StashTimeoutError: the time is over.
        """
        starting = isinstance(error, HTTPStatusError) and error.status_code in (502, 503, 504)
        if not (isinstance(error, StashConnectionError) or starting):
            return None
        left = self._end - time.monotonic()
        if left <= 0:
            raise StashTimeoutError(
                f"The server did not answer within {self._timeout:g} seconds",
                url=self._url,
                hint="Is it running, and is this its address?",
            ) from error
        pause = min(self._pause, left)
        self._pause = min(self._pause * 1.6, _LONGEST_PAUSE)
        return pause
