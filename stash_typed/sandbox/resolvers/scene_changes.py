"""Creating, changing, destroying and merging scenes, and their histories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import mutation
from stash_typed.sandbox.store.changes import Changes, ListChange
from stash_typed.sandbox.store.history import History
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kinds import SCENE
from stash_typed.sandbox.store.scenes import Scenes

from ..graphql.inputs import changes_from, image_data
from .deleting import delete_files_of
from .ids import number, numbers

__all__: list[str] = []

_Input = Mapping[str, Any]


def _scenes(info: GraphQLResolveInfo) -> Scenes:
    return context_of(info).store.scenes


def _scene_changes(given: _Input, *, new: bool = False) -> Changes:
    """Translate an input; where a scene was left is changed by its own mutation alone."""
    changes = changes_from(SCENE, given, new=new, skip=("resume_time",))
    for name, member in (("groups", "group_id"), ("movies", "movie_id")):
        if name in given and changes.groups is None and (given[name] or not new):
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
    if given.get("primary_file_id"):
        value = given["primary_file_id"]
        changes.primary_file_id = number(
            value, f"converting primary file id: converting {value} to int"
        )
    cover = image_data(given.get("cover_image"), "cover image")
    if cover:
        changes.blobs["cover"] = cover
    return changes


def _group_id(text: str, name: str) -> int:
    try:
        return number(text)
    except AnswerError as problem:
        kind = "group" if name == "groups" else "movie"
        raise AnswerError(f"converting {name}: invalid {kind} ID: {text}") from problem


@mutation("sceneCreate")
def scene_create(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Add a scene."""
    scenes = _scenes(info)
    files = numbers(input.get("file_ids"), "converting file ids")
    return scenes.get(scenes.create_with_files(_scene_changes(input, new=True), files))


def _update(scenes: Scenes, given: _Input) -> int:
    key = number(given["id"], "converting id")
    scenes.require(key)
    changes = _scene_changes(given)
    scenes.check_edit(key, changes)
    scenes.update(key, changes)
    return key


@mutation("sceneUpdate")
def scene_update(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Change a scene."""
    scenes = _scenes(info)
    with scenes.database.transaction():
        key = _update(scenes, input)
    return scenes.get(key)


@mutation("scenesUpdate")
def scenes_update(
    _parent: None, info: GraphQLResolveInfo, *, input: Sequence[_Input]
) -> list[Item] | None:
    """Change scenes, all or none."""
    scenes = _scenes(info)
    with scenes.database.transaction():
        keys = [_update(scenes, each) for each in input]
    return scenes.read(keys) or None


@mutation("bulkSceneUpdate")
def bulk_scene_update(
    _parent: None, info: GraphQLResolveInfo, *, input: _Input
) -> list[Item] | None:
    """Change scenes in the same way, all or none."""
    scenes = _scenes(info)
    keys = numbers(input.get("ids"), "converting ids")
    changes = _scene_changes(input)
    with scenes.database.transaction():
        for key in keys:
            scenes.update(key, changes)
    return scenes.read(keys) or None


@mutation("sceneDestroy")
def scene_destroy(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Destroy a scene."""
    return _destroy(info, [number(input["id"], "converting id")], input)


@mutation("scenesDestroy")
def scenes_destroy(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Destroy scenes, all or none."""
    return _destroy(info, numbers(input["ids"], "converting ids"), input)


def _destroy(info: GraphQLResolveInfo, keys: Sequence[int], given: _Input) -> bool:
    scenes = _scenes(info)
    with delete_files_of(info, scenes, keys, bool(given.get("delete_file"))):
        scenes.destroy(keys)
    return True


@mutation("sceneMerge")
def scene_merge(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Merge scenes into another."""
    scenes = _scenes(info)
    sources = numbers(input["source"], "converting source ids")
    destination = number(input["destination"], "converting destination id")
    changes = _scene_changes(input.get("values") or {})
    plays, o_counts = bool(input.get("play_history")), bool(input.get("o_history"))
    scenes.merge(sources, destination, changes, plays=plays, o_counts=o_counts)
    return scenes.get(destination)


@mutation("sceneAssignFile")
def scene_assign_file(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Return a scene a file."""
    scene = number(input["scene_id"], "converting scene id")
    file = number(input["file_id"], "converting file id")
    try:
        _scenes(info).assign_file(scene, file)
    except AnswerError as problem:
        raise AnswerError(f"assigning file to scene: {problem}") from problem
    return True


@mutation("sceneSaveActivity")
def scene_save_activity(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    id: str,
    resume_time: float | None = None,
    **given: float | None,
) -> bool:
    """Keep where a scene was left and add to how long it was played."""
    key = number(id, "converting id")
    _scenes(info).save_activity(key, resume_time, given.get("playDuration"))
    return True


@mutation("sceneResetActivity")
def scene_reset_activity(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    id: str,
    reset_resume: bool | None = None,
    reset_duration: bool | None = None,
) -> bool:
    """Forget where a scene was left, how long it was played, or both."""
    key = number(id, "converting id")
    _scenes(info).reset_activity(key, resume=bool(reset_resume), duration=bool(reset_duration))
    return True


_Times = Sequence[str] | None


def _result(moments: Sequence[str]) -> dict[str, Any]:
    return {"count": len(moments), "history": moments}


@mutation("sceneAddO")
def scene_add_o(
    _parent: None, info: GraphQLResolveInfo, *, id: str, times: _Times = None
) -> dict[str, Any]:
    """Add moments to the o-count."""
    return _result(_scenes(info).o_counts.add(number(id, "converting id"), times or ()))


@mutation("sceneDeleteO")
def scene_delete_o(
    _parent: None, info: GraphQLResolveInfo, *, id: str, times: _Times = None
) -> dict[str, Any]:
    """Take moments out of the o-count."""
    return _result(_scenes(info).o_counts.remove(number(id, "converting id"), times or ()))


@mutation("sceneAddPlay")
def scene_add_play(
    _parent: None, info: GraphQLResolveInfo, *, id: str, times: _Times = None
) -> dict[str, Any]:
    """Note when a scene was played."""
    return _result(_scenes(info).plays.add(number(id, "converting id"), times or ()))


@mutation("sceneDeletePlay")
def scene_delete_play(
    _parent: None, info: GraphQLResolveInfo, *, id: str, times: _Times = None
) -> dict[str, Any]:
    """Forget moments at which a scene was played."""
    return _result(_scenes(info).plays.remove(number(id), times or ()))


@mutation("sceneIncrementO")
def scene_increment_o(_parent: None, info: GraphQLResolveInfo, *, id: str) -> int:
    """Count the o-count up."""
    return len(_scenes(info).o_counts.add(number(id, "converting id"), ()))


@mutation("sceneDecrementO")
def scene_decrement_o(_parent: None, info: GraphQLResolveInfo, *, id: str) -> int:
    """Count the o-count down."""
    return len(_scenes(info).o_counts.remove(number(id, "converting id"), ()))


@mutation("sceneIncrementPlayCount")
def scene_increment_play_count(_parent: None, info: GraphQLResolveInfo, *, id: str) -> int:
    """Count a play."""
    return len(_scenes(info).plays.add(number(id, "converting id"), ()))


@mutation("sceneResetO")
def scene_reset_o(_parent: None, info: GraphQLResolveInfo, *, id: str) -> int:
    """Forget the o-count."""
    return _clear(_scenes(info).o_counts, number(id, "converting id"))


@mutation("sceneResetPlayCount")
def scene_reset_play_count(_parent: None, info: GraphQLResolveInfo, *, id: str) -> int:
    """Forget that a scene was played."""
    return _clear(_scenes(info).plays, number(id))


def _clear(history: History, key: int) -> int:
    history.clear(key)
    return len(history.moments(key))
