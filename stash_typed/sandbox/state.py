"""One running sandbox: its settings, data, tasks, log, sessions, downloads and faults."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from .configuration import Configuration
from .content.downloads import Downloads
from .content.folders import Folders, made_folders
from .errors import AnswerError
from .events import Events
from .faults import Faults
from .jobs import Jobs
from .logbook import Logbook
from .options import Options, StartStatus
from .sessions import Sessions
from .store import Store

DATABASE_SCHEMA = 75
"""The database schema version that the real v0.30.1 has; names of backups carry it."""

_VERSION = "v0.30.1"
_SETTING = "configuration"
_OWN = ("generated", "cache")


class ServerState:
    def __init__(self, options: Options) -> None:
        self.options = options
        self._temporary = options.data is None
        self.root: Path = (
            Path(tempfile.mkdtemp(prefix="stash-sandbox-"))
            if options.data is None
            else options.data.absolute()
        )
        self.root.mkdir(parents=True, exist_ok=True)
        self.folders: Folders = Folders(
            (self.root, *options.media, *options.allowed_folders),
            own=[self.root] if self._temporary else made_folders(self.root, _OWN),
            allow_delete=options.allow_delete,
        )
        self.version: str = _served_version(options)
        self.faults: Faults = Faults()
        self.config: Configuration = Configuration(self.root, options.session_seconds)
        self.sessions: Sessions = Sessions(self.config, options.session_seconds)
        self.scans_ended: Events[bool] = Events()
        self.status: StartStatus = options.status
        self.store: Store | None = None
        self._forget()
        if options.status == "OK":
            self._set_up()

    @property
    def database_path(self) -> Path:
        return Path(str(self.config.general["databasePath"]))

    @property
    def generated_path(self) -> Path:
        return Path(str(self.config.general["generatedPath"]))

    def open_store(self) -> Store:
        """Open the database at the configured path; the server is set up from then on."""
        path = self.folders.inside(self.database_path)
        self.folders.make(path.parent)
        store = Store(path)
        store.on_write = self.faults.before_write
        self.store = store
        self.status = "OK"
        self.config.on_change = lambda: store.set_setting(_SETTING, self.config.dump())
        return store

    def require_store(self) -> Store:
        if self.store is None:
            raise AnswerError("database not initialized")
        return self.store

    def close(self) -> None:
        """Stop the tasks, close the data, and remove a folder that was only for this run."""
        self._end_jobs()
        if self.store is not None:
            self.store.close()
            self.store = None
        if self._temporary:
            shutil.rmtree(self.root, ignore_errors=True)

    def restart(self) -> None:
        """Drop the state that a restarted server loses: jobs, downloads, the log."""
        self._end_jobs()
        self._forget()

    def _forget(self) -> None:
        self.log: Logbook = Logbook()
        self.downloads: Downloads = Downloads(self.folders, seconds=self.options.download_seconds)
        self.jobs: Jobs = Jobs(
            pace=self.options.step_seconds, in_step=self.faults.in_step, log=self.log
        )

    def _end_jobs(self) -> None:
        self.jobs.closing.set()
        self.faults.release_tasks()
        self.jobs.close()

    def _set_up(self) -> None:
        options = self.options
        fresh = not self.database_path.exists()
        store = self.open_store()
        self.config.load(store.get_setting(_SETTING))
        given: dict[str, object] = {}
        if options.media or not self.config.general["stashes"]:
            folders = options.media or (self.root / "media",)
            given["stashes"] = [
                {"path": str(folder.absolute()), "excludeVideo": False, "excludeImage": False}
                for folder in folders
            ]
            for folder in folders:
                self.folders.make(folder)
        for name in ("generatedPath", "cachePath"):
            self.folders.make(self.config.general[name])
        if options.username is not None:
            given.update(username=options.username, password=options.password)
        if options.api_key is not None:
            given["apiKey"] = options.api_key
            if options.username is None and not self.config.has_credentials:
                # A key protects a server only if a name and a password are set.
                given.update(username="sandbox", password=options.api_key)
        self.config.update("general", given)
        if fresh and options.scenes:
            from .store.seed import seed_library

            seed_library(store, scenes=options.scenes, seed=options.seed)


def _served_version(options: Options) -> str:
    if options.schema is None or "\n" in str(options.schema):
        return _VERSION
    named = re.search(r"v\d+\.\d+\.\d+", Path(options.schema).name)
    return named.group() if named else _VERSION
