"""Creating, changing, destroying and merging scenes, and their histories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..errors import AnswerError
from ..graphql.context import Info, Input, context_of
from ..graphql.inputs import number, numbers
from ..graphql.registry import mutation
from ..store import Changes, Item, ListChange
from ..store.kinds import SCENE
from ..store.scenes import History, Scenes
from .declaring import Declaration, Mode
from .deleting import destroy_with_files


def _changes(changes: Changes, given: Input, mode: Mode) -> None:
    """Add the groups, which have two names."""
    for name, member in (("groups", "group_id"), ("movies", "movie_id")):
        if name in given and changes.groups is None and (given[name] or mode != "create"):
            changes.groups = ListChange(
                [
                    (_group_id(each[member], name), each.get("scene_index"))
                    for each in given[name] or ()
                ]
            )
    for name in ("group_ids", "movie_ids"):
        value = given.get(name)
        if value is not None and changes.groups is None:
            ids: list[str] = value.get("ids") or []
            doing = f"converting {name.replace('_', ' ')}: converting ids [[{' '.join(ids)}]]"
            keys = numbers(ids, doing)
            changes.groups = ListChange([(key, None) for key in keys], value["mode"])


def _group_id(text: str, name: str) -> int:
    try:
        return number(text)
    except AnswerError as problem:
        kind = name.removesuffix("s")
        raise AnswerError(f"converting {name}: invalid {kind} ID: {text}") from problem


def _create(scenes: Scenes, changes: Changes, given: Input) -> int:
    return scenes.create_with_files(changes, numbers(given.get("file_ids"), "converting file ids"))


scenes: Declaration = Declaration(
    SCENE,
    "Scenes",
    # By the path of the first file; those without come first.
    everything="select s.id from scenes s"
    ' left join scenes_files l on l.scene_id = s.id and l."primary" = 1'
    " left join files f on f.id = l.file_id left join folders d on d.id = f.parent_folder_id"
    " order by d.path, f.basename, s.date",
    skip=("resume_time",),  # changed by its own mutation alone
    changes=_changes,
    create=_create,
    destroy=destroy_with_files,
)
scenes.declare()


@mutation("sceneMerge")
def scene_merge(_parent: None, info: Info, *, input: Input) -> Item | None:
    store = context_of(info).store
    sources = numbers(input["source"], "converting source ids")
    destination = number(input["destination"], "converting destination id")
    changes = scenes.read(input.get("values") or {}, "update")
    plays, o_counts = bool(input.get("play_history")), bool(input.get("o_history"))
    store.scenes.merge(sources, destination, changes, plays=plays, o_counts=o_counts)
    return store.scenes.get(destination)


@mutation("sceneAssignFile")
def scene_assign_file(_parent: None, info: Info, *, input: Input) -> bool:
    scene = number(input["scene_id"], "converting scene id")
    file = number(input["file_id"], "converting file id")
    try:
        context_of(info).store.scenes.assign_file(scene, file)
    except AnswerError as problem:
        raise AnswerError(f"assigning file to scene: {problem}") from problem
    return True


@mutation("sceneSaveActivity")
def scene_save_activity(
    _parent: None, info: Info, *, id: str, resume_time: float | None = None, **given: float | None
) -> bool:
    key = number(id, "converting id")
    context_of(info).store.scenes.save_activity(key, resume_time, given.get("playDuration"))
    return True


@mutation("sceneResetActivity")
def scene_reset_activity(
    _parent: None,
    info: Info,
    *,
    id: str,
    reset_resume: bool | None = None,
    reset_duration: bool | None = None,
) -> bool:
    key = number(id, "converting id")
    context_of(info).store.scenes.reset_activity(
        key, resume=bool(reset_resume), duration=bool(reset_duration)
    )
    return True


_Times = Sequence[str] | None


def _declare_history(name: str, count: str, of: Callable[[Scenes], History], bare: str) -> None:
    """Declare the mutations of a history; `bare` ones have a shorter error for an invalid id."""

    def history(info: Info) -> History:
        return of(context_of(info).store.scenes)

    def key(id: str, field: str) -> int:
        return number(id, "" if field in bare.split() else "converting id")

    def result(moments: Sequence[str]) -> dict[str, Any]:
        return {"count": len(moments), "history": moments}

    def add(_parent: None, info: Info, *, id: str, times: _Times = None) -> dict[str, Any]:
        return result(history(info).add(key(id, "Add"), times or ()))

    def delete(_parent: None, info: Info, *, id: str, times: _Times = None) -> dict[str, Any]:
        return result(history(info).remove(key(id, "Delete"), times or ()))

    def increment(_parent: None, info: Info, *, id: str) -> int:
        return len(history(info).add(key(id, "Increment"), ()))

    def decrement(_parent: None, info: Info, *, id: str) -> int:
        return len(history(info).remove(key(id, "Decrement"), ()))

    def reset(_parent: None, info: Info, *, id: str) -> int:
        scene = key(id, "Reset")
        history(info).clear(scene)
        return len(history(info).moments(scene))

    mutation(f"sceneAdd{name}")(add)
    mutation(f"sceneDelete{name}")(delete)
    mutation(f"sceneIncrement{count}")(increment)
    mutation(f"sceneDecrement{count}")(decrement)
    mutation(f"sceneReset{count}")(reset)


_declare_history("O", "O", lambda objects: objects.o_counts, bare="")
_declare_history("Play", "PlayCount", lambda objects: objects.plays, bare="Delete Reset")
