"""Backups of the database, as they are or anonymised: beside it, or as a link."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from ..copies.anonymise import anonymise
from ..graphql.context import Info, Input, SandboxContext, context_of
from ..graphql.registry import mutation
from ..state import DATABASE_SCHEMA


@mutation("backupDatabase")
def backup_database(_parent: None, info: Info, *, input: Input) -> str | None:
    """Copy the database; null for a copy beside it, else the copy's link."""
    context = context_of(info)
    path = _place(context, "", download=bool(input.get("download")))
    context.store.backup_to(path)
    return _answer(context, path, download=bool(input.get("download")))


@mutation("anonymiseDatabase")
def anonymise_database(_parent: None, info: Info, *, input: Input) -> str | None:
    """Copy the database without names, paths, texts and pictures."""
    context = context_of(info)
    path = _place(context, ".anonymous", download=bool(input.get("download")))
    context.store.backup_to(path, change=anonymise)
    return _answer(context, path, download=bool(input.get("download")))


def _place(context: SandboxContext, word: str, *, download: bool) -> Path:
    state = context.state
    moment = datetime.now(timezone.utc).strftime("%Y%m%d_%H%M%S")
    name = f"{state.database_path.name}{word}.{DATABASE_SCHEMA}.{moment}"
    chosen = str(state.config.general["backupDirectoryPath"])
    folder = Path(chosen) if chosen else state.database_path.parent
    if download:
        folder = state.downloads.new_folder(state.generated_path)
    return state.folders.place_for(folder / name)


def _answer(context: SandboxContext, path: Path, *, download: bool) -> str | None:
    if not download:
        context.state.log.add("Info", f"Successfully backed up database to {path}")
        return None
    link = context.state.downloads.add(path, "application/octet-stream")
    return f"{context.request_base_url}{link}"
