"""Scan: walks the library's folders and updates the data to match the files."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from ..clock import format_time
from ..content.archives import GALLERY, Archive, ArchiveError
from ..content.folders import OutsideError
from ..content.probing import kind_of, md5, picture_facts, pieces, video_facts
from ..errors import AnswerError
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import mutation
from ..jobs import JobHandle
from ..state import ServerState
from ..store import FileFacts
from ..store.moments import parse_timestamp
from .generate import generate_for_scene, picks_for_scan


@dataclass(frozen=True)
class _Root:
    path: Path
    videos: bool
    images: bool


@mutation("metadataScan")
def metadata_scan(_parent: None, info: Info, *, input: Input) -> str:
    """Start a scan of the whole library, or of the folders and files named by `paths`."""
    state = context_of(info).state
    state.require_store()
    limits: Mapping[str, str | None] = input.get("filter") or {}
    oldest = limits.get("minModTime")
    since = "" if oldest is None else parse_timestamp(oldest)

    def task(job: JobHandle) -> None:
        _scan(state, job, input, since)
        state.scans_ended.tell(True)

    return state.jobs.add("Scanning...", task)


def _scan(state: ServerState, job: JobHandle, wishes: Input, since: str) -> None:
    started = time.monotonic()
    roots = list(_roots(state, wishes.get("paths")))
    state.log.add("Info", f"scanning {len(roots)} paths")
    if not roots:
        return
    job.indefinite()
    with job.doing("Walking directory tree"):
        walked = [(root, path) for root in roots for path in _walk(root, state)]
        _note_folders(state, [path for _, path in walked if state.folders.is_folder(path)])
    found = [
        (root, path)
        for root, path in walked
        if not state.folders.is_folder(path) and (not since or _is_since(state, path, since))
    ]
    state.log.add("Info", f"Finished adding files to queue. {len(found)} files queued")
    picks = picks_for_scan(wishes)
    job.set_total(len(found))
    scenes: list[int] = []
    for root, path in found:
        with job.step(f"Scanning {path}"):
            try:
                scenes += _scan_file(state, root, path, rescan=bool(wishes.get("rescan")))
            except (OSError, AnswerError) as problem:
                state.log.add("Error", f'error processing "{path}": {problem}')
    for scene in scenes:
        job.check()
        generate_for_scene(state, scene, picks)
    elapsed = time.monotonic() - started
    state.log.add("Info", f"Scan finished ({elapsed:.6f}s)")


def _scan_file(state: ServerState, root: _Root, path: Path, *, rescan: bool) -> list[int]:
    """Bring the data up to date with a file; return the scenes whose files are generated."""
    kind = kind_of(path.name, state.config.general)
    wanted = root.videos if kind == "video" else root.images
    if not wanted or _is_known(state, path, rescan=rescan):
        return []
    if kind == "video":
        return [_scan_video(state, path)]
    if kind == "image":
        _scan_picture(state, path)
    elif kind == "gallery":
        _scan_archive(state, path)
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
    folders = state.folders
    folders.inside(root.path)
    if folders.is_file(root.path):
        yield root.path
        return
    general = state.config.general
    videos = [re.compile(each, re.IGNORECASE) for each in general["excludes"]]
    pictures = [re.compile(each, re.IGNORECASE) for each in general["imageExcludes"]]
    pending = [root.path]
    seen: set[Path] = set()
    while pending:
        path = pending.pop()
        if not folders.holds(path):
            state.log.add("Warning", f"{path} is left out: {OutsideError(path)}")
            continue
        if folders.is_folder(path):
            # A link may lead back to where it lies.
            place = folders.inside(path)
            if place not in seen:
                seen.add(place)
                yield path
                names = [each for each in folders.names(path) if not each.startswith(".")]
                pending += [path / name for name in reversed(names)]
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
            if state.folders.is_folder(folder):
                store.folders.put(str(folder), mod_time=_modified(state, folder))


def _modified(state: ServerState, path: Path) -> str:
    seconds = int(state.folders.status(path).st_mtime)
    return format_time(datetime.fromtimestamp(seconds, timezone.utc))


def _is_since(state: ServerState, path: Path, since: str) -> bool:
    try:
        return _modified(state, path) >= since
    except OSError:
        # It is looked at, so that the log says what is wrong with it.
        return True


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
        and known["mod_time"] == _modified(state, path)
        and known["size"] == state.folders.status(path).st_size
    )


def _put(state: ServerState, facts: FileFacts) -> int:
    store = state.require_store()
    if store.files.at(facts.path) is None:
        state.log.add("Info", f"Calculating fingerprints for {facts.path} ...")
    return store.files.put(facts)


def _scan_video(state: ServerState, path: Path) -> int:
    general = state.config.general
    modified = _modified(state, path)
    facts = video_facts(state.folders, path, mod_time=modified, with_md5=general["calculateMD5"])
    if not facts.video_codec:
        state.log.add("Warning", f"only size and hash of {path} are known: ffprobe told nothing")
    store = state.require_store()
    with store.transaction():
        store.folders.put(str(path.parent), mod_time=_modified(state, path.parent))
        scene = store.scenes.for_file(_put(state, facts), facts)
    state.log.add("Info", f"{path} belongs to scene {scene}")
    return scene


def _scan_picture(state: ServerState, path: Path) -> None:
    with state.folders.open(path) as file:
        facts = picture_facts(str(path), pieces(file), mod_time=_modified(state, path))
    store = state.require_store()
    with store.transaction():
        folder = store.folders.put(str(path.parent), mod_time=_modified(state, path.parent))
        image = store.images.for_file(_put(state, facts), facts)
        if state.config.general["createGalleriesFromFolders"]:
            store.galleries.change_images(store.galleries.for_folder(folder), [image], "ADD")


def _scan_archive(state: ServerState, path: Path) -> None:
    store = state.require_store()
    with state.folders.open(path) as file, store.transaction():
        store.folders.put(str(path.parent), mod_time=_modified(state, path.parent))
        archive = FileFacts(
            kind="gallery",
            path=str(path),
            size=state.folders.status(path).st_size,
            mod_time=_modified(state, path),
            fingerprints={"md5": md5(pieces(file))},
        )
        archive_id = _put(state, archive)
        try:
            general = state.config.general
            content = Archive(file, GALLERY, lambda name: kind_of(name, general) == "image")
        except ArchiveError as problem:
            state.log.add("Error", f'Error scanning zip file "{path}": {problem}')
            return
        images = list(_scan_entries(state, path, archive_id, content))
        if images:
            store.galleries.change_images(store.galleries.for_zip(archive_id), images, "ADD")


def _scan_entries(
    state: ServerState, path: Path, archive_id: int, content: Archive
) -> Iterator[int]:
    store = state.require_store()
    for entry in content.entries:
        inner = f"{path}/{entry.filename}"
        modified = _entry_time(entry) or _modified(state, path)
        try:
            facts = picture_facts(
                inner, content.chunks(entry), mod_time=modified, zip_file_id=archive_id
            )
        except AnswerError as problem:
            state.log.add("Error", f'Error scanning "{inner}": {problem}')
            continue
        store.folders.put(inner.rpartition("/")[0], mod_time=modified, zip_file_id=archive_id)
        yield store.images.for_file(_put(state, facts), facts)
