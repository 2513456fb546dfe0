"""Fields that lead from one object to others: the kinds' relations, and a table of the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..graphql.context import Info
from ..graphql.registry import field
from ..store.items import Item
from ..store.kind import Column, IdList, Kind, TextList
from ..store.kinds import GROUP, KINDS, MARKER, SCENE, STUDIO

_Resolver = Callable[[Item, Info], Any]

_MEMBERS: dict[tuple[str, str], tuple[Kind, str]] = {
    ("Studio", "child_studios"): (
        STUDIO,
        "select parent_id, id from studios where parent_id in {ids} order by id",
    ),
    ("Studio", "groups"): (
        GROUP,
        "select studio_id, id from groups where studio_id in {ids} order by id",
    ),
    ("Performer", "scenes"): (
        SCENE,
        "select performer_id, scene_id from performers_scenes where performer_id in {ids}"
        " order by scene_id",
    ),
    ("Performer", "groups"): (
        GROUP,
        "select distinct p.performer_id, g.group_id from performers_scenes p"
        " join groups_scenes g on g.scene_id = p.scene_id where p.performer_id in {ids}"
        " order by g.group_id",
    ),
    ("Group", "scenes"): (
        SCENE,
        "select group_id, scene_id from groups_scenes where group_id in {ids} order by scene_id",
    ),
    ("Scene", "scene_markers"): (
        MARKER,
        "select scene_id, id from scene_markers where scene_id in {ids} order by seconds, id",
    ),
}
"""Type and field to the kind of its objects, and the query for pairs of ids."""


def spellings(type_name: str, name: str) -> list[tuple[str, str]]:
    """Return a type and a field, and where groups are in their names what they were before."""
    older = (type_name.replace("Group", "Movie"), name.replace("group", "movie"))
    return list(dict.fromkeys(((type_name, name), older)))


def _linked(link: IdList) -> _Resolver:
    return lambda parent, _info: parent.page.linked(link).get(parent.key, [])


def _referred(column: Column) -> _Resolver:
    def resolve(parent: Item, _info: Info) -> Item | None:
        key = parent[column.name]
        return parent.page.referred(column.name, KINDS[column.of]).get(key) if key else None

    return resolve


def _texts(link: TextList) -> _Resolver:
    return lambda parent, _info: [row[0] for row in parent.page.texts(link).get(parent.key, [])]


def _first(link: TextList) -> _Resolver:
    def resolve(parent: Item, _info: Info) -> str | None:
        rows = parent.page.texts(link).get(parent.key)
        return rows[0][0] if rows else None

    return resolve


def _members(name: str, kind: Kind, sql: str) -> _Resolver:
    return lambda parent, _info: parent.page.members(name, kind, sql).get(parent.key, [])


def joined(kind: Kind, sql: str, label: str, value: str) -> _Resolver:
    """Resolve to objects, each with a value that belongs to the join: a place, a description."""

    def resolve(parent: Item, _info: Info) -> list[dict[str, Any]]:
        rows = parent.page.rows(sql, sql).get(parent.key, [])
        members = parent.page.members(f"members {sql}", kind, sql).get(parent.key, [])
        by_key = {member.key: member for member in members}
        return [{label: by_key[key], value: each} for key, each in rows]

    return resolve


def _stash_ids(parent: Item, _info: Info) -> list[dict[str, Any]]:
    return parent.page.stash_ids().get(parent.key, [])


def _custom_fields(parent: Item, _info: Info) -> dict[str, Any]:
    return dict(parent.page.custom_fields().get(parent.key, []))


def _files(parent: Item, _info: Info) -> list[Item]:
    return parent.page.files().get(parent.key, [])


def _declare(type_name: str, kind: Kind) -> None:
    for link in kind.id_lists:
        field(type_name, link.answer)(_linked(link))
    for column in kind.columns:
        if column.of:
            field(type_name, column.answer or column.name.removesuffix("_id"))(_referred(column))
    for texts in kind.text_lists:
        field(type_name, texts.name)(_texts(texts))
        if texts.name == "urls":
            field(type_name, "url")(_first(texts))
    if kind.stash_ids:
        field(type_name, "stash_ids")(_stash_ids)
    if kind.custom_fields:
        field(type_name, "custom_fields")(_custom_fields)
    if kind.files:
        field(type_name, "visual_files" if kind.name == "image" else "files")(_files)


for _kind in KINDS.values():
    _declare("BaseFile" if _kind.name == "file" else _kind.type, _kind)
_declare("Movie", GROUP)
for (_type, _name), (_kind, _sql) in _MEMBERS.items():
    for _names in spellings(_type, _name):
        field(*_names)(_members(_name, _kind, _sql))
