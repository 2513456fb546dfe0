"""The documents written at run time, with the types of their responses.

For every kind, responses use the same aliases: `found`, `cursor`, `items`; `item0`, `item1` …
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from pydantic import BaseModel, Field, RootModel
from stash_typed_graphql.base_model import Operation as ShippedOperation

from .._runtime.operation import Operation, Part, operation_name
from .._runtime.steps import Ask
from ..select.selection import Selection, selection_of

if TYPE_CHECKING:
    from .._runtime.base_model import InputModel
    from ..inputs import FindFilterType
    from .kinds import Kind

__all__ = [
    "ById",
    "Found",
    "HookedPlugins",
    "JustId",
    "Mutated",
    "Named",
    "Things",
    "Total",
    "bulk_update",
    "by_aliases",
    "by_ids",
    "count",
    "create_each",
    "hooked_plugins",
    "ids",
    "jobs",
    "names",
    "page",
    "selected",
    "update_each",
    "update_list",
    "with_ids",
]

T = TypeVar("T")


class JustId(BaseModel):
    """An object with only its id."""

    id: str


class Things(BaseModel, Generic[T]):
    """The matches, and their ids if they were selected separately."""

    count: int = 0
    cursor: list[JustId] = []
    items: list[T]


class Found(BaseModel, Generic[T]):
    """The data of `find…`; `edge` is the item before a page of ids."""

    found: Things[T]
    edge: Things[JustId] | None = None


class Total(BaseModel):
    """The data of `find…` without the items."""

    class _Count(BaseModel):
        count: int

    found: _Count


class ById(RootModel[dict[str, T | None]], Generic[T]):
    """The data of one request for several items, each under an alias."""


class Mutated(RootModel[dict[str, Any]]):
    """The data of a mutation that selects only ids."""


class Named(BaseModel):
    """An item with its names."""

    id: str = Field(pattern=r"^[0-9]{1,19}$")
    name: str
    aliases: list[str] | str | None = None
    disambiguation: str | None = None


class HookedPlugins(BaseModel):
    """The data of `plugins`, limited to hooks."""

    class _Plugin(BaseModel):
        class _Hook(BaseModel):
            name: str

        id: str
        enabled: bool
        hooks: list[_Hook] | None = None

    plugins: list[_Plugin] | None = None


def selected(kind: Kind, model: type[T] | None) -> Selection[T]:
    """Return the selection for a caller's model, or the shipped fragment without one."""
    if model is not None:
        return cast("Selection[T]", selection_of(cast("type[BaseModel]", model), kind.noun))
    own = tuple(each for each in kind.shipped.all_fragments if each.name == kind.noun)
    return Selection(cast("type[T]", kind.model), f"...{kind.noun}", fragments=own)


def page(kind: Kind, selection: Selection[T], paging: FindFilterType, where: object) -> Ask:
    """Return the document for a page and the total number of matches."""
    fields = f"count {_items(kind, selection)}"
    return _find(kind, "Page", fields, _found(selection), paging, where, selection)


def count(kind: Kind, paging: FindFilterType, where: object) -> Ask:
    """Return the document for the number of matches only."""
    return _find(kind, "Count", "count", Total, paging, where)


def with_ids(
    kind: Kind, selection: Selection[T], paging: FindFilterType, where: object = None
) -> Ask:
    """Return the document for items and, separately, their ids: a caller's model may have none."""
    fields = _with_ids(kind, selection)
    return _find(kind, "After", fields, _found(selection), paging, where, selection)


def ids(
    kind: Kind, paging: FindFilterType, where: object, edge: FindFilterType | None = None
) -> Ask:
    """Return the document for a page of ids, and the item before it."""
    fields = f"count items: {kind.items} {{ id }}"
    return _find(kind, "Ids", fields, Found[JustId], paging, where, edge=edge)


def names(kind: Kind) -> Ask:
    """Return the document for the names of all items."""
    fields = "id name" + (f" aliases: {kind.aliases}" if kind.aliases else "")
    fields += " disambiguation" if kind.noun == "Performer" else ""
    name = f"{operation_name(kind.find)}Names"
    text = f"query {name} {{\n  found: {kind.find}(filter: {{per_page: -1}}) {{ items: {kind.items} {{ {fields} }} }}\n}}"
    return Ask(_query(name, kind.find, text), Found[Named])


def by_aliases(kind: Kind, selection: Selection[T], ids: Sequence[str]) -> Ask:
    """Return the document for items by their ids, each under an alias."""
    return _by_aliases(f"{operation_name(kind.find)}ById", kind.get, "id: {id}", selection, ids)


def by_ids(kind: Kind, selection: Selection[T], ids: Sequence[str]) -> Ask:
    """Return the document for items by a list of ids, all of which must exist."""
    name = f"{operation_name(kind.find)}ById"
    text = f"query {name}($ids: [ID!]) {{\n  found: {kind.find}(ids: $ids) {{ {_with_ids(kind, selection)} }}\n}}"
    return Ask(_query(name, kind.find, text, selection), _found(selection), {"ids": ids})


def update_list(kind: Kind, changes: Sequence[object]) -> Ask:
    """Return the document for many changes at once: all are made or none."""
    return _mutation(kind.update_list, f"[{kind.update_type}!]!", changes)


def bulk_update(kind: Kind, change: InputModel) -> Ask:
    """Return the document for one change to many items."""
    return _mutation(kind.bulk, f"{kind.bulk_type}!", change)


def update_each(kind: Kind, changes: Sequence[object]) -> Ask:
    """Return the document for several changes, each made or refused independently."""
    return _each(kind.update, f"{kind.update_type}!", changes)


def create_each(kind: Kind, things: Sequence[object]) -> Ask:
    """Return the document for several new items, each created or refused independently."""
    return _each(kind.create, f"{kind.noun}CreateInput!", things)


def jobs(ids: Sequence[str]) -> Ask:
    """Return the document for jobs by their ids, each under an alias."""
    from stash_typed_graphql.find_job import OPERATION

    from ..models import Job

    selection = Selection(Job, "...Job", fragments=OPERATION.fragments)
    return _by_aliases("FindJobs", "findJob", "input: {{id: {id}}}", selection, ids)


def hooked_plugins() -> Ask:
    """Return the document for the plugins, whether they are enabled, and their hooks."""
    text = "query HookedPlugins {\n  plugins { id enabled hooks { name } }\n}"
    return Ask(Operation("HookedPlugins", "query", "plugins", text), HookedPlugins)


def _items(kind: Kind, selection: Selection[Any]) -> str:
    return f"items: {kind.items} {{ {selection.text} }}"


def _with_ids(kind: Kind, selection: Selection[Any]) -> str:
    return f"cursor: {kind.items} {{ id }} {_items(kind, selection)}"


def _found(selection: Selection[T]) -> type[Found[T]]:
    return cast("type[Found[T]]", Found.__class_getitem__(selection.model))


def _find(
    kind: Kind,
    what: str,
    fields: str,
    answer: type[BaseModel],
    paging: FindFilterType,
    where: object,
    selection: Selection[Any] | None = None,
    edge: FindFilterType | None = None,
) -> Ask:
    name = f"{operation_name(kind.find)}{what}"
    argument = kind.filter_argument
    declared = f"$filter: FindFilterType, ${argument}: {kind.filter_type}"
    roots = f"  found: {kind.find}(filter: $filter, {argument}: ${argument}) {{ {fields} }}\n"
    variables: dict[str, object] = {"filter": paging}
    if where is not None:
        variables[argument] = where
    if edge is not None:
        declared += ", $edge: FindFilterType"
        roots += f"  edge: {kind.find}(filter: $edge, {argument}: ${argument}) {{ items: {kind.items} {{ id }} }}\n"
        variables["edge"] = edge
    text = f"query {name}({declared}) {{\n{roots}}}"
    return Ask(_query(name, kind.find, text, selection), answer, variables)


def _by_aliases(
    name: str, root_field: str, argument: str, selection: Selection[T], ids: Sequence[str]
) -> Ask:
    declared = ", ".join(f"$id{n}: ID!" for n in range(len(ids)))
    fields = "".join(
        f"  item{n}: {root_field}({argument.format(id=f'$id{n}')}) {{ {selection.text} }}\n"
        for n in range(len(ids))
    )
    text = f"query {name}({declared}) {{\n{fields}}}"
    answer = cast("type[ById[T]]", ById.__class_getitem__(selection.model))
    variables = {f"id{n}": id_ for n, id_ in enumerate(ids)}
    return Ask(_query(name, root_field, text, selection), answer, variables)


def _query(
    name: str, root_field: str, text: str, selection: Selection[Any] | None = None
) -> Operation:
    parts = [Part(0, len(text), f"Query.{root_field}", True, None)]
    if selection is None:
        return ShippedOperation(name, "query", root_field, text, parts=tuple(parts))
    at = text.index(f"{{ {selection.text} }}") + 2
    # A field missing from the response has no value if the caller's model has no default.
    parts += (Part(at + f.start, at + f.end, f.coordinate, True, None) for f in selection.fields)
    return ShippedOperation(name, "query", root_field, text, selection.fragments, tuple(parts))


def _mutation(field: str, type_: str, value: object) -> Ask:
    name = operation_name(field)
    text = f"mutation {name}($input: {type_}) {{\n  {field}(input: $input) {{ id }}\n}}"
    return Ask(Operation(name, "mutation", field, text), Mutated, {"input": value})


def _each(field: str, type_: str, values: Sequence[object]) -> Ask:
    name = f"{operation_name(field)}Each"
    declared = ", ".join(f"$input{n}: {type_}" for n in range(len(values)))
    fields = "".join(f"  item{n}: {field}(input: $input{n}) {{ id }}\n" for n in range(len(values)))
    text = f"mutation {name}({declared}) {{\n{fields}}}"
    variables: Mapping[str, object] = {f"input{n}": value for n, value in enumerate(values)}
    return Ask(Operation(name, "mutation", field, text), Mutated, variables)
