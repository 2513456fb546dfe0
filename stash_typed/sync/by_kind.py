# Written from stash_typed/library/by_kind.py by `make generate`. Do not edit.

"""The collection of each kind: its class, and its type with the kind's model and inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._runtime.steps import SyncExecutor
from ..library import kinds
from .collections import (
    SyncCollection,
    SyncNamedCollection,
    SyncNamedTagCollection,
    SyncPerformerCollection,
    SyncTagCollection,
)

if TYPE_CHECKING:
    from .. import inputs, models

    Scenes = SyncPerformerCollection[models.Scene, inputs.SceneFilterType, inputs.SceneUpdateInput]
    Images = SyncPerformerCollection[models.Image, inputs.ImageFilterType, inputs.ImageUpdateInput]
    Galleries = SyncPerformerCollection[
        models.Gallery, inputs.GalleryFilterType, inputs.GalleryUpdateInput
    ]
    Performers = SyncNamedTagCollection[
        models.Performer, inputs.PerformerFilterType, inputs.PerformerUpdateInput
    ]
    Studios = SyncNamedTagCollection[
        models.Studio, inputs.StudioFilterType, inputs.StudioUpdateInput
    ]
    Tags = SyncNamedCollection[models.Tag, inputs.TagFilterType, inputs.TagUpdateInput]
    Groups = SyncNamedTagCollection[models.Group, inputs.GroupFilterType, inputs.GroupUpdateInput]
    Markers = SyncTagCollection[
        models.SceneMarker, inputs.SceneMarkerFilterType, inputs.SceneMarkerUpdateInput
    ]

__all__ = ["collection_of"]

_CLASSES: dict[kinds.Kind, type[SyncCollection[Any, Any, Any]]] = {
    kinds.SCENES: SyncPerformerCollection,
    kinds.IMAGES: SyncPerformerCollection,
    kinds.GALLERIES: SyncPerformerCollection,
    kinds.PERFORMERS: SyncNamedTagCollection,
    kinds.STUDIOS: SyncNamedTagCollection,
    kinds.TAGS: SyncNamedCollection,
    kinds.GROUPS: SyncNamedTagCollection,
    kinds.MARKERS: SyncTagCollection,
}


def collection_of(executor: SyncExecutor, kind: kinds.Kind) -> object:
    """Return the collection of a kind."""
    return _CLASSES[kind](executor, kind)
