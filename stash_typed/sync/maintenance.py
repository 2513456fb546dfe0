"""The rarer tasks: migrations, packages, stash-boxes. Their root fields answer a job's id; here, a handle on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.base_model import UNSET
from .tasks import SyncTaskClient

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
    from .jobs import SyncJob

__all__ = ["SyncMaintenanceClient"]


class SyncMaintenanceClient(SyncTaskClient):
    """The client with every task as a method that answers a `SyncJob`."""

    def migrate(  # type: ignore[override]  # a handle in place of its id
        self, input: MigrateInput
    ) -> SyncJob:
        """Migrate the database of a server that was upgraded. As `StashClient.migrate`."""
        return self.job(super().migrate(input))

    def migrate_blobs(  # type: ignore[override]  # a handle in place of its id
        self, input: MigrateBlobsInput
    ) -> SyncJob:
        """Move images between the database and the file system. As `StashClient.migrate_blobs`."""
        return self.job(super().migrate_blobs(input))

    def migrate_hash_naming(  # type: ignore[override]  # a handle in place of its id
        self,
    ) -> SyncJob:
        """Rename generated files after a change of the naming hash. As `StashClient.migrate_hash_naming`."""
        return self.job(super().migrate_hash_naming())

    def migrate_scene_screenshots(  # type: ignore[override]  # a handle in place of its id
        self, input: MigrateSceneScreenshotsInput
    ) -> SyncJob:
        """Take over screenshots of releases before blobs. As `StashClient.migrate_scene_screenshots`."""
        return self.job(super().migrate_scene_screenshots(input))

    def download_ff_mpeg(  # type: ignore[override]  # a handle in place of its id
        self,
    ) -> SyncJob:
        """Download ffmpeg to the server. As `StashClient.download_ff_mpeg`."""
        return self.job(super().download_ff_mpeg())

    def install_packages(  # type: ignore[override]  # a handle in place of its id
        self, type: PackageType, packages: list[PackageSpecInput]
    ) -> SyncJob:
        """Install plugins or scrapers. As `StashClient.install_packages`."""
        return self.job(super().install_packages(type, packages))

    def update_packages(  # type: ignore[override]  # a handle in place of its id
        self, type: PackageType, packages: list[PackageSpecInput] | None | UnsetType = UNSET
    ) -> SyncJob:
        """Update plugins or scrapers, all of them when none are named. As `StashClient.update_packages`."""
        return self.job(super().update_packages(type, packages))

    def uninstall_packages(  # type: ignore[override]  # a handle in place of its id
        self, type: PackageType, packages: list[PackageSpecInput]
    ) -> SyncJob:
        """Uninstall plugins or scrapers. As `StashClient.uninstall_packages`."""
        return self.job(super().uninstall_packages(type, packages))

    def stash_box_batch_performer_tag(  # type: ignore[override]  # a handle in place of its id
        self, input: StashBoxBatchTagInput
    ) -> SyncJob:
        """Look many performers up at a stash-box and take over what is found. As `StashClient.stash_box_batch_performer_tag`."""
        return self.job(super().stash_box_batch_performer_tag(input))

    def stash_box_batch_studio_tag(  # type: ignore[override]  # a handle in place of its id
        self, input: StashBoxBatchTagInput
    ) -> SyncJob:
        """Look many studios up at a stash-box and take over what is found. As `StashClient.stash_box_batch_studio_tag`."""
        return self.job(super().stash_box_batch_studio_tag(input))
