"""Deleting the files of objects that are destroyed, from the data and from the disk."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.content.folders import OutsideError
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.store.visual import Visuals

__all__ = ["check_unlink", "delete_files_of", "unlink"]


@contextmanager
def delete_files_of(
    info: GraphQLResolveInfo, objects: Visuals, keys: Sequence[int], wanted: bool
) -> Generator[None, None, None]:
    """Run a destruction in a transaction; then delete the files that nothing else has."""
    store = context_of(info).store
    paths: list[str] = []
    with store.transaction():
        files = {
            file_id
            for key in (keys if wanted else ())
            for file_id in objects.file_ids(key)
            if set(objects.with_file(file_id)) <= set(keys)
        }
        yield
        for file in store.files.read(sorted(files)):
            if file["zip_file_id"] is None:
                check_unlink(info, file["path"])
                paths.append(file["path"])
                store.files.remove([file.key])
    for path in paths:
        unlink(info, path)


def check_unlink(info: GraphQLResolveInfo, path: str) -> None:
    """See to it that `unlink` will do; call it before the data forget the file."""
    state = context_of(info).state
    if not _in_library(info, path):
        return
    if state.folders.holds(path):
        state.folders.check_removal(path)
    else:
        state.log.add("Warning", f"{path} is not deleted: {OutsideError(path)}")


def unlink(info: GraphQLResolveInfo, path: str) -> None:
    """Delete a file on disk, if it is there and lies in the library."""
    folders = context_of(info).state.folders
    if _in_library(info, path) and folders.holds(path):
        folders.remove(path)


def _in_library(info: GraphQLResolveInfo, path: str) -> bool:
    stashes = context_of(info).state.config.general["stashes"]
    return any(Path(path).is_relative_to(stash["path"]) for stash in stashes)
