"""The eight collections of a library, as attributes of the client."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..files.downloads import DownloadClient
from . import kinds

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from stash_typed_graphql.task_arguments import ScanMetadataArguments
    from typing_extensions import Unpack

    from .. import inputs, models
    from .collections import NamedCollection, NamedTagCollection, PerformerCollection, TagCollection
    from .found_at import FoundAt

    # Named here, so that signatures below stay readable.
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

__all__ = ["LibraryClient"]


class LibraryClient(DownloadClient):
    """The client with its tasks and files, and the library's collections."""

    @cached_property
    def scenes(self) -> Scenes:
        """All scenes."""
        from .collections import PerformerCollection

        return PerformerCollection(self._connection, kinds.SCENES)

    @cached_property
    def images(self) -> Images:
        """All images."""
        from .collections import PerformerCollection

        return PerformerCollection(self._connection, kinds.IMAGES)

    @cached_property
    def galleries(self) -> Galleries:
        """All galleries."""
        from .collections import PerformerCollection

        return PerformerCollection(self._connection, kinds.GALLERIES)

    @cached_property
    def performers(self) -> Performers:
        """All performers."""
        from .collections import NamedTagCollection

        return NamedTagCollection(self._connection, kinds.PERFORMERS)

    @cached_property
    def studios(self) -> Studios:
        """All studios."""
        from .collections import NamedTagCollection

        return NamedTagCollection(self._connection, kinds.STUDIOS)

    @cached_property
    def tags(self) -> Tags:
        """All tags."""
        from .collections import NamedCollection

        return NamedCollection(self._connection, kinds.TAGS)

    @cached_property
    def groups(self) -> Groups:
        """All groups."""
        from .collections import NamedTagCollection

        return NamedTagCollection(self._connection, kinds.GROUPS)

    @cached_property
    def markers(self) -> Markers:
        """All scene markers."""
        from .collections import TagCollection

        return TagCollection(self._connection, kinds.MARKERS)

    async def scan_and_get(self, path: str, **options: Unpack[ScanMetadataArguments]) -> FoundAt:
        """Scan a path, wait for it, and read what was found there.

        Args:
            path: a file, an archive or a folder, as the server names it.
            **options: as for `scan`.

        Returns:
            The scenes, images and galleries with a file at the path or below it; none for a path
            outside the library's folders, which the server does not look at.

        Raises:
            JobFailedError: the scan failed.
        """
        from .._runtime.steps import perform
        from .found_at import found_at

        options["paths"] = [path]
        await (await self.scan(**options))
        return await perform(self._connection, found_at(path))

    def suspend_hooks(self) -> AbstractAsyncContextManager[list[str]]:
        """Keep plugin hooks from running inside the block (`setPluginsEnabled`), for bulk changes.

        The plugins that have hooks are disabled, for everybody, and enabled again afterwards,
        whatever happens.

        Returns:
            A context manager for `async with`; it gives the ids of the plugins that it disabled.

        Raises:
            StashError: a plugin could not be enabled again; names it.
        """
        from ..hooks import suspend_hooks

        return suspend_hooks(self._connection)
