"""Images."""

from __future__ import annotations

from collections.abc import Callable

from ..graphql.context import Info, context_of
from ..graphql.inputs import number
from ..graphql.registry import field, mutation
from ..store import Item
from ..store.kinds import IMAGE
from .declaring import Declaration
from .deleting import destroy_with_files
from .pictures import unix_time

Declaration(IMAGE, "Images", destroy=destroy_with_files, checks_many=True).declare()


@field("Image", "files")
def files(parent: Item, _info: Info) -> list[Item]:
    found = parent.page.files().get(parent.key, [])
    return [file for file in found if file["__typename"] == "ImageFile"]


@field("Image", "paths")
def paths(parent: Item, info: Info) -> dict[str, str]:
    start = f"{context_of(info).request_base_url}/image/{parent.key}"
    time = unix_time(parent)
    return {
        "image": f"{start}/image?t={time}",
        "thumbnail": f"{start}/thumbnail?t={time}",
        "preview": "",
    }


def _counting(counted: str) -> Callable[..., int]:
    def resolve(_parent: None, info: Info, *, id: str) -> int:
        return context_of(info).store.images.count_o(number(id, "converting id"), counted)

    return resolve


mutation("imageIncrementO")(_counting("o_counter + 1"))
mutation("imageDecrementO")(_counting("max(o_counter - 1, 0)"))
mutation("imageResetO")(_counting("0"))
