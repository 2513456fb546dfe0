"""What the filters of scenes, images and galleries have in common."""

from __future__ import annotations

from collections.abc import Mapping

from .builder import Join, inner, left
from .criteria import Handler, count, day, flag, moment, number, text
from .finder import Sort, nested
from .relations import linked
from .special import performer_age, performer_favorite, text_list
from .trees import TAG_TREE, Tree, belongs_to, linked_tree, performer_tags

__all__ = ["counted", "lacking", "plain_sorts", "shared_filters"]


def shared_filters(
    of: str, owner: str, texts: str, tags: str, performers: str, urls: str
) -> dict[str, Handler]:
    """Return the criteria that scenes, images and galleries share."""
    tag = f"{owner.removesuffix('_id')}_tag"
    return {
        "id": number(f"{of}.id"),
        **{name: text(f"{of}.{name}") for name in texts.split()},
        "rating100": number(f"{of}.rating"),
        "organized": flag(f"{of}.organized"),
        "date": day(f"{of}.date"),
        "url": text_list(urls, owner, "url", of),
        "tags": linked_tree(tag, (tags, owner, "tag_id"), TAG_TREE, of),
        "tag_count": count(tags, owner, of),
        "performers": linked(
            left(performers, f"performers_join.{owner} = {of}.id", "performers_join"),
            "performers_join.performer_id",
            (performers, owner, "performer_id"),
            of,
        ),
        "performer_count": count(performers, owner, of),
        "studios": belongs_to(of, "studio_id", Tree("studios")),
        "performer_tags": performer_tags(of, performers, owner),
        "performer_favorite": performer_favorite(of, performers, owner),
        "performer_age": performer_age(of, performers, owner),
        "created_at": moment(f"{of}.created_at"),
        "updated_at": moment(f"{of}.updated_at"),
        "performers_filter": nested(
            "performer",
            "performers_join.performer_id",
            inner(performers, f"performers_join.{owner} = {of}.id", "performers_join"),
        ),
        "studios_filter": nested("studio", f"{of}.studio_id"),
        "tags_filter": nested("tag", f"{tag}.tag_id", inner(tags, f"{tag}.{owner} = {of}.id", tag)),
    }


def lacking(
    of: str, owner: str, links: Mapping[str, str]
) -> dict[str, tuple[str, tuple[Join, ...]]]:
    """Return the values of `is_missing` that mean an empty join table."""
    return {
        name: (
            f"{name}_join.{owner} is null",
            (left(table, f"{name}_join.{owner} = {of}.id", f"{name}_join"),),
        )
        for name, table in links.items()
    }


def counted(table: str, owner: str, of: str) -> Sort:
    """Sort by how many rows of a table belong to the object."""
    return Sort(
        f"(select count(*) from {table} sorted where sorted.{owner} = {of}.id) {{direction}}"
    )


def plain_sorts(of: str, names: str) -> dict[str, Sort]:
    """Return sorts by columns of their own names, and the random one."""
    return {
        "random": Sort(""),
        **{name: Sort(f"{of}.{name} {{direction}}") for name in names.split()},
    }
