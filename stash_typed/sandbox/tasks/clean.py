"""Clean: removes missing files from the library, and generated files that are not needed."""

from __future__ import annotations

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
            place = state.folders.inside(state.generated_path / folder)
            for path in state.folders.files_below(state.generated_path / folder):
                owner = path.relative_to(place).parts[0] if folder == "markers" else path.name
                if owner.partition(".")[0].partition("_")[0] not in needed:
                    state.log.add("Info", f"Deleting {path}")
                    if not wishes.get("dryRun"):
                        state.folders.remove(path)
