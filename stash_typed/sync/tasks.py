"""The tasks of `SyncStashClient`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from stash_typed_graphql.sync_client import SyncOperations

from ..jobs.task_input import import_input, named_job, task_input
from ..jobs.watch import JobRecord
from .job_ledger import JobLedger
from .jobs import SyncJob

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from stash_typed_graphql.task_arguments import (
        AutoTagMetadataArguments,
        CleanGeneratedArguments,
        CleanMetadataArguments,
        GenerateMetadataArguments,
        IdentifyMetadataArguments,
        ScanMetadataArguments,
    )
    from typing_extensions import Unpack

    from .._runtime.upload import Upload
    from ..enums import ImportDuplicateEnum, ImportMissingRefEnum

__all__ = ["SyncTaskClient"]


class SyncTaskClient(SyncOperations[SyncJob]):
    """The generated client, and its tasks as methods that answer a `SyncJob`."""

    @cached_property
    def _job_ledger(self) -> JobLedger:
        return JobLedger(self, self._transport)

    def job(self, job_id: str, *, add_time: datetime | None = None) -> SyncJob:
        """Give a handle on a job that was started before, here or elsewhere. Nothing is sent. As `StashClient.job`."""
        record = JobRecord(named_job(job_id), add_time)
        return SyncJob(self, job_id, record=record, ledger=self._job_ledger)

    def _started(self, send: Callable[[], str]) -> SyncJob:
        record = self._job_ledger.start(send)
        return SyncJob(self, record.job_id, record=record, ledger=self._job_ledger)

    def scan(self, **options: Unpack[ScanMetadataArguments]) -> SyncJob:
        """Scan the library's folders for new and changed files (`metadataScan`). As `StashClient.scan`."""
        from ..inputs import ScanMetadataInput

        model = task_input(ScanMetadataInput, "scan", options)
        return self._started(lambda: self.metadata_scan(model))

    def generate(self, **options: Unpack[GenerateMetadataArguments]) -> SyncJob:
        """Generate supporting files (`metadataGenerate`). As `StashClient.generate`."""
        from ..inputs import GenerateMetadataInput

        model = task_input(GenerateMetadataInput, "generate", options)
        return self._started(lambda: self.metadata_generate(model))

    def auto_tag(self, **options: Unpack[AutoTagMetadataArguments]) -> SyncJob:
        """Assign performers, studios and tags whose names are in file paths (`metadataAutoTag`). As `StashClient.auto_tag`."""
        from ..inputs import AutoTagMetadataInput

        model = task_input(AutoTagMetadataInput, "auto_tag", options)
        return self._started(lambda: self.metadata_auto_tag(model))

    def identify(self, **options: Unpack[IdentifyMetadataArguments]) -> SyncJob:
        """Look scenes up at stash-boxes and scrapers, and take over what is found (`metadataIdentify`). As `StashClient.identify`."""
        from ..inputs import IdentifyMetadataInput

        model = task_input(IdentifyMetadataInput, "identify", options)
        return self._started(lambda: self.metadata_identify(model))

    def clean(self, **options: Unpack[CleanMetadataArguments]) -> SyncJob:
        """Remove from the library what is gone from disk (`metadataClean`). As `StashClient.clean`."""
        from ..inputs import CleanMetadataInput

        model = task_input(CleanMetadataInput, "clean", options)
        return self._started(lambda: self.metadata_clean(model))

    def clean_generated(self, **options: Unpack[CleanGeneratedArguments]) -> SyncJob:
        """Remove generated files that nothing needs any more (`metadataCleanGenerated`). As `StashClient.clean_generated`."""
        from ..inputs import CleanGeneratedInput

        model = task_input(CleanGeneratedInput, "clean_generated", options)
        return self._started(lambda: self.metadata_clean_generated(model))

    def export_metadata(self) -> SyncJob:
        """Export the whole library to the server's metadata folder (`metadataExport`). As `StashClient.export_metadata`."""
        return self._started(self.metadata_export)

    def import_metadata(self) -> SyncJob:
        """Replace the library by what is in the server's metadata folder (`metadataImport`). As `StashClient.import_metadata`."""
        return self._started(self.metadata_import)

    def import_objects(
        self,
        source: str | Path | bytes | Upload,
        *,
        duplicate_behaviour: ImportDuplicateEnum | None = None,
        missing_ref_behaviour: ImportMissingRefEnum | None = None,
    ) -> SyncJob:
        """Import an archive of objects, such as `export_objects` gives (`importObjects`). As `StashClient.import_objects`."""
        from stash_typed_graphql.import_objects import OPERATION, ImportObjectsData

        chosen = import_input(source, duplicate_behaviour, missing_ref_behaviour)
        return self._start(
            OPERATION, ImportObjectsData, {"input": chosen}, lambda data: data.import_objects
        )

    def run_plugin_task(
        self,
        plugin_id: str,
        task_name: str | None = None,
        args: Mapping[str, object] | None = None,
        *,
        description: str | None = None,
    ) -> SyncJob:
        """Run a task of a plugin (`runPluginTask`). As `StashClient.run_plugin_task`."""
        from stash_typed_graphql.run_plugin_task import OPERATION, RunPluginTaskData

        given = {
            "plugin_id": plugin_id,
            "task_name": task_name,
            "description": description,
            "args_map": None if args is None else dict(args),
        }
        variables = {name: value for name, value in given.items() if value is not None}
        return self._start(
            OPERATION, RunPluginTaskData, variables, lambda data: data.run_plugin_task
        )
