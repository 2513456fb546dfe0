"""Tasks: each starts a job on the server and answers a handle on it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from stash_typed_graphql.client import Operations

from .job import Job
from .task_input import import_input, named_job, task_input
from .watch import JobRecord

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
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
    from .feed import JobFeed

__all__ = ["TaskClient"]


class TaskClient(Operations[Job]):
    """The generated client, and its tasks as methods that answer a `Job`."""

    @cached_property
    def _job_feed(self) -> JobFeed:
        from .feed import JobFeed

        return JobFeed(self)

    def job(self, job_id: str, *, add_time: datetime | None = None) -> Job:
        """Give a handle on a job that was started before, here or elsewhere. Nothing is sent.

        Args:
            job_id: as `job_queue()` lists it.
            add_time: when it was added, as `job_queue()` lists that, or a handle on it knew. The
                server counts anew when it starts: without it whatever job has that id is meant.

        Raises:
            JobUnknownError: the id is empty.
        """
        record = JobRecord(named_job(job_id), add_time)
        return Job(self, job_id, record=record, feed=self._job_feed)

    async def _started(self, send: Callable[[], Awaitable[str]]) -> Job:
        record = await self._job_feed.start(send)
        return Job(self, record.job_id, record=record, feed=self._job_feed)

    async def scan(self, **options: Unpack[ScanMetadataArguments]) -> Job:
        """Scan the library's folders for new and changed files (`metadataScan`).

        Args:
            **options: the fields of `ScanMetadataInput`: `paths`, `rescan`, `scan_generate_covers` …;
                without `paths` the whole library is scanned.

        Returns:
            The job that scans.

        Raises:
            TypeError: an option is misspelt.
        """
        from ..inputs import ScanMetadataInput

        model = task_input(ScanMetadataInput, "scan", options)
        return await self._started(lambda: self.metadata_scan(model))

    async def generate(self, **options: Unpack[GenerateMetadataArguments]) -> Job:
        """Generate supporting files (`metadataGenerate`).

        Args:
            **options: the fields of `GenerateMetadataInput`: `covers`, `sprites`, `previews`,
                `image_previews`, `markers`, `transcodes`, `phashes`, `interactive_heatmaps_speeds`,
                `image_thumbnails`, `clip_previews` … and `scene_ids` to do it for some scenes only.

        Returns:
            The job that generates.

        Raises:
            TypeError: an option is misspelt.
        """
        from ..inputs import GenerateMetadataInput

        model = task_input(GenerateMetadataInput, "generate", options)
        return await self._started(lambda: self.metadata_generate(model))

    async def auto_tag(self, **options: Unpack[AutoTagMetadataArguments]) -> Job:
        """Assign performers, studios and tags whose names are in file paths (`metadataAutoTag`).

        Args:
            **options: the fields of `AutoTagMetadataInput`; `["*"]` as `performers`, `studios` or
                `tags` means all of them.

        Returns:
            The job that tags.

        Raises:
            TypeError: an option is misspelt.
        """
        from ..inputs import AutoTagMetadataInput

        model = task_input(AutoTagMetadataInput, "auto_tag", options)
        return await self._started(lambda: self.metadata_auto_tag(model))

    async def identify(self, **options: Unpack[IdentifyMetadataArguments]) -> Job:
        """Look scenes up at stash-boxes and scrapers, and take over what is found (`metadataIdentify`).

        Args:
            **options: the fields of `IdentifyMetadataInput`; `sources` is required.

        Returns:
            The job that identifies.

        Raises:
            TypeError: an option is misspelt.
        """
        from ..inputs import IdentifyMetadataInput

        model = task_input(IdentifyMetadataInput, "identify", options)
        return await self._started(lambda: self.metadata_identify(model))

    async def clean(self, **options: Unpack[CleanMetadataArguments]) -> Job:
        """Remove from the library what is gone from disk (`metadataClean`).

        Args:
            **options: the fields of `CleanMetadataInput`; `dry_run` is required.

        Returns:
            The job that cleans.

        Raises:
            TypeError: an option is misspelt.
        """
        from ..inputs import CleanMetadataInput

        model = task_input(CleanMetadataInput, "clean", options)
        return await self._started(lambda: self.metadata_clean(model))

    async def clean_generated(self, **options: Unpack[CleanGeneratedArguments]) -> Job:
        """Remove generated files that nothing needs any more (`metadataCleanGenerated`).

        Args:
            **options: the fields of `CleanGeneratedInput`; `dry_run` is required.

        Returns:
            The job that cleans.

        Raises:
            TypeError: an option is misspelt.
        """
        from ..inputs import CleanGeneratedInput

        model = task_input(CleanGeneratedInput, "clean_generated", options)
        return await self._started(lambda: self.metadata_clean_generated(model))

    async def export_metadata(self) -> Job:
        """Export the whole library to the server's metadata folder (`metadataExport`).

        Returns:
            The job that exports.
        """
        return await self._started(self.metadata_export)

    async def import_metadata(self) -> Job:
        """Replace the library by what is in the server's metadata folder (`metadataImport`).

        Returns:
            The job that imports.
        """
        return await self._started(self.metadata_import)

    async def import_objects(
        self,
        source: str | Path | bytes | Upload,
        *,
        duplicate_behaviour: ImportDuplicateEnum | None = None,
        missing_ref_behaviour: ImportMissingRefEnum | None = None,
    ) -> Job:
        """Import an archive of objects, such as `export_objects` gives (`importObjects`).

        Args:
            source: path of a zip file, its bytes, or an `Upload`.
            duplicate_behaviour: what to do with objects that exist; IGNORE when not given.
            missing_ref_behaviour: what to do with references to objects that do not exist; IGNORE
                when not given.

        Returns:
            The job that imports.
        """
        from stash_typed_graphql.import_objects import OPERATION, ImportObjectsData

        chosen = import_input(source, duplicate_behaviour, missing_ref_behaviour)
        return await self._start(
            OPERATION, ImportObjectsData, {"input": chosen}, lambda data: data.import_objects
        )

    async def run_plugin_task(
        self,
        plugin_id: str,
        task_name: str | None = None,
        args: Mapping[str, object] | None = None,
        *,
        description: str | None = None,
    ) -> Job:
        """Run a task of a plugin (`runPluginTask`).

        Args:
            plugin_id: the plugin's id, as `plugins()` lists it.
            task_name: the task's name; None runs the plugin with `args` alone.
            args: what the plugin gets as its arguments.
            description: what the job queue shows; the server's words when not given.

        Returns:
            The job that runs it.
        """
        from stash_typed_graphql.run_plugin_task import OPERATION, RunPluginTaskData

        given = {
            "plugin_id": plugin_id,
            "task_name": task_name,
            "description": description,
            "args_map": None if args is None else dict(args),
        }
        variables = {name: value for name, value in given.items() if value is not None}
        return await self._start(
            OPERATION, RunPluginTaskData, variables, lambda data: data.run_plugin_task
        )
