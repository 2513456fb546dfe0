"""Procedures that request a file from the server and return its URL."""

from __future__ import annotations

from collections.abc import Mapping

from .._runtime.keyword_input import input_of
from .._runtime.steps import Ask, Procedure
from .partial_file import link_or_raise

__all__ = ["anonymised", "backup", "export"]


def backup(download: bool) -> Procedure[str]:
    """Back up the database, and return the URL of the backup if `download` is set."""
    from stash_typed_graphql.backup_database import OPERATION, BackupDatabaseData

    from ..inputs import BackupDatabaseInput

    given = BackupDatabaseInput(download=download)
    data: BackupDatabaseData = yield Ask(OPERATION, BackupDatabaseData, {"input": given})
    return link_or_raise(data.backup_database, "backup") if download else ""


def anonymised(download: bool) -> Procedure[str]:
    """Copy the database without names and paths, and return its URL if `download` is set."""
    from stash_typed_graphql.anonymise_database import OPERATION, AnonymiseDatabaseData

    from ..inputs import AnonymiseDatabaseInput

    given = AnonymiseDatabaseInput(download=download)
    data: AnonymiseDatabaseData = yield Ask(OPERATION, AnonymiseDatabaseData, {"input": given})
    return link_or_raise(data.anonymise_database, "anonymised copy") if download else ""


def export(options: Mapping[str, object]) -> Procedure[str]:
    """Export objects."""
    from stash_typed_graphql.export_objects import OPERATION, ExportObjectsData

    from ..inputs import ExportObjectsInput

    given = input_of(ExportObjectsInput, "export_objects", options)
    data: ExportObjectsData = yield Ask(OPERATION, ExportObjectsData, {"input": given})
    return link_or_raise(data.export_objects, "export")
