"""Events and their listeners."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

_Event = TypeVar("_Event")


class Events(Generic[_Event]):
    """A source of events, for listeners in any thread."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[_Event], None]] = []

    def listen(self, listener: Callable[[_Event], None]) -> Callable[[], None]:
        """Call a listener with every event, in the event's thread; return a function that ends it."""
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def tell(self, event: _Event) -> None:
        for listener in list(self.listeners):
            listener(event)
