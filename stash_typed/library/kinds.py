"""The eight kinds of items in a library, and the names of their root fields."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Kind:
    """A kind of item; properties named like an operation are its root fields.

    Attributes:
        noun: the schema type and the public model.
        items: the field of a page that has the items.
        by_id: whether the filter supports ids, so that paging can continue after the last id.
        has_get: whether there is a root field for one item by its id.
        has_update_list: whether one root field updates many items, each with its own input.
        aliases: the field with other names, if names can be looked up.
    """

    noun: str
    items: str
    by_id: bool = False
    has_get: bool = True
    has_update_list: bool = False
    aliases: str | None = None

    @property
    def find(self) -> str:
        """The root field that finds many items."""
        return f"find{''.join(word.capitalize() for word in self.items.split('_'))}"

    @property
    def get(self) -> str:
        """The root field for one item by its id, if there is one."""
        return f"find{self.noun}"

    @property
    def create(self) -> str:
        return f"{self._start}Create"

    @property
    def update(self) -> str:
        return f"{self._start}Update"

    @property
    def update_list(self) -> str:
        """The root field that updates many items, each with its own input, if there is one."""
        return f"{self.items}Update"

    @property
    def bulk(self) -> str:
        return f"bulk{self.noun}Update"

    @property
    def filter_argument(self) -> str:
        """The filter argument of `find`."""
        return f"{'scene_marker' if self.noun == 'SceneMarker' else self._start}_filter"

    @property
    def filter_type(self) -> str:
        return f"{self.noun}FilterType"

    @property
    def update_type(self) -> str:
        return f"{self.noun}UpdateInput"

    @property
    def bulk_type(self) -> str:
        return f"Bulk{self.noun}UpdateInput"

    @property
    def filter_mode(self) -> str:
        """The schema's name for saved filters of this kind."""
        return self.items.upper()

    @property
    def words(self) -> str:
        """The plural for messages."""
        return self.items.replace("_", " ")

    @property
    def model(self) -> type[BaseModel]:
        from .. import models

        return cast("type[BaseModel]", getattr(models, self.noun))

    def input(self, name: str, values: dict[str, Any]) -> InputModel:
        """Return an input of the named type with only these fields set."""
        from .. import inputs

        return cast("InputModel", getattr(inputs, name).model_validate(values))

    @property
    def shipped(self) -> Operation:
        """The shipped operation of `find`, whose fragments are the default selection."""
        # By its name: a plain import would load those of all kinds.
        return cast("Operation", import_module(f"stash_typed_graphql.find_{self.items}").OPERATION)

    @property
    def _start(self) -> str:
        return f"{self.noun[0].lower()}{self.noun[1:]}"


SCENES = Kind("Scene", "scenes", by_id=True, has_update_list=True)
IMAGES = Kind("Image", "images", by_id=True, has_update_list=True)
GALLERIES = Kind("Gallery", "galleries", by_id=True, has_update_list=True)
PERFORMERS = Kind("Performer", "performers", aliases="alias_list")
STUDIOS = Kind("Studio", "studios", aliases="aliases")
TAGS = Kind("Tag", "tags", aliases="aliases")
GROUPS = Kind("Group", "groups", aliases="aliases")
MARKERS = Kind("SceneMarker", "scene_markers", has_get=False)
KINDS = (SCENES, IMAGES, GALLERIES, PERFORMERS, STUDIOS, TAGS, GROUPS, MARKERS)
