"""The collection of each kind: its class, and its type with the kind's model and inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._runtime.steps import AsyncExecutor
from . import kinds
from .collections import (
    Collection,
    NamedCollection,
    NamedTagCollection,
    PerformerCollection,
    TagCollection,
)

if TYPE_CHECKING:
    from .. import inputs, models

    Scenes = PerformerCollection[models.Scene, inputs.SceneFilterType, inputs.SceneUpdateInput]
    Images = PerformerCollection[models.Image, inputs.ImageFilterType, inputs.ImageUpdateInput]
    Galleries = PerformerCollection[
        models.Gallery, inputs.GalleryFilterType, inputs.GalleryUpdateInput
    ]
    Performers = NamedTagCollection[
        models.Performer, inputs.PerformerFilterType, inputs.PerformerUpdateInput
    ]
    Studios = NamedTagCollection[models.Studio, inputs.StudioFilterType, inputs.StudioUpdateInput]
    Tags = NamedCollection[models.Tag, inputs.TagFilterType, inputs.TagUpdateInput]
    Groups = NamedTagCollection[models.Group, inputs.GroupFilterType, inputs.GroupUpdateInput]
    Markers = TagCollection[
        models.SceneMarker, inputs.SceneMarkerFilterType, inputs.SceneMarkerUpdateInput
    ]

__all__ = ["collection_of"]

_CLASSES: dict[kinds.Kind, type[Collection[Any, Any, Any]]] = {
    kinds.SCENES: PerformerCollection,
    kinds.IMAGES: PerformerCollection,
    kinds.GALLERIES: PerformerCollection,
    kinds.PERFORMERS: NamedTagCollection,
    kinds.STUDIOS: NamedTagCollection,
    kinds.TAGS: NamedCollection,
    kinds.GROUPS: NamedTagCollection,
    kinds.MARKERS: TagCollection,
}


def collection_of(executor: AsyncExecutor, kind: kinds.Kind) -> object:
    """Return the collection of a kind."""
    return _CLASSES[kind](executor, kind)
