"""Checking whether a server is ready, and waiting until it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ._runtime.errors import NotReadyError, StashError, StashTimeoutError
from ._runtime.steps import Ask, Procedure, Sleep
from .jobs.interruptions import passes

if TYPE_CHECKING:
    from stash_typed_graphql.system_status import SystemStatusData

    from . import models

__all__ = ["ready_or_raise", "until_ready"]

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0

_REMEDIES = {
    "SETUP": "Open the server's page in a browser and go through its setup, or call setup().",
    "NEEDS_MIGRATION": "Open the server's page in a browser and let it migrate its database, or"
    " call migrate(). Back the database up before.",
}


def ready_or_raise(status: models.SystemStatus, url: str) -> models.SystemStatus:
    """Return the status of a server that is ready, or raise NotReadyError."""
    if status.status == "OK":
        return status
    raise NotReadyError(
        f"The server is not ready: its status is {status.status}",
        status=str(status.status),
        url=url,
        hint=_REMEDIES.get(str(status.status)),
    )


def until_ready(url: str, timeout: float) -> Procedure[models.SystemStatus]:
    """Poll the status until the server is ready or the timeout (in seconds) passes."""
    from stash_typed_graphql.system_status import OPERATION, SystemStatusData

    end = time.monotonic() + timeout
    pause = _FIRST_PAUSE
    last: StashError | None = None
    while (left := end - time.monotonic()) > 0:
        try:
            data: SystemStatusData = yield Ask(OPERATION, SystemStatusData, seconds=left)
            return ready_or_raise(data.system_status, url)
        except StashError as error:
            if not passes(error):
                raise
            left = end - time.monotonic()
            # One that ends with the time says less than how the server behaved before.
            if last is None or left > 0:
                last = error
        yield Sleep(min(pause, max(left, 0.0)))
        pause = min(pause * 1.6, _LONGEST_PAUSE)
    tried = "" if last is None else f": {last.message}"
    raise StashTimeoutError(
        f"The server did not answer within {timeout:g} seconds{tried}",
        url=url,
        hint="Is it running, and is this its address?",
    ) from last
