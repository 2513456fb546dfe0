"""Names that must not be taken: by another object's name, or by its alias."""

from __future__ import annotations

from stash_typed.sandbox.errors import AnswerError

from .changes import Changes
from .objects import Objects


class Named(Objects):
    """Objects whose name is nobody else's name or alias, whatever its case."""

    def check_name(self, name: str, key: int = 0) -> None:
        """Refuse a name that is another object's, or its alias.

        The names are compared as the server's search does: `%` and `_` stand for other signs.
        """
        table, aliases, owner = self.kind.table, self._aliases, self.kind.owner
        other = self.database.row(
            f"select id from {table} where name like ? order by natural_key(name), id", (name,)
        )
        if other is not None and other[0] != key:
            raise AnswerError(f"{self.kind.name} with name '{name}' already exists")
        other = self.database.row(
            f"select t.id, t.name from {aliases} a join {table} t on t.id = a.{owner}"
            " where a.alias like ? order by natural_key(t.name), t.id",
            (name,),
        )
        if other is not None and other[0] != key:
            raise AnswerError(f"name '{name}' is used as alias for '{other[1]}'")

    @property
    def _aliases(self) -> str:
        return f"{self.kind.name}_aliases"

    def aliases(self, key: int) -> list[str]:
        return self.database.column(
            f"select alias from {self._aliases} where {self.kind.owner} = ? order by alias", (key,)
        )

    def new_aliases(self, key: int, changes: Changes) -> list[str]:
        """Return the aliases that an object would have."""
        change = changes.texts.get("aliases")
        return [] if change is None else change.applied(self.aliases(key) if key else [])
