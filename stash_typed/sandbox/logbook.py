"""The server's log: what `logs` answers and `loggingSubscribe` sends."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .clock import now_nanoseconds

__all__ = ["LogEntry", "LogLevel", "Logbook"]

LogLevel = Literal["Trace", "Debug", "Info", "Progress", "Warning", "Error"]

_KEPT = 500


@dataclass(frozen=True)
class LogEntry:
    """One line of the log; the time is RFC 3339 text."""

    time: str
    level: LogLevel
    message: str


class Logbook:
    """The latest entries and whoever listens. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[LogEntry] = deque(maxlen=_KEPT)
        self._listeners: list[Callable[[LogEntry], None]] = []

    def add(self, level: LogLevel, message: str) -> None:
        """Write one entry."""
        entry = LogEntry(now_nanoseconds(), level, message)
        with self._lock:
            self._entries.appendleft(entry)
            listeners = list(self._listeners)
        for listener in listeners:
            listener(entry)

    def latest(self) -> list[LogEntry]:
        """Give the entries that are kept, newest first."""
        with self._lock:
            return list(self._entries)

    def listen(self, listener: Callable[[LogEntry], None]) -> Callable[[], None]:
        """Be told of every new entry, in the thread that writes it.

        Returns:
            A function that ends it.
        """
        with self._lock:
            self._listeners.append(listener)

        def end() -> None:
            with self._lock:
                self._listeners.remove(listener)

        return end
