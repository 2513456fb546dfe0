"""Moving and deleting files, and setting their fingerprints."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from ..clock import now_seconds
from ..errors import AnswerError
from ..graphql.context import Info, Input, context_of
from ..graphql.inputs import number, numbers
from ..graphql.registry import mutation
from ..store.items import Item
from .deleting import check_unlink, unlink


@mutation("fileSetFingerprints")
def file_set_fingerprints(_parent: None, info: Info, *, input: Input) -> bool:
    """Set fingerprints of a file; those without a value are taken away."""
    files = context_of(info).store.files
    key = number(input["id"], "converting id")
    for each in input["fingerprints"]:
        if each["type"] in ("md5", "oshash"):
            raise AnswerError(f"cannot modify {each['type']} fingerprint")
        value = each.get("value")
        if each["type"] == "phash" and value is not None:
            _check_phash(value)
    with files.database.transaction():
        for each in input["fingerprints"]:
            files.set_fingerprint(key, each["type"], each.get("value"))
    return True


def _check_phash(value: str) -> None:
    problem = "invalid syntax"
    if value and all(character in "0123456789abcdefABCDEF" for character in value):
        if int(value, 16) < 1 << 64:
            return
        problem = "value out of range"
    raise AnswerError(f'converting phash {value}: strconv.ParseUint: parsing "{value}": {problem}')


@mutation("deleteFiles")
def delete_files(_parent: None, info: Info, *, ids: Sequence[str]) -> bool:
    """Delete files that are not the primary one of anything, from the data and the disk."""
    files = context_of(info).store.files
    keys = numbers(ids, "converting ids")
    paths: list[str] = []
    with files.database.transaction():
        for key in keys:
            file = files.require(key)
            if files.is_primary(key):
                raise AnswerError(f"cannot delete primary file {file['path']}")
            check_unlink(info, file["path"])
            paths.append(file["path"])
            files.remove([key])
    for path in paths:
        unlink(info, path)
    return True


@mutation("moveFiles")
def move_files(_parent: None, info: Info, *, input: Input) -> bool:
    store = context_of(info).store
    keys = numbers(input["ids"], "converting ids")
    name = input.get("destination_basename")
    moves: list[tuple[Path, Path]] = []
    with store.transaction():
        folder = _destination(info, input)
        if name is not None and re.search(r"[/\\\0]|^\.\.?$", name):
            raise AnswerError(f"{name!r} is no file name")
        if name is not None and len(keys) != 1:
            raise AnswerError("must specify one file when providing destination path")
        for key in keys:
            try:
                file = store.files.require(key)
            except AnswerError as problem:
                raise AnswerError(f"finding file {key}: {problem}") from problem
            if name:
                _check_extension(info, file["basename"], name)
            target = f"{folder['path']}/{name or file['basename']}"
            if file["path"] == target:
                continue
            if file["zip_file_id"] is not None:
                raise AnswerError(f"cannot move file {file['path']}, is in a zip file")
            if store.files.find_id(target) is not None:
                raise AnswerError(f"file {target} already exists")
            store.update(
                "files",
                key,
                {
                    "basename": name or file["basename"],
                    "parent_folder_id": folder.key,
                    "updated_at": now_seconds(),
                },
            )
            moves.append((Path(file["path"]), Path(target)))
        disk = context_of(info).state.folders
        there = [each for each in moves if disk.exists(each[0])]
        for old_place, place in there:
            disk.check_move(old_place, place)
        for old_place, place in there:
            disk.move(old_place, place)
    return True


def _destination(info: Info, given: Input) -> Item:
    context = context_of(info)
    folders = context.store.folders
    key = given.get("destination_folder_id")
    path = given.get("destination_folder")
    if key is not None:
        folder_id = number(key, "converting destination folder id")
        try:
            folder = folders.require(folder_id)
        except AnswerError as problem:
            raise AnswerError(f"finding destination folder: {problem}") from problem
        if folder["zip_file_id"] is not None:
            raise AnswerError(f"cannot move to {folder['path']}, is in a zip file")
        return folder
    if path is None:
        raise AnswerError("must specify destination folder or path")
    stashes = context.state.config.general["stashes"]
    if not any(Path(os.path.normpath(path)).is_relative_to(stash["path"]) for stash in stashes):
        raise AnswerError(f"folder path {path} must be within a stash library path")
    return folders.require(folders.put(path, mod_time=now_seconds()))


def _check_extension(info: Info, old: str, new: str) -> None:
    general = context_of(info).state.config.general
    for name in ("videoExtensions", "imageExtensions", "galleryExtensions"):
        known = [f".{each.lower()}" for each in general[name]]
        if Path(old).suffix.lower() in known and Path(new).suffix.lower() not in known:
            raise AnswerError(f"file extension for {new} is inconsistent with old filename {old}")
