"""Whatever is wrong with data is found, and found where it is."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from stash_typed_graphql.find_file import FindFileFindFileVideoFile

from stash_typed.models import (
    Fingerprint,
    Job,
    Scene,
    SceneGroup,
    Stats,
    StudioRef,
    SystemStatus,
    TagRef,
    VideoFile,
)
from stash_typed.testing import fake
from stash_typed.testing.mock.rendering import render
from stash_typed.testing.mock.schema import load_schema
from stash_typed.testing.mock.targets import find_target

SCHEMA = load_schema()
SCENE = fake(
    Scene,
    title="A",
    rating100=80,
    urls=["https://example.org"],
    studio=fake(StudioRef),
    tags=[fake(TagRef), fake(TagRef, id="2")],
    groups=[fake(SceneGroup)],
    files=[fake(VideoFile, fingerprints=[fake(Fingerprint)])],
)
ANSWERS: dict[str, object] = {
    "find_scene": SCENE,
    "find_file": fake(FindFileFindFileVideoFile, fingerprints=[fake(Fingerprint)]),
    "job_queue": [fake(Job), fake(Job, sub_tasks=["a", "b"])],
    "stats": fake(Stats),
    "system_status": fake(SystemStatus),
}

Path = tuple[str | int, ...]


def _rendered(method: str, value: object) -> tuple[Any, list[str]]:
    target = find_target(method, SCHEMA)
    rendered = render(value, target.document, SCHEMA)
    return rendered.data, rendered.faults


def _paths(value: object, path: Path = ()) -> list[Path]:
    """Every place in a JSON value."""
    steps: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        steps = list(cast("dict[str | int, object]", value).items())
    elif isinstance(value, list):
        steps = list(enumerate(cast("list[object]", value)))
    return [path, *(each for step, item in steps for each in _paths(item, (*path, step)))]


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


@st.composite
def places(draw: st.DrawFn) -> tuple[str, Any, Path]:
    """Some data without faults, and a place in them."""
    method = draw(st.sampled_from(sorted(ANSWERS)))
    data, faults = _rendered(method, ANSWERS[method])
    assert faults == []
    # Of what an object is, the whole object is at fault.
    path = draw(st.sampled_from([p for p in _paths(data) if p and p[-1] != "__typename"]))
    return method, deepcopy(data), path


@given(places())
@settings(max_examples=200, deadline=None)
def test_what_was_rendered_is_right_word_for_word(place: tuple[str, Any, Path]) -> None:
    method, data, _ = place

    assert _rendered(method, data) == (data, [])


@given(places(), st.sampled_from([{"nonsense": 1}, [[["nonsense"]]], object()]))
@settings(max_examples=200, deadline=None)
def test_nonsense_anywhere_is_found_where_it_is(
    place: tuple[str, Any, Path], nonsense: object
) -> None:
    method, data, path = place
    _at(data, path[:-1])[path[-1]] = nonsense

    faults = _rendered(method, data)[1]

    where = ".".join(map(str, path))
    assert faults
    assert all(fault.startswith(where) for fault in faults)


@given(places())
@settings(max_examples=200, deadline=None)
def test_a_field_that_is_left_out_is_missed(place: tuple[str, Any, Path]) -> None:
    method, data, path = place
    holder = _at(data, path[:-1])
    if isinstance(holder, list):
        return
    del holder[path[-1]]

    faults = _rendered(method, data)[1]

    assert [fault.partition(": ")[0] for fault in faults] == [".".join(map(str, path))]
    assert "is missing" in faults[0]


@given(places(), st.sampled_from(["titel", "nonsense", "__typo"]))
@settings(max_examples=200, deadline=None)
def test_a_field_too_many_is_found(place: tuple[str, Any, Path], name: str) -> None:
    method, data, path = place
    holder = _at(data, path[:-1])
    if isinstance(holder, list):
        return
    holder[name] = None

    faults = _rendered(method, data)[1]

    assert [fault.partition(": ")[0] for fault in faults] == [
        ".".join([*map(str, path[:-1]), name])
    ]
