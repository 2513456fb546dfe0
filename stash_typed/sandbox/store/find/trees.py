"""Criteria on hierarchies of related objects: ids with a depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.store.database import Database

from .builder import Builder, Join, left
from .criteria import Handler, group_count
from .relations import marks, or_none, split


@dataclass(frozen=True)
class Tree:
    table: str
    links: str = ""
    parent: str = "parent_id"
    child: str = "child_id"


TAG_TREE = Tree("tags", "tags_relations")
STUDIO_TREE = Tree("studios")
GROUP_TREE = Tree("groups", "groups_relations", "containing_id", "sub_id")


def _number(value: str) -> str:
    """Write an id into SQL: ids are numbers, and anything else matches nothing."""
    return str(int(value)) if value.lstrip("-").isdecimal() and value.isascii() else "null"


def tree_values(database: Database, tree: Tree, values: Sequence[str], depth: int | None) -> str:
    """Return `values (root, item), …`: each id with itself and its descendants."""
    pairs = [(_number(value), _number(value)) for value in values]
    if depth:
        step = (
            f"select b.root, c.{tree.child if tree.links else 'id'}, b.depth + 1"
            f" from {tree.links or tree.table} c join below b on c.{tree.parent} = b.item"
        )
        limit = "" if depth == -1 else f" where b.depth < {depth}"
        rows = database.rows(
            "with recursive below (root, item, depth) as ("
            f"select id, id, 0 from {tree.table} where id in {marks(values)}"
            f" union {step}{limit}) select root, item from below",
            tuple(values),
        )
        pairs = [(str(root), str(item)) for root, item in rows] or pairs
    return "values " + ", ".join(f"({root}, {item})" for root, item in pairs)


def belongs_to(of: str, column: str, tree: Tree) -> Handler:
    """Make a criterion on the one object that a column names, such as a scene's studio."""

    @or_none(f"{of}.{column}")
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        modifier = {"EQUALS": "INCLUDES_ALL", "NOT_EQUALS": "EXCLUDES"}.get(
            criterion["modifier"], criterion["modifier"]
        )
        modifier, wanted, unwanted = split({**criterion, "modifier": modifier})
        depth = criterion.get("depth")
        if wanted and modifier in ("INCLUDES", "INCLUDES_ALL"):
            values = tree_values(builder.database, tree, wanted, depth)
            builder.require(f"{of}.{column} in (select column2 from ({values}))")
            if modifier == "INCLUDES_ALL":
                builder.require_group(f"count(distinct {of}.{column}) is {len(wanted)}")
        if unwanted:
            values = tree_values(builder.database, tree, unwanted, depth)
            builder.require(
                f"{of}.{column} not in (select column2 from ({values})) or {of}.{column} is null"
            )

    return handle


def _require_tree(builder: Builder, column: str, modifier: str, wanted: Sequence[str]) -> None:
    """Ask for roots of a joined hierarchy: one of them, all of them or none."""
    if modifier in ("INCLUDES", "INCLUDES_ALL", "EQUALS"):
        builder.require(f"{column} is not null")
    if modifier in ("INCLUDES_ALL", "EQUALS"):
        builder.require_group(f"count(distinct {column}) is {len(wanted)}")
    if modifier == "EXCLUDES":
        builder.require(f"{column} is null")


def linked_tree(
    name: str, links: tuple[str, str, str], tree: Tree, of: str, key: str = "id"
) -> Handler:
    """Return a criterion on ids in a join table, including their descendants."""
    table, owner, member = links

    def joined(builder: Builder, alias: str, values: str) -> None:
        below = (
            f"(select l.*, v.column1 as root_id, v.column2 as item_id from {table} l"
            f" join ({values}) v on l.{member} = v.column2)"
        )
        builder.join(left(below, f"{alias}.{owner} = {of}.{key}", alias))

    @or_none(f"{name}.{member}", left(table, f"{name}.{owner} = {of}.{key}", name))
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        depth = criterion.get("depth")
        if criterion["modifier"] == "EQUALS" and depth:
            raise AnswerError(
                "depth is not supported for equals modifier in hierarchical multi criterion input"
            )
        modifier, wanted, unwanted = split(criterion)
        if wanted:
            if modifier == "NOT_EQUALS":
                raise AnswerError(
                    "not equals modifier is not supported for hierarchical multi criterion input"
                )
            joined(builder, name, tree_values(builder.database, tree, wanted, depth))
            _require_tree(builder, f"{name}.root_id", modifier, wanted)
            if modifier == "EQUALS":
                builder.require(
                    f"(select count(*) from {table} l where l.{owner} = {of}.{key}) = ?",
                    len(wanted),
                )
        if unwanted:
            joined(builder, f"{name}2", tree_values(builder.database, tree, unwanted, depth))
            builder.require(f"{name}2.root_id is null")

    return handle


def performer_tags(of: str, links: str, owner: str) -> Handler:
    @or_none(
        "performers_tags.tag_id",
        left(links, f"{of}.id = {links}.{owner}"),
        left("performers_tags", f"{links}.performer_id = performers_tags.performer_id"),
    )
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        modifier, wanted, unwanted = split(criterion)
        if modifier not in ("INCLUDES", "INCLUDES_ALL"):
            raise AnswerError(f"invalid modifier {modifier} for performer tags")
        depth = criterion.get("depth")
        if wanted:
            values = tree_values(builder.database, TAG_TREE, wanted, depth)
            builder.define(
                "performer_tags",
                f"select l.{owner} as owner_id, v.column1 as root_id from {links} l"
                " join performers_tags t on t.performer_id = l.performer_id"
                f" join ({values}) v on v.column2 = t.tag_id",
            )
            builder.join(left("performer_tags", f"performer_tags.owner_id = {of}.id"))
            _require_tree(builder, "performer_tags.root_id", modifier, wanted)
        if unwanted:
            values = tree_values(builder.database, TAG_TREE, unwanted, depth)
            builder.require(
                f"{of}.id not in (select l.{owner} from {links} l"
                " join performers_tags t on l.performer_id = t.performer_id"
                f" where t.tag_id in (select column2 from ({values})))"
            )

    return handle


def relatives(tree: Tree, name: str, upwards: bool) -> Handler:
    """Return a criterion on the ancestors (upwards) or descendants of an object."""
    own, other = (tree.child, tree.parent) if upwards else (tree.parent, tree.child)

    def joined(builder: Builder, alias: str, values: Sequence[str], depth: int) -> None:
        limit = "" if depth == -1 else f" where w.depth < {depth}"
        builder.define(
            alias,
            f"select {other} as root_id, {own} as item_id, 0 as depth from {tree.links}"
            f" where {other} in {marks(values)}"
            f" union select w.root_id, r.{own}, w.depth + 1 from {tree.links} r"
            f" join {alias} w on w.item_id = r.{other}{limit}",
            *values,
        )
        builder.join(left(alias, f"{alias}.item_id = {tree.table}.id"))

    @or_none(f"{name}.{own}", left(tree.links, f"{tree.table}.id = {name}.{own}", name))
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        modifier, wanted, unwanted = split(criterion)
        if modifier not in ("INCLUDES", "INCLUDES_ALL"):
            raise AnswerError(f"invalid modifier {modifier}")
        depth = criterion.get("depth") or 0
        if len(wanted) == 1 and not unwanted and not depth:
            on = f"{name}.{own} = {tree.table}.id"
            builder.join(Join(name, f"inner join {tree.links} as {name} on {on}"))
            builder.require(f"{name}.{other} = ?", *wanted)
            return
        if wanted:
            joined(builder, name, wanted, depth)
            _require_tree(builder, f"{name}.root_id", modifier, wanted)
        if unwanted:
            joined(builder, f"{name}2", unwanted, depth)
            builder.require(f"{name}2.root_id is null")

    return handle


def relatives_count(tree: Tree, name: str, upwards: bool) -> Handler:
    own, other = (tree.child, tree.parent) if upwards else (tree.parent, tree.child)
    return group_count(
        f"count(distinct {name}.{other})",
        left(tree.links, f"{name}.{own} = {tree.table}.id", name),
    )
