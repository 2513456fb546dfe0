"""What is wrong with a stub, said when it is made."""

from stash_typed.errors import StashError


class StubError(StashError, ValueError):
    """A stub that no server would bear out: an unknown operation, or an answer that does not fit."""

    _is_list = True
