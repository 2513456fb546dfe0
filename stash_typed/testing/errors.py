"""The error for a stub that does not fit the schema, raised when the stub is created."""

from stash_typed.errors import StashError


class StubError(StashError, ValueError):
    """A stub that no server could match: an unknown operation, or an answer that does not fit."""

    _is_list = True
