"""The rarer tasks: migrations, packages, stash-boxes. Their root fields answer a job's id; here, a handle on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.base_model import UNSET
from .tasks import TaskClient

if TYPE_CHECKING:
    from .._runtime.base_model import UnsetType
    from ..enums import PackageType
    from ..inputs import (
        MigrateBlobsInput,
        MigrateInput,
        MigrateSceneScreenshotsInput,
        PackageSpecInput,
        StashBoxBatchTagInput,
    )
    from .job import Job

__all__ = ["MaintenanceClient"]


class MaintenanceClient(TaskClient):
    """The client with every task as a method that answers a `Job`."""

    async def migrate(  # type: ignore[override]  # a handle in place of its id
        self, input: MigrateInput
    ) -> Job:
        """Migrate the database of a server that was upgraded (`migrate`).

        Args:
            input: the root field's input.

        Returns:
            The job that does it.
        """
        return self.job(await super().migrate(input))

    async def migrate_blobs(  # type: ignore[override]  # a handle in place of its id
        self, input: MigrateBlobsInput
    ) -> Job:
        """Move images between the database and the file system (`migrateBlobs`).

        Args:
            input: the root field's input.

        Returns:
            The job that does it.
        """
        return self.job(await super().migrate_blobs(input))

    async def migrate_hash_naming(  # type: ignore[override]  # a handle in place of its id
        self,
    ) -> Job:
        """Rename generated files after a change of the naming hash (`migrateHashNaming`).

        Returns:
            The job that does it.
        """
        return self.job(await super().migrate_hash_naming())

    async def migrate_scene_screenshots(  # type: ignore[override]  # a handle in place of its id
        self, input: MigrateSceneScreenshotsInput
    ) -> Job:
        """Take over screenshots of releases before blobs (`migrateSceneScreenshots`).

        Args:
            input: the root field's input.

        Returns:
            The job that does it.
        """
        return self.job(await super().migrate_scene_screenshots(input))

    async def download_ff_mpeg(  # type: ignore[override]  # a handle in place of its id
        self,
    ) -> Job:
        """Download ffmpeg to the server (`downloadFFMpeg`).

        Returns:
            The job that does it.
        """
        return self.job(await super().download_ff_mpeg())

    async def install_packages(  # type: ignore[override]  # a handle in place of its id
        self, type: PackageType, packages: list[PackageSpecInput]
    ) -> Job:
        """Install plugins or scrapers (`installPackages`).

        Args:
            type: plugins or scrapers.
            packages: which ones, by id and source.

        Returns:
            The job that does it.
        """
        return self.job(await super().install_packages(type, packages))

    async def update_packages(  # type: ignore[override]  # a handle in place of its id
        self, type: PackageType, packages: list[PackageSpecInput] | None | UnsetType = UNSET
    ) -> Job:
        """Update plugins or scrapers, all of them when none are named (`updatePackages`).

        Args:
            type: plugins or scrapers.
            packages: which ones, by id and source.

        Returns:
            The job that does it.
        """
        return self.job(await super().update_packages(type, packages))

    async def uninstall_packages(  # type: ignore[override]  # a handle in place of its id
        self, type: PackageType, packages: list[PackageSpecInput]
    ) -> Job:
        """Uninstall plugins or scrapers (`uninstallPackages`).

        Args:
            type: plugins or scrapers.
            packages: which ones, by id and source.

        Returns:
            The job that does it.
        """
        return self.job(await super().uninstall_packages(type, packages))

    async def stash_box_batch_performer_tag(  # type: ignore[override]  # a handle in place of its id
        self, input: StashBoxBatchTagInput
    ) -> Job:
        """Look many performers up at a stash-box and take over what is found (`stashBoxBatchPerformerTag`).

        Args:
            input: the root field's input.

        Returns:
            The job that does it.
        """
        return self.job(await super().stash_box_batch_performer_tag(input))

    async def stash_box_batch_studio_tag(  # type: ignore[override]  # a handle in place of its id
        self, input: StashBoxBatchTagInput
    ) -> Job:
        """Look many studios up at a stash-box and take over what is found (`stashBoxBatchStudioTag`).

        Args:
            input: the root field's input.

        Returns:
            The job that does it.
        """
        return self.job(await super().stash_box_batch_studio_tag(input))
