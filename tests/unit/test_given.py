"""Wrong inputs that would change the library are refused before anything is sent, on both clients."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from pydantic import BaseModel, ValidationError

from stash_typed import UNSET as ARGUMENT_NOT_GIVEN
from stash_typed import StashClient, SyncStashClient, criteria
from stash_typed.errors import InvalidVariableError, JobUnknownError
from stash_typed.inputs import (
    BulkSceneUpdateInput,
    BulkUpdateIds,
    CustomFieldsInput,
    FindFilterType,
    HierarchicalMultiCriterionInput,
    PerformerUpdateInput,
    SceneFilterType,
    SceneUpdateInput,
    TagUpdateInput,
)
from tests.unit.ends import ENDS, End
from tests.unit.loopback import Asked, Loopback, Says, loopback

# Any, since these are the calls that type checkers refuse.
Call = Callable[[Any], Any]
UNSET: Any = ARGUMENT_NOT_GIVEN
LIST: Any = ["1", "2"]
UNCHECKED: Any = criteria


def answer(request: Asked) -> Says:
    """Take whatever is sent, so that a wrong input goes through where nothing stops it."""
    sent: object = json.loads(request.body).get("variables", {}).get("input")
    rows = cast("list[dict[str, str]]", sent) if isinstance(sent, list) else []
    fields = cast("dict[str, list[str]]", sent) if isinstance(sent, dict) else {}
    items = [{"id": id_} for id_ in fields.get("ids") or [row["id"] for row in rows]]
    data: dict[str, object] = {f"item{n}": {"id": f"{n + 1}"} for n in range(9)}
    data |= {"found": {"count": 0, "cursor": [], "items": []}, "bulkSceneUpdate": items}
    data |= {"scenesUpdate": items, "tagsDestroy": True, "findSavedFilters": []}
    return Says(body=json.dumps({"data": data}).encode())


def call_on(end: End, url: str, call: Call) -> object:
    if end == "sync":
        with SyncStashClient(url) as plain:
            return call(plain)

    async def work() -> object:
        async with StashClient(url) as stash:
            return await call(stash)

    return asyncio.run(work())


def first(items: Any) -> Any:
    """Ask a generator of either kind for its first item."""
    return anext(items) if hasattr(items, "__anext__") else next(items)


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with loopback(answer) as running:
        yield running


TEXTS: list[tuple[str, Call]] = [
    ("resolve", lambda s: s.tags.resolve("Beach", create=True)),
    ("resolve bytes", lambda s: s.tags.resolve(b"Beach", create=True)),
    ("add_tags ids", lambda s: s.scenes.add_tags("12", ["3"])),
    ("add_tags tags", lambda s: s.scenes.add_tags(["3"], "12")),
    ("remove_tags", lambda s: s.scenes.remove_tags("12", ["3"])),
    ("set_tags", lambda s: s.scenes.set_tags(["3"], "12")),
    ("add_performers", lambda s: s.scenes.add_performers(["3"], "12")),
    ("remove_performers", lambda s: s.scenes.remove_performers("12", ["3"])),
    ("set_performers", lambda s: s.scenes.set_performers(["3"], b"12")),
    ("get_many", lambda s: s.scenes.get_many("12")),
    ("get_many of markers", lambda s: s.markers.get_many("12")),
    ("update_many", lambda s: s.scenes.update_many("12")),
    ("includes_all", lambda _: UNCHECKED.includes_all(LIST)),
    ("includes", lambda _: UNCHECKED.includes(LIST)),
    ("excludes", lambda _: UNCHECKED.excludes(LIST)),
    ("excludes=", lambda _: UNCHECKED.includes("1", excludes="23")),
    ("excludes= of all", lambda _: UNCHECKED.includes_all("1", excludes="23")),
]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("call", [call for _, call in TEXTS], ids=[name for name, _ in TEXTS])
def test_a_text_is_no_list_and_a_list_no_item(end: End, server: Loopback, call: Call) -> None:
    server.asked.clear()
    with pytest.raises(TypeError, match=r"give (a list|the values one by one)"):
        call_on(end, server.url, call)
    assert server.asked == []


TYPES: list[tuple[str, Call]] = [
    ("an id in a list", lambda s: s.scenes.get(["1"])),
    ("None among ids", lambda s: s.scenes.add_tags(["1", None], ["2"])),
    ("None for ids", lambda s: s.scenes.add_tags(None, ["2"])),
    ("a truth value among ids", lambda s: s.scenes.get_many([True])),
    ("what resolve gives", lambda s: s.scenes.add_tags(["1"], {"12": "3"})),
    ("UNSET for ids", lambda s: s.scenes.set_tags(["1"], UNSET)),
    ("UNSET for an id", lambda s: s.scenes.get(UNSET)),
    ("UNSET among names", lambda s: s.tags.resolve([UNSET], create=True)),
    ("None among names", lambda s: s.tags.resolve([None], create=True)),
    ("numbers among names", lambda s: s.tags.resolve([12], create=True)),
    ("dictionaries for changes", lambda s: s.scenes.update_many([{"id": "1", "title": "x"}])),
    ("one change", lambda s: s.scenes.update_many(SceneUpdateInput(id="1", title="x"))),
    ("changes of others", lambda s: s.scenes.update_many([TagUpdateInput(id="1", name="x")])),
    ("other inputs", lambda s: s.scenes.update_many([BulkSceneUpdateInput(ids=["1"])])),
    ("several saved filters", lambda s: first(s.scenes.iterate(saved=["x"]))),
    ("UNSET for a saved filter", lambda s: first(s.scenes.iterate(saved=UNSET))),
]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("call", [call for _, call in TYPES], ids=[name for name, _ in TYPES])
def test_other_types_are_refused(end: End, server: Loopback, call: Call) -> None:
    server.asked.clear()
    with pytest.raises(TypeError):
        call_on(end, server.url, call)
    assert server.asked == []


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    "wrong", ["", " ", "abc", "-1", "+5", "007", "1.0", " 12", "12\n", "\uff11\uff12", "0x1", "1,2"]
)
def test_what_is_no_id(end: End, server: Loopback, wrong: str) -> None:
    """The server would read some of them as another id than it writes."""
    server.asked.clear()
    calls: list[Call] = [
        lambda s: s.scenes.get(wrong),
        lambda s: s.scenes.get_many(["1", wrong]),
        lambda s: s.scenes.add_tags([*(f"{n}" for n in range(1, 600)), wrong], ["1"]),
        lambda s: s.scenes.add_tags(["1"], [wrong]),
        lambda s: s.scenes.update_many([SceneUpdateInput(id="1"), SceneUpdateInput(id=wrong)]),
    ]
    for call in calls:
        with pytest.raises(InvalidVariableError, match="is not an id"):
            call_on(end, server.url, call)
    assert server.asked == []


@pytest.mark.parametrize("end", ENDS)
def test_generators_numbers_and_subclasses_are_taken(end: End, server: Loopback) -> None:
    class Rated(SceneUpdateInput):
        """A change of the caller's own."""

    def generators(stash: Any) -> Any:
        return stash.scenes.add_tags((f"{n}" for n in range(1, 4)), iter(["7", "8"]))

    server.asked.clear()
    assert call_on(end, server.url, generators) == 3
    assert call_on(end, server.url, lambda s: s.scenes.add_tags([1, 2], {7})) == 2
    call_on(end, server.url, lambda s: s.scenes.update_many(Rated(id=f"{n}") for n in (1, 2)))
    ids = [json.loads(request.body)["variables"]["input"] for request in server.asked]
    assert ids == [
        {"ids": ["1", "2", "3"], "tag_ids": {"ids": ["7", "8"], "mode": "ADD"}},
        {"ids": ["1", "2"], "tag_ids": {"ids": ["7"], "mode": "ADD"}},
        [{"id": "1"}, {"id": "2"}],
    ]


@pytest.mark.parametrize("end", ENDS)
def test_a_text_for_a_list_of_a_generated_method(end: End, server: Loopback) -> None:
    server.asked.clear()
    calls: list[Call] = [
        lambda s: s.tags_destroy("12"),
        lambda s: s.find_scenes(ids="12"),
        lambda s: s.scenes_update("12"),
    ]
    for call in calls:
        with pytest.raises(InvalidVariableError, match=r"Give a list, such as \['12'\]"):
            call_on(end, server.url, call)
    assert server.asked == []
    assert call_on(end, server.url, lambda s: s.tags_destroy(["12"])) is True
    # By the language one value stands for a list of it; who writes the document may mean that.
    own = "mutation M($ids: [ID!]!) { tagsDestroy(ids: $ids) }"
    assert call_on(end, server.url, lambda s: s.graphql(own, {"ids": "12"}))


@pytest.mark.parametrize("end", ENDS)
def test_tasks(end: End, server: Loopback) -> None:
    server.asked.clear()
    calls: list[Call] = [
        lambda s: s.scan(paths="/media"),
        lambda s: s.scan(paths=UNSET),
        lambda s: s.scan(rescan=UNSET),
        lambda s: s.generate(scene_ids="12"),
        lambda s: s.auto_tag(tags="*"),
        lambda s: s.clean(dry_run=UNSET),
    ]
    for call in calls:
        with pytest.raises(ValidationError):
            call_on(end, server.url, call)
    assert server.asked == []


@pytest.mark.parametrize("end", ENDS)
def test_a_job_without_an_id(end: End) -> None:
    with (
        loopback(lambda _: Says(body=b'{"data": {"metadataScan": ""}}')) as server,
        pytest.raises(JobUnknownError, match="not known whether the task began"),
    ):
        call_on(end, server.url, lambda s: s.scan())
    assert len(server.asked) == 1


INPUTS: list[tuple[str, Callable[[], object]]] = [
    ("title", lambda: SceneUpdateInput(id="1", title=UNSET)),
    ("rating100", lambda: SceneUpdateInput(id="1", rating100=UNSET)),
    ("organized", lambda: SceneUpdateInput(id="1", organized=UNSET)),
    ("gender", lambda: PerformerUpdateInput(id="1", gender=UNSET)),
    ("id", lambda: SceneUpdateInput(id=UNSET)),
    ("urls", lambda: SceneUpdateInput(id="1", urls=UNSET)),
    ("urls.1", lambda: SceneUpdateInput(id="1", urls=["a", UNSET])),
    ("tag_ids.ids.0", lambda: BulkSceneUpdateInput.model_validate({"tag_ids": {"ids": [UNSET]}})),
    ("ids", lambda: BulkUpdateIds.model_validate({"ids": UNSET, "mode": "SET"})),
    ("full.a.b", lambda: CustomFieldsInput(full={"a": {"b": UNSET}})),
    ("q", lambda: FindFilterType(q=UNSET)),
    ("title.value", lambda: SceneFilterType.model_validate({"title": {"value": UNSET}})),
    ("value.0", lambda: HierarchicalMultiCriterionInput.model_validate({"value": [UNSET]})),
    ("tags", lambda: SceneFilterType(tags=UNSET)),
    ("phash_distance", lambda: UNCHECKED.near(UNSET, distance=1)),
]


@pytest.mark.parametrize(("place", "make"), INPUTS, ids=[place for place, _ in INPUTS])
def test_unset_is_no_value_of_an_input(place: str, make: Callable[[], object]) -> None:
    words = rf"{place.rpartition('.')[2]}: UNSET stands for an argument.*leave the field out"
    if place == "phash_distance":
        words = "UNSET stands for an argument"
    with pytest.raises(ValidationError, match=words):
        make()


def test_unset_is_not_assigned() -> None:
    change = SceneUpdateInput(id="1", title="kept")
    with pytest.raises(ValidationError, match="title: UNSET"):
        change.title = UNSET
    assert change.title == "kept"


@pytest.mark.parametrize(
    "make",
    [
        lambda: UNCHECKED.equals(UNSET),
        lambda: UNCHECKED.gt(UNSET),
        lambda: UNCHECKED.between(UNSET, UNSET),
        lambda: UNCHECKED.between("2020", UNSET),
        lambda: UNCHECKED.matches(UNSET),
        lambda: UNCHECKED.includes(UNSET),
        lambda: UNCHECKED.includes("1", UNSET),
        lambda: UNCHECKED.includes("1", depth=UNSET),
        lambda: UNCHECKED.excludes(UNSET),
        lambda: UNCHECKED.is_null(endpoint=UNSET),
        lambda: UNCHECKED.custom_field("size", UNCHECKED.equals(UNSET)),
    ],
)
def test_unset_is_no_value_of_a_criterion(make: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match="UNSET is not a value; leave the criterion out"):
        make()


def test_unset_is_never_taken_for_a_text() -> None:
    """Not by a model of the caller's own either: pydantic takes a member of an enum for its value."""

    class Own(BaseModel):
        title: str | None = None
        rating: int | None = None
        names: list[str] = []

    for field in Own.model_fields:
        with pytest.raises(ValidationError):
            Own.model_validate({field: UNSET})
    with pytest.raises(ValidationError):
        Own.model_validate({"names": [UNSET]})


@pytest.mark.parametrize("end", ENDS)
def test_unset_is_left_out_where_it_stands_for_an_argument(end: End, server: Loopback) -> None:
    server.asked.clear()
    call_on(end, server.url, lambda s: s.graphql("query Q { a }", {"a": UNSET, "b": None}))
    assert json.loads(server.asked[0].body)["variables"] == {"b": None}


@pytest.mark.parametrize("end", ENDS)
def test_a_value_that_holds_itself(end: End, server: Loopback) -> None:
    server.asked.clear()
    endless: dict[str, Any] = {}
    endless["again"] = endless
    with pytest.raises(InvalidVariableError, match="holds itself"):
        call_on(end, server.url, lambda s: s.graphql("query Q { a }", {"a": endless}))
    with pytest.raises(ValidationError, match="holds itself"):
        CustomFieldsInput(full=endless)
    assert server.asked == []
