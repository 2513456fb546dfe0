"""A limit on concurrent requests; the others queue in order of arrival.

It stands in front of httpx's pool: waiting here costs no connection and counts towards no time
limit, while httpcore looks at all that wait in its pool for each that comes or goes, and can lose
the place of one whose wait ends (httpcore 1.0.9).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator
from contextlib import contextmanager

from ..deadline import at_most, time_left

UNLIMITED = 100
"""Requests at once where no limit is wanted: as many as httpx opens connections by default."""

_LOOK_AGAIN = 5.0
"""Seconds after which a thread looks by itself whether it is its turn: an interrupt (Ctrl-C) may
have come between the leaving of another thread and the call that it makes."""


class NoTurnError(Exception):
    """The deadline passed while waiting for a turn."""


class Gate:
    """Counts active and waiting requests. Thread-safe; does not itself wait."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._inside: set[object] = set()
        self._waiting: OrderedDict[object, Callable[[], None]] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, turn: object, call: Callable[[], None]) -> bool:
        """Go in and return True, or queue up until `call`; either ends with `leave`."""
        with self._lock:
            if not self._waiting and len(self._inside) < self.places:
                self._inside.add(turn)
                return True
            self._waiting[turn] = call
            return False

    def leave(self, turn: object) -> None:
        with self._lock:
            self._inside.discard(turn)
            self._waiting.pop(turn, None)
        self.admit()

    def admit(self) -> None:
        with self._lock:
            while self._waiting and len(self._inside) < self.places:
                turn, call = next(iter(self._waiting.items()))
                self._inside.add(turn)
                call()
                del self._waiting[turn]


def gates(limit: int | None, places: int | None) -> tuple[Gate, Gate]:
    """Make the gates for requests and for downloads.

    Those are counted apart, so that long downloads hold no request up, unless the pool behind has
    not that many places."""
    wanted = limit or places or UNLIMITED
    if places is None or 2 * wanted <= places:
        return Gate(wanted), Gate(wanted)
    shared = Gate(min(wanted, places))
    return shared, shared


@contextmanager
def thread_place(gate: Gate) -> Generator[None, None, None]:
    turn = threading.Event()
    try:
        if not gate.enter(turn, turn.set):
            while not turn.wait(at_most(_LOOK_AGAIN)):
                if time_left() == 0:
                    raise NoTurnError
                gate.admit()
        yield
    finally:
        gate.leave(turn)
