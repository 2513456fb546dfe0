"""Trouble on demand, so that a test can see how its code behaves in it."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter


class Faults:
    """What goes wrong next. Set from any thread while the server runs.

    Every fault counts down by itself, except those that say they last.

    Attributes:
        delay: seconds that each request waits.
        websockets_refused: whether WebSocket handshakes are refused.
    """

    def __init__(self) -> None:
        self.delay: float = 0.0
        self.websockets_refused: bool = False
        self._lock = threading.Lock()
        self._left: Counter[str] = Counter()
        self._tasks_go = threading.Event()
        self._tasks_go.set()

    def lock_database(self, times: int = 1) -> None:
        """Let the next writes fail with "database is locked".

        Args:
            times: how many writes; reads go on working.
        """
        self._left["write"] = times

    def drop_connections(self, times: int = 1) -> None:
        """Cut the connection in the middle of the next GraphQL answers and downloads.

        Args:
            times: how many answers.
        """
        self._left["drop"] = times

    def answer_bad_gateway(self, times: int = 1) -> None:
        """Answer the next requests as a reverse proxy without its server does: 502, an HTML page.

        Args:
            times: how many requests, whatever their path.
        """
        self._left["bad gateway"] = times

    def delay_answers(self, seconds: float) -> None:
        """Make every request wait before it is worked on; lasts until set to 0.

        Args:
            seconds: the wait of each request.
        """
        self.delay = seconds

    def refuse_websockets(self, refuse: bool = True) -> None:
        """Refuse WebSocket handshakes as a plain HTTP proxy does (400); lasts until set to False."""
        self.websockets_refused = refuse

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
        self._left.clear()
        self.delay = 0.0
        self.websockets_refused = False

    def before_write(self) -> None:
        """Called by the store before each write; fails while the database is to be locked."""
        if self._take("write"):
            raise sqlite3.OperationalError("database is locked")

    def in_step(self) -> None:
        """Called by tasks in the middle of each step; waits while they are held."""
        self._tasks_go.wait()

    def take_drop(self) -> bool:
        return self._take("drop")

    def take_bad_gateway(self) -> bool:
        return self._take("bad gateway")

    def _take(self, fault: str) -> bool:
        with self._lock:
            if self._left[fault] == 0:
                return False
            self._left[fault] -= 1
            return True
