"""The credentials in use at this moment, and how a 401 changes them.

However many requests meet the same refusal, only the first changes anything: the others find a newer
generation.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..errors import StashError
from ..secret import Secret
from .credentials import ApiKey, Credentials, Password, SessionCookie, cookie_from_reply, secrets_of


@dataclass(frozen=True)
class ActiveCredentials:
    """The credentials sent with one request."""

    credentials: Credentials
    generation: int
    api_key: str | None = field(default=None, repr=False)
    cookie: str | None = field(default=None, repr=False)


class SignIn:
    """The sign-in state shared by all requests of a transport. Thread-safe."""

    def __init__(self, credentials: Credentials) -> None:
        self._guard = threading.Lock()
        self._given = secrets_of(credentials)
        self._active = credentials
        self._cookie = credentials.value if isinstance(credentials, SessionCookie) else ""
        self._generation = 0
        self._failure: StashError | None = None
        self.attempts = 0
        """The number of finished sign-ins, successful or not."""

    @property
    def password(self) -> Password | None:
        """User name and password, if the next request needs a sign-in first."""
        active = self._active
        return active if isinstance(active, Password) and not self._cookie else None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that must not appear in any message."""
        return (*self._given, self._cookie)

    def active(self) -> ActiveCredentials:
        with self._guard:
            active = self._active
            return ActiveCredentials(
                active,
                self._generation,
                active.value if isinstance(active, ApiKey) else None,
                Secret(f"session={self._cookie}") if self._cookie else None,
            )

    def drop(self, refused: ActiveCredentials) -> bool:
        """Record that the server refused credentials; return whether others are available."""
        with self._guard:
            if refused.generation != self._generation:
                return True
            if isinstance(self._active, SessionCookie) and self._active.fallback is not None:
                self._active = self._active.fallback
            elif not isinstance(self._active, Password):
                return False
            self._cookie = ""
            self._generation += 1
            return True

    def signed_in(self, cookie: str) -> None:
        with self._guard:
            self._cookie = cookie
            self._generation += 1
            self._failure = None
            self.attempts += 1

    def failed(self, error: StashError) -> None:
        with self._guard:
            self._failure = error
            self.attempts += 1

    def failure_since(self, attempts: int) -> StashError | None:
        """Return a copy of the failure that happened while a request waited for its turn."""
        with self._guard:
            if self.attempts == attempts or self._failure is None:
                return None
            return copy.copy(self._failure)

    def renew(self, active: ActiveCredentials, set_cookies: Iterable[str]) -> None:
        """Update the session cookie, which the server renews with each response."""
        if active.cookie is None:
            return
        value = cookie_from_reply(set_cookies)
        if value is None:
            return
        with self._guard:
            lasting = value or isinstance(self._active, Password)
            if active.generation == self._generation and lasting:
                self._cookie = value
