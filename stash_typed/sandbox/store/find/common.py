"""Filters and sorts that follow from a kind's declaration: its columns, lists and relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stash_typed.sandbox.store.kind import Kind
from stash_typed.sandbox.store.kinds import TAG, listing

from .builder import Join, inner, left
from .criteria import (
    Handler,
    count,
    day,
    enum,
    flag,
    moment,
    number,
    orientation,
    path,
    resolution,
    text,
)
from .finder import Sort, by_text, here, nested
from .relations import has_one_of, linked
from .special import custom_fields, performer_age, performer_favorite, stash_id, text_list
from .trees import STUDIO_TREE, TAG_TREE, belongs_to, linked_tree, performer_tags

Lack = tuple[str, tuple[Join, ...]]
"""What a value of `is_missing` asks for: the condition, and the joins it needs."""

_OF_TYPE = {
    "text": text,
    "enum": enum,
    "int": number,
    "float": number,
    "flag": flag,
    "date": day,
}


def own_filters(
    kind: Kind, *, but: str = "", renamed: Mapping[str, str] | None = None
) -> dict[str, Handler]:
    """Return the criteria on a kind's own fields, as the filter's input names them."""
    of, owner = kind.table, kind.owner
    filters: dict[str, Handler] = {}
    for column in kind.columns:
        if column.type in _OF_TYPE:
            filters[column.name] = _OF_TYPE[column.type](f"{of}.{column.column}")
    for texts in kind.text_lists:
        name = "url" if texts.name == "urls" else "aliases"
        filters[name] = text_list(texts.table, owner, texts.column, of)
    if kind.stash_ids:
        filters["stash_id_endpoint"] = stash_id(kind.stash_ids, owner, of)
    tags, performers = kind.ids_of("tag"), kind.ids_of("performer")
    if tags and kind is not TAG:
        alias = f"{kind.noun}_tag"
        on = f"{alias}.{owner} = {of}.id"
        filters["tags"] = linked_tree(alias, (tags.table, owner, "tag_id"), TAG_TREE, of)
        filters["tag_count"] = count(tags.table, owner, of)
        filters["tags_filter"] = nested("tag", f"{alias}.tag_id", inner(tags.table, on, alias))
    if performers:
        links, alias = performers.table, "performers_join"
        on = f"{alias}.{owner} = {of}.id"
        members = (links, owner, "performer_id")
        filters["performers"] = linked(left(links, on, alias), f"{alias}.performer_id", members, of)
        filters["performer_count"] = count(links, owner, of)
        filters["performer_tags"] = performer_tags(of, links, owner)
        filters["performer_favorite"] = performer_favorite(of, links, owner)
        filters["performer_age"] = performer_age(of, links, owner)
        filters["performers_filter"] = nested(
            "performer", f"{alias}.performer_id", inner(links, on, alias)
        )
    if kind.has("studio_id"):
        filters["studios"] = belongs_to(of, "studio_id", STUDIO_TREE)
        filters["studios_filter"] = nested("studio", f"{of}.studio_id")
    if kind.custom_fields:
        filters["custom_fields"] = custom_fields(kind.custom_fields, owner, of)
    filters["created_at"] = moment(f"{of}.created_at")
    filters["updated_at"] = moment(f"{of}.updated_at")
    names = renamed or {}
    return {
        names.get(name, name): each for name, each in filters.items() if name not in but.split()
    }


def lists(other: Kind) -> Iterator[tuple[Kind, str, str, str]]:
    """Yield the kinds that list another, and how: their table, its column of them and of it."""
    for kind, link in listing(other):
        yield kind, link.table, link.owner, other.owner


def related_filters(
    other: Kind, related: Iterable[tuple[Kind, str, str, str]]
) -> dict[str, Handler]:
    """Return `scenes_filter`, `images_filter` and `galleries_filter` of a kind that they name."""
    return {
        f"{kind.table}_filter": nested(
            kind.name, f"{table}.{key}", inner(table, f"{table}.{column} = {other.table}.id")
        )
        for kind, table, key, column in related
        if kind.files
    }


def file_joins(kind: Kind) -> tuple[Join, Join, Join]:
    return (
        left(kind.files, f"{kind.files}.{kind.owner} = {kind.table}.id"),
        left("files", f"{kind.files}.file_id = files.id"),
        left("folders", "files.parent_folder_id = folders.id"),
    )


def fingerprint_join(table: str, sort: str, how: str = "left") -> Join:
    """Return the join of a join table of files with one sort of fingerprint."""
    name = f"fingerprints_{sort}"
    on = f"{table}.file_id = {name}.file_id and {name}.type = '{sort}'"
    return (left if how == "left" else inner)("files_fingerprints", on, name)


def video_filters(*joins: Join) -> dict[str, Handler]:
    """Return what videos can be asked for, joined as a scene's files or as themselves."""
    return {
        "duration": number("cast(video_files.duration as int)", *joins),
        "resolution": resolution("min(video_files.width, video_files.height)", *joins),
        "orientation": orientation("video_files", *joins),
        "framerate": number("cast(round(video_files.frame_rate) as int)", *joins),
        "bitrate": number("video_files.bit_rate", *joins),
        "video_codec": text("video_files.video_codec", *joins),
        "audio_codec": text("video_files.audio_codec", *joins),
        "interactive": flag("video_files.interactive", *joins),
        "interactive_speed": number("video_files.interactive_speed", *joins),
    }


def visual_filters(kind: Kind, *, checksum: str = "left") -> dict[str, Handler]:
    link, files, folders = file_joins(kind)
    return {
        "id": number(f"{kind.table}.id"),
        **own_filters(kind),
        "path": path("folders.path", "files.basename", link, files, folders),
        "checksum": text(
            "fingerprints_md5.fingerprint", link, fingerprint_join(kind.files, "md5", checksum)
        ),
        "file_count": count(kind.files, kind.owner, kind.table),
        "files_filter": here("file", link, files, folders),
    }


def visual_search(kind: Kind) -> tuple[Join, ...]:
    table = "files_fingerprints"
    return (*file_joins(kind), left(table, f"{table}.file_id = {kind.files}.file_id"))


def visual_sorts(kind: Kind, names: str) -> dict[str, Sort]:
    """Return the sorts of scenes, images and galleries; `names` are columns of more."""
    link, files, folders = file_joins(kind)
    return {
        **plain_sorts(kind, f"date rating {names}"),
        "filesize": Sort("files.size {direction}", (link, files)),
        "file_mod_time": Sort("files.mod_time {direction}", (link, files)),
        "path": by_text(
            "coalesce(folders.path, '') || coalesce(files.basename, '')", link, files, folders
        ),
        "title": by_text(f"coalesce({kind.table}.title, files.basename)", link, files),
        "file_count": counted(kind.files, kind.owner, kind.table),
        "performer_count": counted(f"performers_{kind.table}", kind.owner, kind.table),
    }


def through(kind: Kind, table: str, other: Kind) -> Handler:
    """Make a criterion of the filter of a kind that a join table leads to."""
    join = inner(table, f"{table}.{kind.owner} = {kind.table}.id")
    return nested(other.name, f"{table}.{other.owner}", join)


def joined_ids(kind: Kind, table: str, other: Kind) -> Handler:
    """Make the older criterion on the ids of a kind that a join table leads to."""
    return has_one_of(
        f"{table}.{other.owner}",
        f"{kind.table}.id not in (select {kind.owner} from {table} where {other.owner} in {{ids}})",
        left(table, f"{table}.{kind.owner} = {kind.table}.id"),
        left(other.table, f"{table}.{other.owner} = {other.table}.id"),
    )


def lacking(kind: Kind, **links: str) -> dict[str, Lack]:
    """Return values of `is_missing`: no studio, no date, or nothing in a join table."""
    of = kind.table
    links |= {link.answer: link.table for link in kind.id_lists}
    return {
        "studio": (f"{of}.studio_id is null", ()),
        "date": (f"{of}.date is null or {of}.date is ''", ()),
        **{name: empty(kind, name, table) for name, table in links.items()},
    }


def empty(kind: Kind, name: str, table: str) -> Lack:
    column = f"{name}_join.{kind.owner}"
    return f"{column} is null", (left(table, f"{column} = {kind.table}.id", f"{name}_join"),)


def unlisted(kind: Kind, table: str, column: str = "") -> Lack:
    """Return the same of a table that is joined under its own name."""
    on = f"{table}.{kind.owner} = {kind.table}.id"
    return f"{table}.{column or kind.owner} is null", (left(table, on),)


def lasting(table: str, key: str, owner: str, of: str) -> Sort:
    """Sort by how long the files of the scenes in a table last together."""
    return Sort(
        f"(select coalesce(sum(v.duration), 0) from {table} l"
        f" left join scenes_files f on f.scene_id = l.{key}"
        " left join video_files v on v.file_id = f.file_id"
        f" where l.{owner} = {of}.id) {{direction}}"
    )


def counted(table: str, owner: str, of: str) -> Sort:
    return Sort(
        f"(select count(*) from {table} sorted where sorted.{owner} = {of}.id) {{direction}}"
    )


def plain_sorts(kind: Kind, names: str = "") -> dict[str, Sort]:
    """Return the sorts that all kinds have, and those by columns of their own names."""
    sorts = {"random": Sort("")}
    for name in ("id", "created_at", "updated_at", *names.split()):
        sorts[name] = Sort(f"{kind.table}.{name} {{direction}}")
    tags = kind.ids_of("tag")
    if tags and kind.name in ("scene", "image", "gallery", "performer", "studio", "group"):
        sorts["tag_count"] = counted(tags.table, kind.owner, kind.table)
    return sorts
