"""Errors that resolvers raise: each becomes an entry of `errors` with its message and path."""

from __future__ import annotations


class AnswerError(Exception):
    """An error that the real server returns too, with the same message."""


class RefusedError(AnswerError):
    """A feature that the sandbox does not support, and refuses rather than fakes."""


class PanicError(AnswerError):
    """The error that the real server returns when its own code panics."""

    def __init__(
        self, reason: str = "runtime error: invalid memory address or nil pointer dereference"
    ) -> None:
        super().__init__(f"Internal system error. Error <{reason}>")


class NotSetUpError(PanicError):
    """No database yet: the error that a server returns before `setup` or `migrate` has run."""


def refuse(what: str) -> RefusedError:
    """Return the error for an unsupported root field, `Type.field`, argument or option."""
    return RefusedError(f"the sandbox does not do {what}; use a real server")
