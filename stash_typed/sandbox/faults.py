"""Faults on demand, so that a test can check how its code handles them."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter


class Faults:
    """The faults to inject next. Set from any thread while the server runs.

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
        """Fail the next writes with "database is locked".

        Args:
            times: how many writes; reads go on working.
        """
        self._left["write"] = times

    def drop_connections(self, times: int = 1) -> None:
        """Cut the connection in the middle of the next GraphQL responses and downloads.

        Args:
            times: how many responses.
        """
        self._left["drop"] = times

    def answer_bad_gateway(self, times: int = 1) -> None:
        """Answer the next requests as a reverse proxy without its server does: 502, an HTML page.

        Args:
            times: how many requests, whatever their path.
        """
        self._left["bad gateway"] = times

    def delay_answers(self, seconds: float) -> None:
        """Delay every request before it is handled; lasts until set to 0.

        Args:
            seconds: the delay of each request.
        """
        self.delay = seconds

    def refuse_websockets(self, refuse: bool = True) -> None:
        """Refuse WebSocket handshakes as a plain HTTP proxy does (400); lasts until set to False."""
        self.websockets_refused = refuse

    def hold_tasks(self) -> None:
        """Hold tasks in the middle of their step until `release_tasks`.

        A job that is held can be watched, and stopped: it stays STOPPING until it is released.
        """
        self._tasks_go.clear()

    def release_tasks(self) -> None:
        """Resume held tasks."""
        self._tasks_go.set()

    def clear(self) -> None:
        """End all faults."""
        self.release_tasks()
        self._left.clear()
        self.delay = 0.0
        self.websockets_refused = False

    def before_write(self) -> None:
        """Raise while the database is to be locked; the store calls this before each write."""
        if self._take("write"):
            raise sqlite3.OperationalError("database is locked")

    def in_step(self) -> None:
        """Wait while tasks are held; tasks call this in the middle of each step."""
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
