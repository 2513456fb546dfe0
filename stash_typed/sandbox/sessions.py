"""Session cookies: signed, with their time of creation, so that they survive a restart."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import time
from collections.abc import Callable
from email.utils import formatdate

from .configuration import Configuration

COOKIE = "session"


class Sessions:
    """Creates and checks session cookies, which expire; each response renews the cookie."""

    def __init__(self, config: Configuration, seconds: float) -> None:
        self._config = config  # has the key
        self._seconds = seconds
        self.clock: Callable[[], float] = time.time

    def new_cookie(self, username: str) -> str:
        text = base64.urlsafe_b64encode(f"{self.clock():.6f}|{username}".encode()).decode()
        age = max(1, math.ceil(self._seconds))
        expires = formatdate(self.clock() + age, usegmt=True)
        return _cookie(f"{text}.{self._sign(text)}", expires, age)

    def ended_cookie(self) -> str:
        return _cookie("", "Thu, 01 Jan 1970 00:00:01 GMT", 0)

    def user(self, cookie: str | None) -> str | None:
        """Return the user of a session cookie; None if it is missing, forged or expired."""
        text, _, signature = (cookie or "").rpartition(".")
        if not text or not hmac.compare_digest(signature.encode(), self._sign(text).encode()):
            return None
        made, _, username = base64.urlsafe_b64decode(text).decode().partition("|")
        return None if self.clock() - float(made) > self._seconds else username

    def _sign(self, text: str) -> str:
        key = self._config.session_key.encode()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _cookie(value: str, expires: str, age: int) -> str:
    return f"{COOKIE}={value}; Path=/; Expires={expires}; Max-Age={age}; SameSite=Lax"
