"""Links to the images of studios, performers, tags and groups."""

from __future__ import annotations

from collections.abc import Callable

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.store.items import Item

from .relations import unix_time

__all__ = ["has_image", "image_path"]


def has_image(item: Item, name: str = "image") -> bool:
    """Tell whether an object has an image of its own."""
    kind = item.page.kind
    rows = item.page.rows(
        f"{name} image",
        f"select id from {kind.table} where id in {{ids}} and {kind.blobs[name]} is not null",
    )
    return item.key in rows


def image_path(kind: str) -> Callable[[Item, GraphQLResolveInfo], str]:
    """Make the resolver of `image_path`."""

    def resolve(parent: Item, info: GraphQLResolveInfo) -> str:
        start = f"{context_of(info).request_base_url}/{kind}/{parent.key}/image"
        default = "" if has_image(parent) else "&default=true"
        return f"{start}?t={unix_time(parent)}{default}"

    return resolve
