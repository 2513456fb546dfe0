"""What a resolver raises: each becomes an entry of `errors` with its message and path."""

from __future__ import annotations


class AnswerError(Exception):
    """An error that the real server answers too: its text is the message, word for word."""


class RefusedError(AnswerError):
    """The sandbox does not do this, and says so instead of making up an answer."""


class PanicError(AnswerError):
    """What the real server answers where its own code falls over."""

    def __init__(
        self, reason: str = "runtime error: invalid memory address or nil pointer dereference"
    ) -> None:
        super().__init__(f"Internal system error. Error <{reason}>")


class NotSetUpError(PanicError):
    """There is no database yet: what a server answers before `setup` or `migrate` ran."""


def refuse(what: str) -> RefusedError:
    """Return the error for a root field, `Type.field`, argument or option that is not done."""
    return RefusedError(f"the sandbox does not do {what}; use a real server")
