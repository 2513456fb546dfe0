"""Names that must not be taken: by another object's name, or by its alias."""

from __future__ import annotations

from stash_typed.sandbox.errors import AnswerError

from .changes import Changes
from .objects import Objects


class Named(Objects):
    """Objects with names that are unique among names and aliases, ignoring case."""

    def check_name(self, name: str, key: int = 0) -> None:
        """Refuse a name that is another object's, or its alias.

        The names are compared as the server's search does: `%` and `_` stand for other signs.
        """
        table, owner = self.kind.table, self.kind.owner
        other = self.database.row(
            f"select id from {table} where name like ? order by natural_key(name), id", (name,)
        )
        if other is not None and other[0] != key:
            raise AnswerError(f"{self.kind.name} with name '{name}' already exists")
        other = self.database.row(
            f"select t.id, t.name from {self.kind.name}_aliases a join {table} t on t.id = a.{owner}"
            " where a.alias like ? order by natural_key(t.name), t.id",
            (name,),
        )
        if other is not None and other[0] != key:
            raise AnswerError(f"name '{name}' is used as alias for '{other[1]}'")

    def check_own_name(self, name: str, key: int = 0) -> None:
        if not name:
            raise AnswerError(f"{self.kind.name} name must not be blank")
        self.check_name(name, key)

    def new_aliases(self, key: int, changes: Changes) -> list[str]:
        change = changes.texts.get("aliases")
        return [] if change is None else change.applied(self.aliases(key) if key else [])
