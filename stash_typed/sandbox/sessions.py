"""Session cookies: signed, with the moment of their making, so that they outlive a restart."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import time
from collections.abc import Callable
from email.utils import formatdate

from .configuration import Configuration

__all__ = ["COOKIE", "Sessions"]

COOKIE = "session"


class Sessions:
    """Makes and reads the cookie."""

    def __init__(self, config: Configuration, seconds: float) -> None:
        """Remember how to sign.

        Args:
            config: has the key.
            seconds: how long a cookie is good for; each reply gives a new one.
        """
        self._config = config
        self._seconds = seconds
        self.clock: Callable[[], float] = time.time

    def new_cookie(self, username: str) -> str:
        """Give a `Set-Cookie` value for a user."""
        text = base64.urlsafe_b64encode(f"{self.clock():.6f}|{username}".encode()).decode()
        age = max(1, math.ceil(self._seconds))
        expires = formatdate(self.clock() + age, usegmt=True)
        value = f"{text}.{self._sign(text)}"
        return f"{COOKIE}={value}; Path=/; Expires={expires}; Max-Age={age}; SameSite=Lax"

    def ended_cookie(self) -> str:
        """Give the `Set-Cookie` value that takes the cookie away."""
        gone = "Thu, 01 Jan 1970 00:00:01 GMT"
        return f"{COOKIE}=; Path=/; Expires={gone}; Max-Age=0; SameSite=Lax"

    def user(self, cookie: str | None) -> str | None:
        """Give the user of a cookie's value; None if it is missing, not ours, or too old."""
        text, _, signature = (cookie or "").rpartition(".")
        if not text or not hmac.compare_digest(signature.encode(), self._sign(text).encode()):
            return None
        made, _, username = base64.urlsafe_b64decode(text).decode().partition("|")
        if self.clock() - float(made) > self._seconds:
            return None
        return username

    def _sign(self, text: str) -> str:
        key = self._config.session_key.encode()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
