"""`&`, `|` and `~` on the schema's filters.

A filter of the server is a chain: each level has criteria of its own and at most one of AND, OR and
NOT, which leads to the next level. The operators write any expression as such a chain where there is
one that the server answers rightly, and refuse the rest; `filters/facts.py` says what it gets wrong.

Three things follow the server's database and not everyday logic:

- A comparison with an empty field is neither true nor false: `~` of it is not true either. Ask for
  empty fields with `is_null()`.
- Files, URLs, aliases and captions are looked at one by one: an item fits when one of them does. For
  files that goes for `~` too: an item of two files may fit both a criterion and its opposite.
- A filter without criteria lets everything pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base_model import InputModel

if TYPE_CHECKING:
    from typing_extensions import Self


class FilterInput(InputModel):
    """The base of the filters that the schema lets join with AND, OR and NOT.

    The operators return a new filter and leave both operands unchanged. They raise
    `InvalidVariableError`, which is a ValueError, for what the server cannot answer as one filter.
    """

    def __and__(self, other: Self) -> Self:
        """Return a filter that matches what both filters match."""
        if type(self) is not type(other):
            return NotImplemented
        from .filters.arrangement import joined

        return joined(self, other, every=True)

    def __or__(self, other: Self) -> Self:
        """Return a filter that matches what either filter matches."""
        if type(self) is not type(other):
            return NotImplemented
        from .filters.arrangement import joined

        return joined(self, other, every=False)

    def __invert__(self) -> Self:
        """Return a filter that matches what this filter does not."""
        from .filters.arrangement import inverted

        return inverted(self)
