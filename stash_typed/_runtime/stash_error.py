"""The root of the errors: how one is shown, redacted and pickled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, TypedDict

from .foreign_text import LONGEST, one_line, visible
from .redact import redact_text, redact_url, redactor

_LONGEST = 8 * LONGEST
"""Characters of a message. What others wrote in it is cut to `LONGEST` where it is put in."""


class Where(TypedDict):
    """The operation that was tried, and where."""

    operation: str
    url: str


class Details(TypedDict, total=False):
    """The attributes of an error other than its message."""

    operation: str | None
    url: str | None
    hint: str | None


class StashError(Exception):
    """The root of all errors of this package.

    Attributes:
        message: what went wrong; `str(error)` has operation, url and hint as well.
        operation: the name of the operation that was tried, when there was one.
        url: where it was tried, without secrets.
        hint: what to do about it, as one or more sentences.
    """

    args: tuple[object, ...]
    _is_list: ClassVar[bool] = False
    """Whether messages are lists of their own making, whose lines stay lines."""

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        url: str | None = None,
        hint: str | None = None,
    ) -> None:
        text = visible(message) if self._is_list else one_line(message, _LONGEST)
        self.message: str = redact_text(text)
        self.operation: str | None = None if operation is None else one_line(operation)
        self.url: str | None = None if url is None else redact_url(one_line(url, _LONGEST))
        self.hint: str | None = None if hint is None else redact_text(one_line(hint, _LONGEST))
        super().__init__(self._text())

    def _text(self) -> str:
        text = self.message if self.operation is None else f"{self.operation}: {self.message}"
        if self.url is not None and self.url not in text:
            text = f"{text.rstrip('.')} (at {self.url})"
        if self.hint:
            text = f"{_ended(text)} {self.hint}"
        return text

    def conceal(self, secrets: Iterable[str]) -> None:
        """Hide values that only the caller knows to be secret."""
        redacted = redactor(secrets)
        self.message = redacted(self.message)
        for name in ("operation", "url", "hint"):
            text = getattr(self, name)
            setattr(self, name, None if text is None else redacted(text))
        self.args = tuple(redacted(arg) if isinstance(arg, str) else arg for arg in self.args)

    def tried(self, attempts: int) -> None:
        """Add the total number of attempts to the message."""
        if attempts > 1:
            self.args = (f"{_ended(self._text())} Tried {attempts} times.",)

    def __reduce__(self) -> tuple[Any, ...]:
        # The default calls the class with args alone, which keyword arguments do not survive.
        return _rebuild, (type(self), self.args, self._state())

    def _state(self) -> dict[str, object]:
        """Return the attributes as they leave the process."""
        return self.__dict__.copy()


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _rebuild(
    kind: type[StashError], args: tuple[object, ...], state: dict[str, object]
) -> StashError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error
