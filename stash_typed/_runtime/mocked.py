"""The seam for `stash_typed.testing`: behaviour that changes while a mock is active."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .errors import StashConnectionError

if TYPE_CHECKING:
    from .endpoint import Endpoint
    from .operation import Operation

_refusal: tuple[str, str] | None = None


@contextmanager
def mocked(message: str, hint: str) -> Generator[None, None, None]:
    """Let retries of all clients follow at once, and refuse subscriptions with a message and a hint.

    A subscription's WebSocket does not go through httpx, and so past the mock and out.
    """
    global _refusal
    before, _refusal = _refusal, (message, hint)
    try:
        yield
    finally:
        _refusal = before


def retry_wait(seconds: float | None) -> float | None:
    """Return what a retry waits, of what its policy says."""
    return seconds if seconds is None or _refusal is None else 0.0


def refuse_subscription(operation: Operation, endpoint: Endpoint) -> None:
    """Raise StashConnectionError where a mock answers and the operation is a subscription."""
    if _refusal is None or operation.kind != "subscription":
        return
    message, hint = _refusal
    raise StashConnectionError(
        message,
        operation=operation.name,
        url=endpoint.websocket_url,
        hint=hint,
        transient=False,
    )
