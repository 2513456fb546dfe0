"""Clean: forgets what is gone from the disk, and removes generated files that nothing needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ..content.folders import OutsideError
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import mutation
from ..jobs import JobHandle
from ..state import ServerState


@mutation("metadataClean")
def metadata_clean(_parent: None, info: Info, *, input: Input) -> str:
    """Start forgetting files that are gone or lie outside of the library."""
    state = context_of(info).state
    state.require_store()
    return state.jobs.add(
        "Cleaning...",
        partial(_clean, state, paths=input.get("paths") or [], dry_run=input["dryRun"]),
    )


def _clean(state: ServerState, job: JobHandle, *, paths: list[str], dry_run: bool) -> None:
    store = state.require_store()
    library = [Path(each["path"]) for each in state.config.general["stashes"]]
    known = store.files.all_paths()
    gone: set[int] = set()
    job.set_total(len(known))
    for file_id, text, zip_file_id in known:
        with job.step(f"Checking {text}"):
            path = Path(text)
            if paths and not any(path.is_relative_to(each) for each in paths):
                continue
            inside = any(path.is_relative_to(each) for each in library)
            if inside and not state.folders.holds(path):
                state.log.add("Warning", f"{OutsideError(path)}; {path} is not cleaned")
                continue
            in_zip = zip_file_id is not None
            missing = zip_file_id in gone if in_zip else not state.folders.exists(path)
            if missing or not inside:
                gone.add(file_id)
                state.log.add("Info", f"File not found. Marking to clean: {text}")
    if not dry_run and gone:
        with store.transaction():
            store.files.remove(sorted(gone))


@mutation("metadataCleanGenerated")
def metadata_clean_generated(_parent: None, info: Info, *, input: Input) -> str:
    """Start removing generated files whose scene, image or marker is gone."""
    state = context_of(info).state
    state.require_store()
    return state.jobs.add(
        "Cleaning generated files...", partial(_clean_generated, state, wishes=input)
    )


_FOLDERS = (
    ("sprites", "Cleaning sprite files", "vtt"),
    ("screenshots", "Cleaning screenshot files", "screenshots"),
    ("transcodes", "Cleaning transcode files", "transcodes"),
    ("markers", "Cleaning marker files", "markers"),
    ("imageThumbnails", "Cleaning thumbnail files", "thumbnails"),
)


def _clean_generated(state: ServerState, job: JobHandle, wishes: Input) -> None:
    store = state.require_store()
    needed = set(
        store.column("select fingerprint from files_fingerprints where type in ('oshash', 'md5')")
    )
    chosen = [each for each in _FOLDERS if wishes.get(each[0])]
    job.set_total(len(chosen) + bool(wishes.get("blobFiles")))
    if wishes.get("blobFiles"):
        with job.step("Cleaning blob files"):
            # Pictures lie in the database here, which drops what nothing shows.
            pass
    for _, title, folder in chosen:
        with job.step(title):
            _sweep(state, state.generated_path / folder, needed.__contains__, wishes)


def _sweep(
    state: ServerState, folder: Path, is_needed: Callable[[str], bool], wishes: Input
) -> None:
    folders = state.folders
    place = folders.inside(folder)
    for path in folders.files_below(folder):
        owner = path.relative_to(place).parts[0] if folder.name == "markers" else path.name
        checksum = owner.partition(".")[0].partition("_")[0]
        if not is_needed(checksum):
            state.log.add("Info", f"Deleting {path}")
            if not wishes.get("dryRun"):
                folders.remove(path)
