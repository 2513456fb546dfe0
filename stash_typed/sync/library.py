"""The eight collections of a library, as attributes of `SyncStashClient`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..library import kinds
from .downloads import SyncDownloadClient

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from stash_typed_graphql.task_arguments import ScanMetadataArguments
    from typing_extensions import Unpack

    from .. import inputs, models
    from ..library.found_at import FoundAt
    from .collections import (
        SyncNamedCollection,
        SyncNamedTagCollection,
        SyncPerformerCollection,
        SyncTagCollection,
    )

    # Named here, so that signatures below stay readable.
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

__all__ = ["SyncLibraryClient"]


class SyncLibraryClient(SyncDownloadClient):
    """The client with its tasks and files, and the library's collections."""

    @cached_property
    def scenes(self) -> Scenes:
        """All scenes."""
        from .collections import SyncPerformerCollection

        return SyncPerformerCollection(self._connection, kinds.SCENES)

    @cached_property
    def images(self) -> Images:
        """All images."""
        from .collections import SyncPerformerCollection

        return SyncPerformerCollection(self._connection, kinds.IMAGES)

    @cached_property
    def galleries(self) -> Galleries:
        """All galleries."""
        from .collections import SyncPerformerCollection

        return SyncPerformerCollection(self._connection, kinds.GALLERIES)

    @cached_property
    def performers(self) -> Performers:
        """All performers."""
        from .collections import SyncNamedTagCollection

        return SyncNamedTagCollection(self._connection, kinds.PERFORMERS)

    @cached_property
    def studios(self) -> Studios:
        """All studios."""
        from .collections import SyncNamedTagCollection

        return SyncNamedTagCollection(self._connection, kinds.STUDIOS)

    @cached_property
    def tags(self) -> Tags:
        """All tags."""
        from .collections import SyncNamedCollection

        return SyncNamedCollection(self._connection, kinds.TAGS)

    @cached_property
    def groups(self) -> Groups:
        """All groups."""
        from .collections import SyncNamedTagCollection

        return SyncNamedTagCollection(self._connection, kinds.GROUPS)

    @cached_property
    def markers(self) -> Markers:
        """All scene markers."""
        from .collections import SyncTagCollection

        return SyncTagCollection(self._connection, kinds.MARKERS)

    def scan_and_get(self, path: str, **options: Unpack[ScanMetadataArguments]) -> FoundAt:
        """Scan a path, wait for it, and read what was found there. As `StashClient.scan_and_get`."""
        from .._runtime.steps import perform_sync
        from ..library.found_at import found_at

        options["paths"] = [path]
        self.scan(**options).wait()
        return perform_sync(self._connection, found_at(path))

    def suspend_hooks(self) -> AbstractContextManager[list[str]]:
        """Keep plugin hooks from running inside the block. As `StashClient.suspend_hooks`."""
        from ..hooks import suspend_hooks_sync

        return suspend_hooks_sync(self._connection)
