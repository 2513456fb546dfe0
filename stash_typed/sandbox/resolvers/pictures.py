"""Links to the pictures of objects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..graphql.context import Info, context_of
from ..graphql.registry import field
from ..store.items import Item
from ..store.kind import Kind
from ..store.kinds import KINDS


def unix_time(item: Item) -> int:
    """Return the second in which an object was changed, as links carry it."""
    return int(datetime.fromisoformat(item["updated_at"].replace("Z", "+00:00")).timestamp())


def has_image(item: Item, name: str = "image") -> bool:
    kind = item.page.kind
    rows = item.page.rows(
        f"{name} image",
        f"select id from {kind.table} where id in {{ids}} and {kind.blobs[name]} is not null",
    )
    return item.key in rows


def _image_path(kind: Kind) -> Callable[[Item, Info], str]:
    def resolve(parent: Item, info: Info) -> str:
        start = f"{context_of(info).request_base_url}/{kind.noun}/{parent.key}/image"
        default = "" if has_image(parent) else "&default=true"
        return f"{start}?t={unix_time(parent)}{default}"

    return resolve


for _kind in KINDS.values():
    if "image" in _kind.blobs:
        field(_kind.type, "image_path")(_image_path(_kind))
