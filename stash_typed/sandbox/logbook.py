"""The server's log, which `logs` returns and `loggingSubscribe` sends."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Literal

from .clock import now_nanoseconds
from .events import Events

LogLevel = Literal["Trace", "Debug", "Info", "Progress", "Warning", "Error"]

_KEPT = 500


@dataclass(frozen=True)
class LogEntry:
    """One line of the log; the time is RFC 3339 text."""

    time: str
    level: LogLevel
    message: str


class Logbook(Events[list[LogEntry]]):
    """The latest entries. Every method may be called from any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._entries: deque[LogEntry] = deque(maxlen=_KEPT)

    def add(self, level: LogLevel, message: str) -> None:
        entry = LogEntry(now_nanoseconds(), level, message)
        with self._lock:
            self._entries.appendleft(entry)
        self.tell([entry])

    def latest(self) -> list[LogEntry]:
        with self._lock:
            return list(self._entries)
