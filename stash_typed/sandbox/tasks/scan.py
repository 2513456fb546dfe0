"""Scan: walks the library's folders and brings the data up to date with what lies there."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.clock import format_time
from stash_typed.sandbox.context import context_of
from stash_typed.sandbox.jobs import JobHandle
from stash_typed.sandbox.probing import kind_of, md5, picture_facts, video_facts
from stash_typed.sandbox.registry import mutation
from stash_typed.sandbox.state import ServerState
from stash_typed.sandbox.store import FileFacts
from stash_typed.sandbox.store.moments import parse_timestamp

from .generate import Picks, generate_for_scene

__all__: list[str] = []


@dataclass(frozen=True)
class _Root:
    path: Path
    videos: bool
    images: bool


@mutation("metadataScan")
def metadata_scan(_parent: None, info: GraphQLResolveInfo, *, input: Mapping[str, Any]) -> str:
    """Start a scan of the whole library, or of the folders and files named by `paths`."""
    context = context_of(info)
    state = context.state
    state.require_store()
    limits: Mapping[str, str | None] = input.get("filter") or {}
    oldest = limits.get("minModTime")
    since = "" if oldest is None else parse_timestamp(oldest)

    def task(job: JobHandle) -> None:
        _scan(state, job, input, since)
        for listener in list(state.scan_listeners):
            listener()

    return context.jobs.add("Scanning...", task)


def _scan(state: ServerState, job: JobHandle, wishes: Mapping[str, Any], since: str) -> None:
    started = time.monotonic()
    roots = list(_roots(state, wishes.get("paths")))
    state.log.add("Info", f"scanning {len(roots)} paths")
    if not roots:
        return
    job.indefinite()
    with job.doing("Walking directory tree"):
        walked = [(root, path) for root in roots for path in _walk(root, state)]
        _note_folders(state, [path for _, path in walked if path.is_dir()])
    found = [
        (root, path)
        for root, path in walked
        if not path.is_dir() and (not since or _modified(path) >= since)
    ]
    state.log.add("Info", f"Finished adding files to queue. {len(found)} files queued")
    picks = Picks.for_scan(wishes)
    job.set_total(len(found))
    scenes: list[int] = []
    for root, path in found:
        with job.step(f"Scanning {path}"):
            try:
                scenes += _scan_file(state, root, path, rescan=bool(wishes.get("rescan")))
            except (OSError, zipfile.BadZipFile) as problem:
                state.log.add("Error", f'error processing "{path}": {problem}')
    for scene in scenes:
        job.check()
        generate_for_scene(state, scene, picks)
    elapsed = time.monotonic() - started
    state.log.add("Info", f"Scan finished ({elapsed:.6f}s)")


def _scan_file(state: ServerState, root: _Root, path: Path, *, rescan: bool) -> list[int]:
    kind = kind_of(path.name, state.config.general)
    if kind == "video" and root.videos:
        return _scan_video(state, path, rescan=rescan)
    if kind == "image" and root.images:
        _scan_picture(state, path, rescan=rescan)
    elif kind == "gallery" and root.images:
        _scan_archive(state, path, rescan=rescan)
    return []


def _roots(state: ServerState, paths: Sequence[str] | None) -> Iterator[_Root]:
    library = [
        _Root(Path(each["path"]), not each["excludeVideo"], not each["excludeImage"])
        for each in state.config.general["stashes"]
    ]
    if not paths:
        yield from library
        return
    for text in paths:
        path = Path(text)
        home = next((each for each in library if path.is_relative_to(each.path)), None)
        if home is None:
            state.log.add("Warning", f"{text} is not in the configured stash paths")
        else:
            yield _Root(path, home.videos, home.images)


def _walk(root: _Root, state: ServerState) -> Iterator[Path]:
    """Give the folders and files below a folder in the order of their names."""
    if root.path.is_file():
        yield root.path
        return
    general = state.config.general
    videos = [re.compile(each, re.IGNORECASE) for each in general["excludes"]]
    pictures = [re.compile(each, re.IGNORECASE) for each in general["imageExcludes"]]
    pending = [root.path]
    while pending:
        path = pending.pop()
        if path.is_dir():
            yield path
            inside = sorted(path.iterdir(), key=lambda each: each.name, reverse=True)
            pending += [each for each in inside if not each.name.startswith(".")]
            continue
        kind = kind_of(path.name, general)
        patterns = videos if kind == "video" else pictures
        if kind is not None and not any(each.search(str(path)) for each in patterns):
            yield path


def _note_folders(state: ServerState, folders: Sequence[Path]) -> None:
    """Add the folders of the library and those found in it, each after the one above it."""
    store = state.require_store()
    library = [Path(each["path"]) for each in state.config.general["stashes"]]
    with store.transaction():
        for folder in sorted({*library, *folders}):
            if folder.is_dir():
                store.files.folder(str(folder), mod_time=_modified(folder))


def _modified(path: Path) -> str:
    seconds = int(path.stat().st_mtime)
    return format_time(datetime.fromtimestamp(seconds, timezone.utc))


def _entry_time(entry: zipfile.ZipInfo) -> str | None:
    try:
        return format_time(datetime(*entry.date_time, tzinfo=timezone.utc))
    except ValueError:
        # An archive may be written without dates, as month and day 0.
        return None


def _is_known(state: ServerState, path: Path, *, rescan: bool) -> bool:
    known = state.require_store().files.at(str(path))
    return (
        known is not None
        and not rescan
        and known["mod_time"] == _modified(path)
        and known["size"] == path.stat().st_size
    )


def _put(state: ServerState, facts: FileFacts) -> int:
    store = state.require_store()
    if store.files.at(facts.path) is None:
        state.log.add("Info", f"Calculating fingerprints for {facts.path} ...")
    return store.files.put(facts)


def _scan_video(state: ServerState, path: Path, *, rescan: bool) -> list[int]:
    if _is_known(state, path, rescan=rescan):
        return []
    general = state.config.general
    facts = video_facts(path, mod_time=_modified(path), with_md5=general["calculateMD5"])
    if not facts.video_codec:
        state.log.add("Warning", f"only size and hash of {path} are known: ffprobe told nothing")
    store = state.require_store()
    with store.transaction():
        store.files.folder(str(path.parent), mod_time=_modified(path.parent))
        scene = store.scenes.for_file(_put(state, facts), facts)
    state.log.add("Info", f"{path} belongs to scene {scene}")
    return [scene]


def _scan_picture(state: ServerState, path: Path, *, rescan: bool) -> None:
    if _is_known(state, path, rescan=rescan):
        return
    facts = picture_facts(str(path), path.read_bytes(), mod_time=_modified(path))
    store = state.require_store()
    with store.transaction():
        folder = store.files.folder(str(path.parent), mod_time=_modified(path.parent))
        image = store.images.for_file(_put(state, facts), facts)
        if state.config.general["createGalleriesFromFolders"]:
            store.galleries.add_images(store.galleries.for_folder(folder), [image])


def _scan_archive(state: ServerState, path: Path, *, rescan: bool) -> None:
    if _is_known(state, path, rescan=rescan):
        return
    store = state.require_store()
    with store.transaction():
        store.files.folder(str(path.parent), mod_time=_modified(path.parent))
        archive = FileFacts(
            kind="gallery",
            path=str(path),
            size=path.stat().st_size,
            mod_time=_modified(path),
            fingerprints={"md5": md5(path.read_bytes())},
        )
        archive_id = _put(state, archive)
        images: list[int] = []
        if not zipfile.is_zipfile(path):
            reason = "zip: not a valid zip file"
            state.log.add("Error", f'Error scanning zip file "{path}": {reason}')
            return
        with zipfile.ZipFile(path) as content:
            for entry in sorted(content.infolist(), key=lambda each: each.filename):
                if entry.is_dir() or kind_of(entry.filename, state.config.general) != "image":
                    continue
                inner = f"{path}/{entry.filename}"
                modified = _entry_time(entry) or _modified(path)
                store.files.folder(
                    inner.rpartition("/")[0], mod_time=modified, zip_file_id=archive_id
                )
                facts = picture_facts(
                    inner, content.read(entry), mod_time=modified, zip_file_id=archive_id
                )
                images.append(store.images.for_file(_put(state, facts), facts))
        if images:
            store.galleries.add_images(store.galleries.for_zip(archive_id), images)
