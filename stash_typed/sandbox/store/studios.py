"""Studios: names, and which studio is above which."""

from __future__ import annotations

from stash_typed.sandbox.errors import AnswerError

from .changes import Changes
from .kinds import STUDIO
from .names import Named


class Studios(Named):
    kind = STUDIO

    def check_new(self, changes: Changes) -> None:
        self.check_own_name(str(changes.columns.get("name") or ""))
        self._check_aliases(0, changes)

    def check_change(self, key: int, changes: Changes) -> None:
        name = self.require(key)["name"]
        parent = changes.columns.get("parent_id")
        if isinstance(parent, int):
            self._check_parent(key, parent)
        self._check_aliases(key, changes)
        if "name" in changes.columns and changes.columns["name"] != name:
            self.check_own_name(str(changes.columns["name"] or ""), key)

    def _check_aliases(self, key: int, changes: Changes) -> None:
        for alias in self.new_aliases(key, changes):
            if not alias:
                raise AnswerError("studio alias must not be an empty string")
            self.check_name(alias, key)

    def _check_parent(self, key: int, parent: int | None) -> None:
        while parent is not None:
            if parent == key:
                raise AnswerError("studio cannot be an ancestor of itself")
            parent = self.require(parent)["parent_id"]
