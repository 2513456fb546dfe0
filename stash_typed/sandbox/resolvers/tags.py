"""Tags."""

from __future__ import annotations

from ..graphql.context import Info, Input, context_of
from ..graphql.inputs import number, numbers
from ..graphql.registry import mutation
from ..store import Item
from ..store.kinds import TAG
from .declaring import Declaration

Declaration(
    TAG,
    "Tags",
    everything="select id from tags order by natural_key(coalesce(sort_name, name)), id",
).declare()


@mutation("tagsMerge")
def tags_merge(_parent: None, info: Info, *, input: Input) -> Item | None:
    tags = context_of(info).store.tags
    sources = numbers(input["source"], "converting source ids")
    destination = number(input["destination"], "converting destination id")
    if not sources:
        return None
    tags.merge(sources, destination)
    return tags.get(destination)
