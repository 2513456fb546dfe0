"""Groups: which group holds which, and in what order."""

from __future__ import annotations

from collections.abc import Sequence

from stash_typed.sandbox.errors import AnswerError

from .changes import Changes, ListChange
from .items import id_argument
from .kinds import GROUP
from .objects import Objects

_LOOP = "a group cannot be contained by one of its subgroups"
_Described = tuple[int, str]
_OWN = {"containing_groups": "sub_id", "sub_groups": "containing_id"}
"""A list of groups to the column that the group itself has in it."""


class Groups(Objects):
    kind = GROUP

    def check_new(self, changes: Changes) -> None:
        self._check_name(changes)
        above, below = (
            [key for key, _ in changes.described[name].values] if name in changes.described else []
            for name in _OWN
        )
        self._check_loop(above, below)

    def check_change(self, key: int, changes: Changes) -> None:
        if self.get(key) is None:
            raise AnswerError("not found")
        if "name" in changes.columns:
            self._check_name(changes)
        if not changes.described:
            return
        containing, contained = (
            [group for group, _ in _applied(changes.described.get(name), self._links(key, own))]
            for name, own in _OWN.items()
        )
        if key in containing or key in contained:
            raise AnswerError(_LOOP)
        self._check_loop(containing, contained)

    def _check_name(self, changes: Changes) -> None:
        if not str(changes.columns.get("name") or "").strip():
            raise AnswerError("name cannot be empty")

    def _check_loop(self, containing: Sequence[int], contained: Sequence[int]) -> None:
        """Refuse groups that are above and below at once."""
        if containing and contained:
            above = self.database.column(
                "with recursive above (id) as (select value from json_each(?) union"
                " select r.containing_id from groups_relations r join above a on a.id = r.sub_id)"
                " select id from above",
                (id_argument(containing),),
            )
            if set(above) & set(contained):
                raise AnswerError(_LOOP)

    def _links(self, key: int, own: str) -> list[_Described]:
        other = "sub_id" if own == "containing_id" else "containing_id"
        return [
            (row[0], row[1] or "")
            for row in self.database.rows(
                f"select {other}, description from groups_relations where {own} = ?"
                " order by order_index",
                (key,),
            )
        ]

    def write_more(self, key: int, changes: Changes) -> None:
        super().write_more(key, changes)
        for name, own in _OWN.items():
            if name in changes.described:
                self._write_links(key, changes.described[name], own)

    def _write_links(self, key: int, change: ListChange[_Described], own: str) -> None:
        other = "sub_id" if own == "containing_id" else "containing_id"
        if change.mode == "SET":
            self.database.execute(f"delete from groups_relations where {own} = ?", (key,))
        for group, description in change.values:
            if change.mode == "REMOVE":
                self.database.execute(
                    f"delete from groups_relations where {own} = ? and {other} = ?", (key, group)
                )
                continue
            top, below = (key, group) if own == "containing_id" else (group, key)
            last: int | None = self.database.value(
                "select max(order_index) from groups_relations where containing_id = ?", (top,)
            )
            self.database.insert(
                "groups_relations",
                {
                    "containing_id": top,
                    "sub_id": below,
                    "order_index": (last or 0) + 1,
                    "description": description or None,
                },
            )

    def add_sub_groups(
        self, key: int, groups: Sequence[_Described], insert_index: int | None
    ) -> None:
        """Put groups into a group, at the end or before the one with an order index."""
        with self.database.transaction():
            if self.get(key) is None:
                raise AnswerError("not found")
            wanted = [group for group, _ in groups]
            there = [group for group, _ in self._links(key, "containing_id") if group in wanted]
            if there:
                shown = " ".join(str(each) for each in sorted(there))
                raise AnswerError(f"subgroups with IDs [{shown}] already in group")
            self.check_change(key, Changes(described={"sub_groups": ListChange(groups, "ADD")}))
            if insert_index is not None and insert_index < 0:
                raise AnswerError("invalid insert index")
            self._write_links(key, ListChange(groups, "ADD"), "containing_id")
            if insert_index is None:
                return
            at: int | None = self.database.value(
                "select sub_id from groups_relations where containing_id = ? and order_index = ?",
                (key, insert_index),
            )
            if at is not None:
                self.reorder(key, wanted, at, after=False)

    def remove_sub_groups(self, key: int, groups: Sequence[int]) -> None:
        if self.get(key) is None:
            raise AnswerError("not found")
        with self.database.transaction():
            self._write_links(
                key, ListChange([(group, "") for group in groups], "REMOVE"), "containing_id"
            )

    def reorder(self, key: int, groups: Sequence[int], at: int, *, after: bool) -> None:
        """Move groups, one after the other, to the place of another in the same group."""
        if self.get(key) is None:
            raise AnswerError("not found")
        if at < 0:
            raise AnswerError("invalid insert index")
        with self.database.transaction():
            for group in groups:
                place: int | None = self.database.value(
                    "select order_index from groups_relations"
                    " where containing_id = ? and sub_id = ?",
                    (key, at),
                )
                if place is None:
                    raise AnswerError(f"sub-group {at} not found in containing group {key}")
                if after:
                    following: int | None = self.database.value(
                        "select min(order_index) from groups_relations"
                        " where containing_id = ? and order_index > ?",
                        (key, place),
                    )
                    place = place + 1 if following is None else following
                self._make_room(key, place)
                self.database.execute(
                    "update groups_relations set order_index = ?"
                    " where containing_id = ? and sub_id = ?",
                    (place, key, group),
                )

    def _make_room(self, key: int, place: int) -> None:
        """Move all places from one on by one; by way of negative numbers, as none may be twice."""
        self.database.execute(
            "update groups_relations set order_index = -order_index"
            " where containing_id = ? and order_index >= ?",
            (key, place),
        )
        self.database.execute(
            "update groups_relations set order_index = 1 - order_index"
            " where containing_id = ? and order_index < 0",
            (key,),
        )


class Movies(Groups):
    """The same under their old name: the server does not check what it is given for these."""

    def check_new(self, changes: Changes) -> None:
        pass

    def check_change(self, key: int, changes: Changes) -> None:
        pass


def _applied(
    change: ListChange[_Described] | None, existing: Sequence[_Described]
) -> Sequence[_Described]:
    if change is None:
        return existing
    if change.mode == "SET":
        return change.values
    named = {group for group, _ in change.values}
    rest = [each for each in existing if each[0] not in named]
    return rest if change.mode == "REMOVE" else [*rest, *change.values]
