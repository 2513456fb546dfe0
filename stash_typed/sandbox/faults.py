"""Trouble on demand, so that a test can see how its code behaves in it."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass, field

__all__ = ["Faults"]


@dataclass
class Faults:
    """What goes wrong next. Set from any thread while the server runs.

    Every fault counts down by itself, except those that say they last.
    """

    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _locked_writes: int = 0
    _drops: int = 0
    _bad_gateways: int = 0
    _delay: float = 0.0
    _refuse_websockets: bool = False
    _tasks_go: threading.Event = field(default_factory=threading.Event, repr=False)

    def __post_init__(self) -> None:
        self._tasks_go.set()

    def lock_database(self, times: int = 1) -> None:
        """Let the next writes fail with "database is locked".

        Args:
            times: how many writes; reads go on working.
        """
        with self._lock:
            self._locked_writes = times

    def drop_connections(self, times: int = 1) -> None:
        """Cut the connection in the middle of the next GraphQL answers and downloads.

        Args:
            times: how many answers.
        """
        with self._lock:
            self._drops = times

    def answer_bad_gateway(self, times: int = 1) -> None:
        """Answer the next requests as a reverse proxy without its server does: 502, an HTML page.

        Args:
            times: how many requests, whatever their path.
        """
        with self._lock:
            self._bad_gateways = times

    def delay_answers(self, seconds: float) -> None:
        """Make every request wait before it is worked on; lasts until set to 0.

        Args:
            seconds: the wait of each request.
        """
        with self._lock:
            self._delay = seconds

    def refuse_websockets(self, refuse: bool = True) -> None:
        """Refuse WebSocket handshakes as a plain HTTP proxy does (400); lasts until set to False."""
        with self._lock:
            self._refuse_websockets = refuse

    def hold_tasks(self) -> None:
        """Let tasks stand still in the middle of their step until `release_tasks`.

        A job that is held can be watched, and stopped: it stays STOPPING until it is released.
        """
        self._tasks_go.clear()

    def release_tasks(self) -> None:
        """Let held tasks go on."""
        self._tasks_go.set()

    def clear(self) -> None:
        """End all faults."""
        self.release_tasks()
        with self._lock:
            self._locked_writes = self._drops = self._bad_gateways = 0
            self._delay = 0.0
            self._refuse_websockets = False

    @property
    def delay(self) -> float:
        """Seconds that each request waits."""
        return self._delay

    @property
    def websockets_refused(self) -> bool:
        """Whether WebSocket handshakes are refused."""
        return self._refuse_websockets

    def before_write(self) -> None:
        """Called by the store before each write.

        Raises:
            sqlite3.OperationalError: the database is to be locked.
        """
        with self._lock:
            if self._locked_writes == 0:
                return
            self._locked_writes -= 1
        raise sqlite3.OperationalError("database is locked")

    def in_step(self) -> None:
        """Called by tasks in the middle of each step; waits while they are held."""
        self._tasks_go.wait()

    def take_drop(self) -> bool:
        """Whether this answer is to be cut; counts it."""
        with self._lock:
            if self._drops == 0:
                return False
            self._drops -= 1
            return True

    def take_bad_gateway(self) -> bool:
        """Whether this request is to be answered by the proxy; counts it."""
        with self._lock:
            if self._bad_gateways == 0:
                return False
            self._bad_gateways -= 1
            return True
