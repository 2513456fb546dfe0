"""Whether a server can be worked with, and how long to wait for one. Free of I/O."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ._runtime.errors import NotReadyError, StashError, StashTimeoutError
from .jobs.interruptions import passes

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
            timeout: seconds to be patient for, in all.
        """
        self._url = url
        self._timeout = timeout
        self._end = time.monotonic() + timeout
        self._pause = _FIRST_PAUSE
        self._last: StashError | None = None

    @property
    def left(self) -> float:
        """Seconds that are left; 0 or less when the time is over."""
        return self._end - time.monotonic()

    def after(self, error: StashError) -> float:
        """Give the seconds to wait before the next try, which may be the last of all.

        Args:
            error: how the last try ended.

        Raises:
            StashError: that error, when waiting does not help against it.
        """
        if not passes(error):
            raise error
        # One that ends with the time says less than how the server behaved before.
        if self._last is None or self.left > 0:
            self._last = error
        pause = min(self._pause, max(self.left, 0.0))
        self._pause = min(self._pause * 1.6, _LONGEST_PAUSE)
        return pause

    def over(self) -> StashTimeoutError:
        """Give the error for a server that is not ready when the time is over."""
        tried = "" if self._last is None else f": {self._last.message}"
        error = StashTimeoutError(
            f"The server did not answer within {self._timeout:g} seconds{tried}",
            url=self._url,
            hint="Is it running, and is this its address?",
        )
        error.__cause__ = self._last
        return error
