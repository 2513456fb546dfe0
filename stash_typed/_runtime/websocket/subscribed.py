"""How a transport tells that a subscription stands, which no event does before something happens."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

__all__ = ["SUBSCRIBED"]

SUBSCRIBED: ContextVar[Callable[[], object] | None] = ContextVar(
    "stash_typed_subscribed", default=None
)
"""Called once the server has read the request of a subscription that is opened in this context."""
