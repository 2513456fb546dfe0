"""The server about itself: version, status, setup, migration, log, folders, what it does not have."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import AnswerError
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import mutation, query
from ..jobs import JobHandle
from ..logbook import LogEntry
from ..state import DATABASE_SCHEMA


@query("version")
def version(_parent: None, info: Info) -> dict[str, object]:
    return {"version": context_of(info).state.version, "hash": "", "build_time": ""}


@query("latestversion")
def latest_version(_parent: None, info: Info) -> None:
    """Fail as a server without network does: the sandbox makes no requests."""
    host = "api.github.com"
    raise AnswerError(
        f'Github API request failed: Get "https://{host}/repos/stashapp/stash/releases/latest":'
        f" dial tcp: lookup {host}: no such host"
    )


@query("systemStatus")
def system_status(_parent: None, info: Info) -> dict[str, object]:
    state = context_of(info).state
    ready = state.status != "SETUP"
    schema = {"SETUP": 0, "NEEDS_MIGRATION": DATABASE_SCHEMA - 1, "OK": DATABASE_SCHEMA}
    return {
        "databaseSchema": schema[state.status],
        "databasePath": str(state.database_path) if ready else "",
        "configPath": state.config.general["configFilePath"],
        "appSchema": DATABASE_SCHEMA,
        "status": state.status,
        "os": {"win32": "windows", "darwin": "darwin"}.get(sys.platform, "linux"),
        "workingDir": str(state.root),
        "homeDir": os.path.expanduser("~"),
        "ffmpegPath": (shutil.which("ffmpeg") or "") if ready else "",
        "ffprobePath": (shutil.which("ffprobe") or "") if ready else "",
    }


@mutation("setup")
def setup(_parent: None, info: Info, *, input: Input) -> bool:
    state = context_of(info).state
    if state.status != "SETUP":
        raise AnswerError("setup has already been completed")
    general = state.config.general
    config_file = Path(str(input["configLocation"] or general["configFilePath"]))
    home = config_file.parent
    chosen: dict[str, Any] = {
        "databasePath": input["databaseFile"] or str(home / "stash-go.sqlite"),
        "generatedPath": input["generatedLocation"] or str(home / "generated"),
        "cachePath": input["cacheLocation"] or str(home / "cache"),
        "blobsPath": input["blobsLocation"],
        "blobsStorage": "DATABASE" if input["storeBlobsInDatabase"] else "FILESYSTEM",
        "configFilePath": str(config_file),
        "stashes": [dict(each) for each in input["stashes"]],
    }
    named = [chosen[name] for name in ("databasePath", "generatedPath", "cachePath")]
    for path in (*named, *(each["path"] for each in input["stashes"])):
        state.folders.inside(path)
    for name in ("generatedPath", "cachePath"):
        state.folders.make(chosen[name])
    general.update(chosen)
    state.open_store()
    state.config.changed()
    return True


@mutation("migrate")
def migrate(_parent: None, info: Info, *, input: Input) -> str:
    context = context_of(info)
    state = context.state

    def task(job: JobHandle) -> None:
        job.set_total(1)
        with job.step("Migrating database"):
            if state.store is None:
                state.open_store()

    if not input["backupPath"]:
        state.log.add("Info", "no backup path was given")
    return context.jobs.add("Migrating database...", task)


@query("logs")
def logs(_parent: None, info: Info) -> list[LogEntry]:
    return context_of(info).state.log.latest()


@query("directory")
def directory(
    _parent: None, info: Info, *, path: str | None = None, locale: str | None = None
) -> dict[str, object]:
    """Return the folders in a folder that the sandbox was given; in its own where none is named."""
    state = context_of(info).state
    place = Path(path) if path else state.root
    state.folders.inside(place)
    if not state.folders.is_folder(place):
        raise AnswerError(f"open {place}: no such file or directory")
    inside = (place / name for name in state.folders.names(place) if name[0] != ".")
    found = sorted(
        (str(each) for each in inside if state.folders.is_folder(each)), key=str.casefold
    )
    parent = str(place.parent) if place.parent != place else None
    return {"path": str(place), "parent": parent, "directories": found}


_NOTHING: dict[str, object] = {
    "plugins": None,
    "pluginTasks": None,
    "installedPackages": [],
    "dlnaStatus": {
        "running": False,
        "until": None,
        "recentIPAddresses": [],
        "allowedIPAddresses": [],
    },
}
"""What a server answers that has no plugins, no packages and no DLNA."""


def _answer(value: object) -> Callable[..., object]:
    def resolve(_parent: None, _info: Info, **_arguments: object) -> object:
        return value

    return resolve


for _name, _value in _NOTHING.items():
    query(_name)(_answer(_value))


@mutation("reloadPlugins", "reloadScrapers", "setPluginsEnabled")
def reload(_parent: None, _info: Info, **_arguments: object) -> bool:
    """Return at once: there is nothing to load or to switch, whatever its name."""
    return True
