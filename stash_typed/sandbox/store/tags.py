"""Tags: names, parents and children, and merging."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from stash_typed.sandbox.errors import AnswerError

from .changes import Changes, ListChange
from .items import id_argument
from .kinds import TAG, listing
from .names import Named


class Tags(Named):
    kind = TAG

    def check_new(self, changes: Changes) -> None:
        self.check_own_name(str(changes.columns.get("name") or ""))
        for alias in self.new_aliases(0, changes):
            self.check_name(alias)
        parents, children = (
            list(changes.ids[each].values) if each in changes.ids else []
            for each in ("parent_ids", "child_ids")
        )
        if parents or children:
            above = {key: path for each in parents for key, path in self._above(each).items()}
            below = {key: path for each in children for key, path in self._below(each).items()}
            self._check_hierarchy("", parents, children, above, below)

    def check_change(self, key: int, changes: Changes) -> None:
        item = self.require(key)
        if "name" in changes.columns:
            self.check_own_name(str(changes.columns["name"] or ""), key)
        for alias in self.new_aliases(key, changes):
            self.check_name(alias, key)
        if "parent_ids" in changes.ids or "child_ids" in changes.ids:
            none: ListChange[int] = ListChange((), "ADD")
            parents = changes.ids.get("parent_ids", none).applied(self.parents(key))
            children = changes.ids.get("child_ids", none).applied(self.children(key))
            self.check_hierarchy(key, item["name"], parents, children)

    def parents(self, key: int) -> list[int]:
        return self._relatives(key, "parent_id", "child_id")

    def children(self, key: int) -> list[int]:
        return self._relatives(key, "child_id", "parent_id")

    def _relatives(self, key: int, wanted: str, own: str) -> list[int]:
        return self.database.column(
            f"select r.{wanted} from tags_relations r join tags t on t.id = r.{wanted}"
            f" where r.{own} = ? order by natural_key(coalesce(t.sort_name, t.name))",
            (key,),
        )

    def check_hierarchy(
        self, key: int, name: str, parents: Sequence[int], children: Sequence[int]
    ) -> None:
        """Refuse parents that are below a tag, and children that are above it."""
        self._check_hierarchy(name, parents, children, self._above(key), self._below(key))

    def _check_hierarchy(
        self,
        name: str,
        parents: Sequence[int],
        children: Sequence[int],
        above: dict[int, tuple[str, str]],
        below: dict[int, tuple[str, str]],
    ) -> None:
        for keys, found, direction, relation in (
            (parents, below, "parent", "a descendant"),
            (children, above, "child", "an ancestor"),
        ):
            for key in keys:
                if key in found:
                    other, path = found[key]
                    whom = f'"{name}"' if name else "tag"
                    where = f" ({path})" if name else ""
                    raise AnswerError(
                        f'cannot apply tag "{other}" as a {direction} of {whom}'
                        f" as it is already {relation}{where}"
                    )

    def _above(self, key: int) -> dict[int, tuple[str, str]]:
        return self._walk(key, "parent_id", "child_id", "t.name || '->' || w.path")

    def _below(self, key: int) -> dict[int, tuple[str, str]]:
        return self._walk(key, "child_id", "parent_id", "w.path || '->' || t.name")

    def _walk(self, key: int, there: str, here: str, path: str) -> dict[int, tuple[str, str]]:
        """Return a tag and those above or below it: id to name and path."""
        rows = self.database.rows(
            "with recursive walk (id, path) as (select id, name from tags where id = ?"
            f" union select r.{there}, {path} from tags_relations r"
            f" join walk w on w.id = r.{here} join tags t on t.id = r.{there}"
            f" where r.{there} != ?)"
            " select w.id, t.name, w.path from walk w join tags t on t.id = w.id",
            (key, key),
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def before_destroy(self, key: int) -> None:
        if self.database.row("select 1 from scene_markers where primary_tag_id = ?", (key,)):
            raise AnswerError("cannot delete tag used as a primary tag in scene markers")

    def merge(self, sources: Sequence[int], destination: int) -> None:
        """Move what tags have to another, which takes their names as aliases; then destroy them."""
        with self.database.transaction():
            name = self.require(destination)["name"]
            everyone = [destination, *sources]
            parents = self._merged(everyone, self.parents)
            children = self._merged(everyone, self.children)
            if destination in sources:
                raise AnswerError("cannot merge where source == destination")
            self._move(sources, destination)
            self.destroy(sources)
            self.database.execute(
                "delete from tags_relations where child_id = ? or parent_id = ?",
                (destination, destination),
            )
            self.database.execute_many(
                "insert into tags_relations (parent_id, child_id) values (?, ?)",
                [
                    *((parent, destination) for parent in parents),
                    *((destination, child) for child in children),
                ],
            )
            self.check_hierarchy(destination, name, parents, children)

    def _merged(self, keys: Sequence[int], relatives: Callable[[int], Iterable[int]]) -> list[int]:
        found = dict.fromkeys(each for key in keys for each in relatives(key))
        return [each for each in found if each not in keys]

    def _move(self, sources: Iterable[int], destination: int) -> None:
        going = id_argument(sources)
        among = "in (select value from json_each(?))"
        arguments = (destination, going)
        for _, link in listing(TAG):
            self.database.execute(
                f"update or ignore {link.table} set tag_id = ? where tag_id {among}", arguments
            )
            self.database.execute(f"delete from {link.table} where tag_id {among}", (going,))
        self.database.execute(
            f"update scene_markers set primary_tag_id = ? where primary_tag_id {among}", arguments
        )
        self.database.execute(
            f"insert into tag_aliases (tag_id, alias) select ?, name from tags where id {among}",
            arguments,
        )
        for table in ("tag_aliases", "tag_stash_ids"):
            self.database.execute(
                f"update or ignore {table} set tag_id = ? where tag_id {among}", arguments
            )
