"""Removes names, paths and other identifying data from a copied database."""

from __future__ import annotations

import sqlite3

from ..store.kinds import KINDS

_NUMBERED = {
    "folders": ("path",),
    "files": ("basename",),
    "scenes": ("title", "details", "code", "director"),
    "images": ("title", "details", "code", "photographer"),
    "galleries": ("title", "details", "code", "photographer"),
    "galleries_chapters": ("title",),
    "performers": ("name", "disambiguation", "details", "tattoos", "piercings"),
    "studios": ("name", "details"),
    "tags": ("name", "sort_name", "description"),
    "groups": ("name", "aliases", "description", "director"),
    "scene_markers": ("title",),
}
"""Texts that are replaced by the table's name and the row's id, so that unique ones stay unique."""

_EMPTIED = (
    *(texts.table for kind in KINDS.values() for texts in kind.text_lists),
    *(kind.custom_fields for kind in KINDS.values() if kind.custom_fields),
    *("saved_filters", "sandbox_settings"),
)


def anonymise(connection: sqlite3.Connection) -> None:
    """Replace names, paths and texts by numbers, and delete links, pictures and settings."""
    with connection:
        for table, columns in _NUMBERED.items():
            for column in columns:
                connection.execute(
                    f"update {table} set {column} = '{table}-{column}-' || id"
                    f" where {column} is not null and {column} != ''"
                )
        for kind in KINDS.values():
            for column in kind.blobs.values():
                connection.execute(f"update {kind.table} set {column} = null")
        connection.execute("delete from blobs")
        for table in _EMPTIED:
            connection.execute(f"delete from {table}")
        connection.execute("delete from files_fingerprints where type != 'oshash'")
        connection.execute("update files_fingerprints set fingerprint = printf('%016x', file_id)")
    connection.execute("vacuum")
