"""The eight kinds of things in a library, and what the schema calls their operations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from .._runtime.base_model import BaseModel, InputModel
    from .._runtime.operation import Operation

__all__ = [
    "GALLERIES",
    "GROUPS",
    "IMAGES",
    "KINDS",
    "MARKERS",
    "PERFORMERS",
    "SCENES",
    "STUDIOS",
    "TAGS",
    "Kind",
]

_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Kind:
    """One kind of thing.

    Attributes:
        noun: the schema's type, and the public model.
        items: the field of a page that holds the things.
        find: the root field that finds many; its operation has the same name.
        get: the root field that gives one by id; None when there is none.
        filter_argument: the argument of `find` that says which.
        filter_type: the type of that argument.
        by_id: whether the filter knows ids, so that one can go on after the last one seen.
        update: the root field that changes one.
        update_list: the root field that changes many at once, each in its own way, or none of them;
            None when there is none.
        bulk: the root field that makes the same change to many.
        aliases: the field with other names, where names can be looked up.
        filter_mode: the schema's name for saved filters of this kind.
    """

    noun: str
    items: str
    find: str
    get: str | None
    filter_argument: str
    by_id: bool
    update: str
    update_list: str | None
    bulk: str
    filter_mode: str
    aliases: str | None = None

    @property
    def filter_type(self) -> str:
        """The input type of `filter_argument`."""
        return f"{self.noun}FilterType"

    @property
    def update_type(self) -> str:
        """The input type of `update`."""
        return f"{self.noun}UpdateInput"

    @property
    def bulk_type(self) -> str:
        """The input type of `bulk`."""
        return f"Bulk{self.noun}UpdateInput"

    @property
    def model(self) -> type[BaseModel]:
        """The public model."""
        return cast("type[BaseModel]", getattr(import_module("stash_typed.models"), self.noun))

    def input(self, name: str, values: dict[str, Any]) -> InputModel:
        """Make an input of a type that is known by its name.

        Args:
            name: the input type.
            values: its fields by their Python names.

        Returns:
            The input, with just these fields set.
        """
        inputs = import_module("stash_typed.inputs")
        return cast("InputModel", getattr(inputs, name).model_validate(values))

    @property
    def shipped(self) -> Operation:
        """The shipped operation of `find`, whose fragments say what is selected by default."""
        module = _WORDS.sub("_", self.find).lower()
        return cast("Operation", import_module(f"stash_typed_graphql.{module}").OPERATION)


def _kind(
    noun: str,
    items: str,
    plural: str,
    argument: str,
    mode: str,
    *,
    by_id: bool = False,
    update_list: str | None = None,
    aliases: str | None = None,
) -> Kind:
    root = noun[0].lower() + noun[1:]
    return Kind(
        noun=noun,
        items=items,
        find=f"find{plural}",
        get=None if noun == "SceneMarker" else f"find{noun}",
        filter_argument=f"{argument}_filter",
        by_id=by_id,
        update=f"{root}Update",
        update_list=update_list,
        bulk=f"bulk{noun}Update",
        filter_mode=mode,
        aliases=aliases,
    )


SCENES = _kind(
    "Scene", "scenes", "Scenes", "scene", "SCENES", by_id=True, update_list="scenesUpdate"
)
IMAGES = _kind(
    "Image", "images", "Images", "image", "IMAGES", by_id=True, update_list="imagesUpdate"
)
GALLERIES = _kind(
    "Gallery",
    "galleries",
    "Galleries",
    "gallery",
    "GALLERIES",
    by_id=True,
    update_list="galleriesUpdate",
)
PERFORMERS = _kind(
    "Performer", "performers", "Performers", "performer", "PERFORMERS", aliases="alias_list"
)
STUDIOS = _kind("Studio", "studios", "Studios", "studio", "STUDIOS", aliases="aliases")
TAGS = _kind("Tag", "tags", "Tags", "tag", "TAGS", aliases="aliases")
GROUPS = _kind("Group", "groups", "Groups", "group", "GROUPS", aliases="aliases")
MARKERS = _kind("SceneMarker", "scene_markers", "SceneMarkers", "scene_marker", "SCENE_MARKERS")
KINDS = (SCENES, IMAGES, GALLERIES, PERFORMERS, STUDIOS, TAGS, GROUPS, MARKERS)
