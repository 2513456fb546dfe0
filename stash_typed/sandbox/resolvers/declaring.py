"""One declaration for each kind of object makes its find, create, update, bulk and destroy fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..graphql.context import Info, Input, context_of
from ..graphql.inputs import changes_from, complete, number, numbers
from ..graphql.registry import mutation, query
from ..store import Changes, Item, Store
from ..store.kind import Kind
from ..store.objects import Objects
from .finding import find_items

Mode = Literal["create", "update", "bulk"]


def _create(objects: Objects, changes: Changes, _given: Input) -> int:
    return objects.create(changes)


def _destroy(_info: Info, objects: Objects, keys: Sequence[int], _given: Input) -> None:
    objects.destroy(keys)


@dataclass(frozen=True)
class Declaration:
    """The root fields of a kind, and in what they differ from those of other kinds."""

    kind: Kind
    plural: str
    objects: str = ""
    singular: str = ""
    everything: str = ""
    skip: Sequence[str] = ()  # fields of inputs that `changes` sees to
    changes: Callable[[Changes, Input, Mode], None] | None = None
    fitted: Callable[[Store, int, Changes, Input, Mode], Changes] | None = None
    create: Callable[[Any, Changes, Input], int] = _create
    destroy: Callable[[Info, Any, Sequence[int], Input], None] = _destroy
    checks_many: bool = False  # does a bulk update check each object as its own does?

    def declare(self) -> None:
        singular = self.singular or self.kind.type
        one, many = (name[0].lower() + name[1:] for name in (singular, self.plural))
        query(f"find{singular}")(self.find_one)
        query(f"find{self.plural}")(self.find)
        query(f"all{self.plural}")(self.all)
        mutation(f"{one}Create")(self.add)
        mutation(f"{one}Update")(self.update)
        mutation(f"{many}Update")(self.update_each)
        mutation(f"bulk{singular}Update")(self.update_many)
        mutation(f"{one}Destroy", f"{many}Destroy")(self.remove)

    def _objects(self, info: Info) -> Objects:
        objects: Objects = getattr(context_of(info).store, self.objects or self.kind.table)
        return objects

    def find_one(
        self, _parent: None, info: Info, *, id: str | None = None, checksum: str | None = None
    ) -> Item | None:
        objects = self._objects(info)
        if id is not None:
            return objects.get(number(id))
        key = None if checksum is None else objects.by_fingerprint("md5", checksum)
        return None if key is None else objects.get(key)

    def find(
        self,
        _parent: None,
        info: Info,
        *,
        filter: Input | None = None,
        ids: Sequence[str] | None = None,
        **given: Any,
    ) -> dict[str, Any]:
        noun = self.singular.lower() or self.kind.noun
        name = self.plural.lower() if self.singular else self.kind.table
        criteria, keys = given.get(f"{noun}_filter"), given.get(f"{noun}_ids")
        return find_items(info, self._objects(info), name, criteria, filter, ids, keys)

    def all(self, _parent: None, info: Info) -> list[Item]:
        objects = self._objects(info)
        everything = self.everything or f"select id from {self.kind.table} order by id"
        return objects.read(objects.database.column(everything))

    def read(self, given: Input, mode: Mode) -> Changes:
        new = mode == "create"
        changes = changes_from(self.kind, given, new=new, skip=self.skip)
        if self.changes is not None:
            self.changes(changes, given, mode)
        complete(self.kind, changes, given, new=new)
        return changes

    def add(self, _parent: None, info: Info, *, input: Input) -> Item | None:
        objects = self._objects(info)
        return objects.get(self.create(objects, self.read(input, "create"), input))

    def _write(self, info: Info, key: int, changes: Changes, given: Input, mode: Mode) -> None:
        objects = self._objects(info)
        if mode == "update" or self.checks_many:
            objects.check_edit(key, changes)
        if self.fitted is not None:
            changes = self.fitted(context_of(info).store, key, changes, given, mode)
        objects.update(key, changes)

    def _edit(self, info: Info, given: Input) -> int:
        key = number(given["id"], "converting id")
        if self.kind.files:
            self._objects(info).require(key)
        self._write(info, key, self.read(given, "update"), given, "update")
        return key

    def update(self, _parent: None, info: Info, *, input: Input) -> Item | None:
        objects = self._objects(info)
        with objects.database.transaction():
            key = self._edit(info, input)
        return objects.get(key)

    def update_each(
        self, _parent: None, info: Info, *, input: Sequence[Input]
    ) -> list[Item] | None:
        """Change each object in its own way, all or none."""
        objects = self._objects(info)
        with objects.database.transaction():
            keys = [self._edit(info, each) for each in input]
        return objects.read(keys) or None

    def update_many(self, _parent: None, info: Info, *, input: Input) -> list[Item] | None:
        """Change objects in the same way, all or none."""
        objects = self._objects(info)
        keys = numbers(input.get("ids"), "converting ids")
        changes = self.read(input, "bulk")
        with objects.database.transaction():
            for key in keys:
                self._write(info, key, changes, input, "bulk")
        return objects.read(keys) or None

    def remove(
        self,
        _parent: None,
        info: Info,
        *,
        input: Input | None = None,
        id: str | None = None,
        ids: Sequence[str] | None = None,
    ) -> bool:
        given = input or {}
        if id is not None or ids is not None:
            keys = numbers([id] if id is not None else ids, "converting ids")
        elif "ids" in given:
            keys = numbers(given["ids"], "converting ids")
        else:
            keys = [number(given["id"], "converting id")]
        self.destroy(info, self._objects(info), keys, given)
        return True
