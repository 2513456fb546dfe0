"""A change counts as made only when the answer shows it, on both clients and over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import cast

import pytest

from stash_typed._runtime.http.sync_transport import SyncTransport
from stash_typed.errors import (
    AuthenticationError,
    ChangesFailedError,
    DatabaseLockedError,
    GraphQLError,
    NotFoundError,
    Outcome,
    ResponseFormatError,
    StashConnectionError,
    StashError,
    ValidationFailedError,
)
from stash_typed.inputs import (
    SceneFilterType,
    SceneUpdateInput,
    StudioFilterType,
    StudioUpdateInput,
    TagFilterType,
    TagUpdateInput,
)
from stash_typed.library import kinds
from stash_typed.library.collections import NamedCollection, PerformerCollection, TagCollection
from stash_typed.models import Scene, Studio, Tag
from stash_typed.sync.collections import (
    SyncNamedCollection,
    SyncPerformerCollection,
    SyncTagCollection,
)
from tests.unit.ends import ENDS, Connection, End, connect
from tests.unit.loopback import Asked, Loopback, Says, loopback

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("end", ENDS)]

MADE, REFUSED, UNKNOWN = "made", "refused", "unknown"


def of(outcomes: Iterable[Outcome]) -> list[str]:
    """The outcomes in words."""
    return [MADE if each.ok else REFUSED if each.known else UNKNOWN for each in outcomes]


def says(data: object, *errors: Mapping[str, object]) -> Says:
    body: dict[str, object] = {"data": data}
    if errors:
        body["errors"] = errors
    return Says(body=json.dumps(body).encode())


def error(*path: str | int, message: str = "boom") -> dict[str, object]:
    return {"message": message, "path": path}


def nowhere(message: str = "boom") -> dict[str, object]:
    """An error without a path."""
    return {"message": message}


def document(request: Asked) -> str:
    text: str = json.loads(request.body)["query"]
    return text


def mutations(server: Loopback) -> list[Asked]:
    return [request for request in server.asked if document(request).startswith("mutation")]


async def update_scenes(
    connection: Connection, changes: Sequence[SceneUpdateInput]
) -> list[Outcome]:
    if isinstance(connection.transport, SyncTransport):
        plain = SyncPerformerCollection[Scene, SceneFilterType, SceneUpdateInput](
            connection.transport, kinds.SCENES
        )
        return await asyncio.to_thread(plain.update_many, changes)
    return await PerformerCollection[Scene, SceneFilterType, SceneUpdateInput](
        connection.transport, kinds.SCENES
    ).update_many(changes)


async def update_tags(connection: Connection, changes: Sequence[TagUpdateInput]) -> list[Outcome]:
    if isinstance(connection.transport, SyncTransport):
        plain = SyncNamedCollection[Tag, TagFilterType, TagUpdateInput](
            connection.transport, kinds.TAGS
        )
        return await asyncio.to_thread(plain.update_many, changes)
    return await NamedCollection[Tag, TagFilterType, TagUpdateInput](
        connection.transport, kinds.TAGS
    ).update_many(changes)


async def resolve(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    if isinstance(connection.transport, SyncTransport):
        plain = SyncNamedCollection[Tag, TagFilterType, TagUpdateInput](
            connection.transport, kinds.TAGS
        )
        return await asyncio.to_thread(plain.resolve, names, True)
    return await NamedCollection[Tag, TagFilterType, TagUpdateInput](
        connection.transport, kinds.TAGS
    ).resolve(names, create=True)


async def relate(connection: Connection, method: str, ids: list[str], others: list[str]) -> int:
    """Call a method of the scenes, such as `add_tags`."""
    if isinstance(connection.transport, SyncTransport):
        plain = SyncPerformerCollection[Scene, SceneFilterType, SceneUpdateInput](
            connection.transport, kinds.SCENES
        )
        return cast("int", await asyncio.to_thread(getattr(plain, method), ids, others))
    scenes = PerformerCollection[Scene, SceneFilterType, SceneUpdateInput](
        connection.transport, kinds.SCENES
    )
    return cast("int", await getattr(scenes, method)(ids, others))


async def add_studio_tags(connection: Connection, ids: list[str], tags: list[str]) -> int:
    if isinstance(connection.transport, SyncTransport):
        plain = SyncTagCollection[Studio, StudioFilterType, StudioUpdateInput](
            connection.transport, kinds.STUDIOS
        )
        return await asyncio.to_thread(plain.add_tags, ids, tags)
    return await TagCollection[Studio, StudioFilterType, StudioUpdateInput](
        connection.transport, kinds.STUDIOS
    ).add_tags(ids, tags)


async def outcomes_of(work: Awaitable[list[Outcome]]) -> list[Outcome]:
    """Do the work; its outcomes, whether it raises them or not."""
    try:
        return await work
    except ChangesFailedError as failed:
        return failed.outcomes


A, B = {"id": "1"}, {"id": "2"}

ALIASED: list[tuple[Says, list[str]]] = [
    (says({"item0": A, "item1": B}), [MADE, MADE]),
    (says({"item1": B, "item0": A, "item2": {"id": "3"}}), [MADE, MADE]),
    (says({"item0": A}), [MADE, UNKNOWN]),
    (says({}), [UNKNOWN, UNKNOWN]),
    (says({"item0": A, "item1": None}), [MADE, UNKNOWN]),
    (says({"item0": A, "item1": {}}), [MADE, UNKNOWN]),
    (says({"item0": A, "item1": {"id": None}}), [MADE, UNKNOWN]),
    (says({"item0": A, "item1": {"id": 2}}), [MADE, UNKNOWN]),
    (says({"item0": A, "item1": [B]}), [MADE, UNKNOWN]),
    (says({"item0": A, "item1": "2"}), [MADE, UNKNOWN]),
    (says({"item0": B, "item1": A}), [UNKNOWN, UNKNOWN]),
    (says({"item0": A, "item1": None}, error("item1")), [MADE, REFUSED]),
    (says({"item0": A, "item1": None}, error("item1", "tags")), [MADE, UNKNOWN]),
    (says({"item0": A, "item1": B}, error("item1")), [MADE, UNKNOWN]),
    (says({"item0": A}, error("item1")), [MADE, REFUSED]),
    (says({"item0": A, "item1": B}, nowhere()), [UNKNOWN, UNKNOWN]),
    (says({"item0": A, "item1": None}, error("item1"), nowhere()), [UNKNOWN, UNKNOWN]),
    (says({"item0": A, "item1": B}, error("item7")), [UNKNOWN, UNKNOWN]),
    (says({"item0": A, "item1": B}, error("item01")), [UNKNOWN, UNKNOWN]),
    (says({"item0": A, "item1": B}, error(1)), [UNKNOWN, UNKNOWN]),
    (says(None, error("item1")), [UNKNOWN, REFUSED]),
    (says(None, error("item0"), error("item1")), [REFUSED, REFUSED]),
    (says(None, nowhere("database is locked")), [UNKNOWN, UNKNOWN]),
    (says(None, error("item0", message="database is locked")), [REFUSED, UNKNOWN]),
    (says(None), [UNKNOWN, UNKNOWN]),
    (says([A, B]), [UNKNOWN, UNKNOWN]),
    (Says(body=b"<html>"), [UNKNOWN, UNKNOWN]),
    (Says(body=b'{"data": {"item0": {"id": "1"'), [UNKNOWN, UNKNOWN]),
    (Says(502), [UNKNOWN, UNKNOWN]),
    (Says(hang_up=True), [UNKNOWN, UNKNOWN]),
]


@pytest.mark.parametrize(("answer", "expected"), ALIASED)
async def test_changes_under_aliases(end: End, answer: Says, expected: list[str]) -> None:
    changes = [TagUpdateInput(id="1", name="a"), TagUpdateInput(id="2", name="b")]
    with loopback(lambda _: answer) as server:
        async with connect(end, server.url) as connection:
            outcomes = await outcomes_of(update_tags(connection, changes))
    assert of(outcomes) == expected
    assert [each.id for each in outcomes] == ["1", "2"]
    assert [each.sent for each in outcomes] == [
        {"id": change.id, "name": change.name} if told == UNKNOWN else None
        for change, told in zip(changes, expected, strict=True)
    ]
    # Locked, each of them, and undone: the one case in which changes are sent again.
    assert len(server.asked) == 1


ALONE: list[tuple[Says, str]] = [
    (says({"item0": None}, nowhere("tag with id 1 not found")), REFUSED),
    (says(None, nowhere("tag with id 1 not found")), REFUSED),
    (says({"item0": A}, nowhere("tag with id 1 not found")), UNKNOWN),
    (says({"item0": None}, nowhere()), UNKNOWN),
    (says({"item0": None}, nowhere("tag with id 1 not found"), error("item0", "id")), UNKNOWN),
]


@pytest.mark.parametrize(("answer", "expected"), ALONE)
async def test_a_change_that_is_alone_is_the_one_that_was_refused(
    end: End, answer: Says, expected: str
) -> None:
    """Of several, nobody knows which one an error without a path is about."""
    with loopback(lambda _: answer) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(ChangesFailedError) as caught:
                await update_tags(connection, [TagUpdateInput(id="1", name="a")])
    assert of(caught.value.outcomes) == [expected]
    assert "the others" not in str(caught.value)


async def test_only_where_some_are_made_are_the_others_made(end: End) -> None:
    changes = [TagUpdateInput(id="1", name="a"), TagUpdateInput(id="2", name="b")]
    some = says({"item0": A, "item1": None}, error("item1"))
    none = says({"item0": None, "item1": None}, error("item0"), error("item1"))
    for answer, told in ((some, True), (none, False)):
        with loopback(lambda _, answer=answer: answer) as server:  # type: ignore[misc]  # a default binds it
            async with connect(end, server.url) as connection:
                with pytest.raises(ChangesFailedError) as caught:
                    await update_tags(connection, changes)
        assert ("; the others are made" in str(caught.value)) == told


async def test_aliased_changes_that_are_all_locked_are_sent_again(end: End) -> None:
    locked = [error(f"item{n}", message="database is locked") for n in range(2)]
    answers = iter([says({"item0": None, "item1": None}, *locked), says({"item0": A, "item1": B})])
    changes = [TagUpdateInput(id="1"), TagUpdateInput(id="2")]
    with loopback(lambda _: next(answers)) as server:
        async with connect(end, server.url) as connection:
            assert of(await update_tags(connection, changes)) == [MADE, MADE]
    assert len(server.asked) == 2


LISTED: list[tuple[object, list[str]]] = [
    ([A, B], [MADE, MADE]),
    ([B, A], [MADE, MADE]),
    ([A, B, {"id": "3"}], [MADE, MADE]),
    ([A], [MADE, UNKNOWN]),
    ([A, None], [MADE, UNKNOWN]),
    ([None, A], [MADE, UNKNOWN]),
    ([A, A], [MADE, UNKNOWN]),
    ([A, {"id": "3"}], [MADE, UNKNOWN]),
    ([A, {"id": 2}], [MADE, UNKNOWN]),
    ([A, {}], [MADE, UNKNOWN]),
    ([A, "2"], [MADE, UNKNOWN]),
    ([A, [B]], [MADE, UNKNOWN]),
    ([], [UNKNOWN, UNKNOWN]),
    (None, [UNKNOWN, UNKNOWN]),
    ("12", [UNKNOWN, UNKNOWN]),
    ({"1": A, "2": B}, [UNKNOWN, UNKNOWN]),
    (True, [UNKNOWN, UNKNOWN]),
]
SCENES = [SceneUpdateInput(id="1", title="a"), SceneUpdateInput(id="2", title="b")]


@pytest.mark.parametrize(("listed", "expected"), LISTED)
async def test_changes_in_a_list(end: End, listed: object, expected: list[str]) -> None:
    with loopback(lambda _: says({"scenesUpdate": listed})) as server:
        async with connect(end, server.url) as connection:
            outcomes = await outcomes_of(update_scenes(connection, SCENES))
    assert of(outcomes) == expected
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        says({"scenesUpdate": [A, B]}, nowhere()),
        says({"scenesUpdate": [A, B]}, error("scenesUpdate")),
        says({"scenesUpdate": [A, None]}, error("scenesUpdate", 1)),
        says({"scenesUpdate": None}, error("scenesUpdate", 1, "id")),
        says({"scenesUpdate": None}, nowhere()),
        says({"scenesUpdate": None}, error("somethingElse")),
        says({}),
        says({"another": [A, B]}),
        says(None, nowhere()),
        says(None),
        Says(body=b""),
        Says(504),
        Says(hang_up=True),
    ],
)
async def test_a_list_of_which_nobody_knows(end: End, answer: Says) -> None:
    with loopback(lambda _: answer) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(
                ChangesFailedError, match="not known whether they are made"
            ) as caught:
                await update_scenes(connection, SCENES)
    assert of(caught.value.outcomes) == [UNKNOWN, UNKNOWN]
    assert caught.value.outcomes[1].sent == {"id": "2", "title": "b"}
    assert ".unknown" in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("data", [None, {"scenesUpdate": None}])
async def test_a_list_that_was_refused_is_asked_for_one_by_one(end: End, data: object) -> None:
    refused = says(data, error("scenesUpdate", message="scene with id 2 not found"))
    each = says({"item0": A, "item1": None}, error("item1", message="scene with id 2 not found"))

    def answer(request: Asked) -> Says:
        return each if "item0" in document(request) else refused

    with loopback(answer) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(ChangesFailedError, match="1 of 2 changes were refused") as caught:
                await update_scenes(connection, SCENES)
    assert of(caught.value.outcomes) == [MADE, REFUSED]
    assert isinstance(caught.value.failed[0].error, NotFoundError)
    assert len(server.asked) == 2


async def test_a_list_that_stays_locked_is_not_made(end: End) -> None:
    locked = says({"scenesUpdate": None}, error("scenesUpdate", message="database is locked"))
    with loopback(lambda _: locked) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(ChangesFailedError) as caught:
                await update_scenes(connection, SCENES)
    assert of(caught.value.outcomes) == [REFUSED, REFUSED]
    assert isinstance(caught.value.__cause__, DatabaseLockedError)
    assert len(server.asked) == 4


async def test_a_thing_that_is_changed_twice_is_listed_twice(end: End) -> None:
    twice = [SCENES[0], SCENES[0]]
    for listed, expected in (([A, A], [MADE, MADE]), ([A], [MADE, UNKNOWN])):
        answer = says({"scenesUpdate": listed})
        with loopback(lambda _, answer=answer: answer) as server:  # type: ignore[misc]  # a default binds it
            async with connect(end, server.url) as connection:
                assert of(await outcomes_of(update_scenes(connection, twice))) == expected


async def test_a_connection_that_breaks_half_way(end: End) -> None:
    """What is made is told, what may be made, and what was not sent."""
    changes = [SceneUpdateInput(id=f"{n}", title=f"{n}") for n in range(1, 251)]

    def answer(request: Asked) -> Says:
        wanted = json.loads(request.body)["variables"]["input"]
        if wanted[0]["id"] != "1":
            return Says(hang_up=True)
        return says({"scenesUpdate": [{"id": change["id"]} for change in wanted]})

    with loopback(answer) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(ChangesFailedError) as caught:
                await update_scenes(connection, changes)
    failed = caught.value
    assert of(failed.outcomes) == [MADE] * 100 + [UNKNOWN] * 100 + [REFUSED] * 50
    assert "of 100 of 250 changes it is not known whether they are made, 50 are not" in str(failed)
    assert failed.outcomes[100].sent == {"id": "101", "title": "101"}
    assert "not sent" in str(failed.outcomes[200].error)
    assert isinstance(failed.__cause__, StashConnectionError)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Says(401), AuthenticationError),
        (
            says(None, {"message": "no", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}),
            ValidationFailedError,
        ),
    ],
)
async def test_nothing_was_begun(end: End, answer: Says, kind: type[StashError]) -> None:
    with loopback(lambda _: answer) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(kind):
                await update_scenes(connection, SCENES)
            with pytest.raises(kind):
                await relate(connection, "add_tags", ["1"], ["2"])
    assert len(server.asked) == 2


METHODS = [
    "add_tags",
    "remove_tags",
    "set_tags",
    "add_performers",
    "remove_performers",
    "set_performers",
]


@pytest.mark.parametrize(("listed", "expected"), LISTED)
@pytest.mark.parametrize("method", METHODS)
async def test_relations(end: End, method: str, listed: object, expected: list[str]) -> None:
    with loopback(lambda _: says({"bulkSceneUpdate": listed})) as server:
        async with connect(end, server.url) as connection:
            if UNKNOWN not in expected:
                assert await relate(connection, method, ["1", "2"], ["7"]) == 2
            else:
                with pytest.raises(ChangesFailedError) as caught:
                    await relate(connection, method, ["1", "2"], ["7"])
                assert of(caught.value.outcomes) == expected
                sent = caught.value.unknown[0].sent or {}
                field = "tag_ids" if "tags" in method else "performer_ids"
                assert sent[field] == {"ids": ["7"], "mode": method.partition("_")[0].upper()}
    assert {json.loads(request.body)["operationName"] for request in server.asked} == {
        "BulkSceneUpdate"
    }


@pytest.mark.parametrize(
    "answer",
    [
        says({"bulkSceneUpdate": [A, B]}, nowhere()),
        says({"bulkSceneUpdate": None}, nowhere()),
        says({"bulkSceneUpdate": [A, None]}, error("bulkSceneUpdate", 1)),
        says({}),
        says(None),
        Says(body=b"<html>"),
        Says(502),
        Says(hang_up=True),
    ],
)
async def test_relations_of_which_nobody_knows(end: End, answer: Says) -> None:
    with loopback(lambda _: answer) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(ChangesFailedError) as caught:
                await relate(connection, "add_tags", ["1", "2"], ["7"])
    assert of(caught.value.outcomes) == [UNKNOWN, UNKNOWN]
    assert len(server.asked) == 1


async def test_relations_that_break_off(end: End) -> None:
    def answer(request: Asked) -> Says:
        ids = json.loads(request.body)["variables"]["input"]["ids"]
        if "501" in ids:
            return Says(hang_up=True)
        return says({"bulkSceneUpdate": [{"id": id_} for id_ in ids]})

    with loopback(answer) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(ChangesFailedError) as caught:
                await relate(connection, "add_tags", [f"{n}" for n in range(1, 1101)], ["7"])
    assert of(caught.value.outcomes) == [MADE] * 500 + [UNKNOWN] * 500 + [REFUSED] * 100
    assert len(server.asked) == 2


async def test_a_relation_that_the_server_refuses_is_its_own_error(end: End) -> None:
    refused = says({"bulkSceneUpdate": None}, error("bulkSceneUpdate", message="no such mode"))
    with loopback(lambda _: refused) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(GraphQLError, match="no such mode"):
                await relate(connection, "add_tags", ["1"], ["7"])
    assert len(server.asked) == 1


@pytest.mark.parametrize("wrong", [says({"item0": B}), says({"item0": {"id": "1"}})])
async def test_a_release_without_the_bulk_form_that_answers_nonsense(end: End, wrong: Says) -> None:
    """What is read before a change has to be of the thing that is changed."""

    def answer(request: Asked) -> Says:
        text = document(request)
        if "bulkStudioUpdate" in text:
            lacking = 'Cannot query field "bulkStudioUpdate" on type "Mutation"'
            code = {"code": "GRAPHQL_VALIDATION_FAILED"}
            return Says(422, says(None, {"message": lacking, "extensions": code}).body)
        if text.startswith("query FindTagsById"):
            return says({"item0": {"id": "7"}})
        if text.startswith("query FindStudiosById"):
            read = json.loads(wrong.body)["data"]["item0"]
            return says({"item0": {**read, "related": []}})
        return says({"item0": {"id": "2"}})

    with loopback(answer) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(StashError) as caught:
                await add_studio_tags(connection, ["1"], ["7"])
    if isinstance(caught.value, ChangesFailedError):
        assert of(caught.value.outcomes) == [UNKNOWN]
    else:
        assert isinstance(caught.value, ResponseFormatError)
        assert len(mutations(server)) == 1


class Names:
    """A server that has tags, and whose answer to their creation a test decides."""

    def __init__(self, create: Callable[[list[str]], Says], there: Sequence[str] = ()) -> None:
        self.there = {name: f"{n}" for n, name in enumerate(there, start=100)}
        self.create = create
        self.reading: Says | None = None

    def add(self, *names: str) -> None:
        for name in names:
            self.there.setdefault(name, f"{200 + len(self.there)}")

    def __call__(self, request: Asked) -> Says:
        body = json.loads(request.body)
        if body["query"].startswith("mutation"):
            return self.create([each["name"] for _, each in sorted(body["variables"].items())])
        if self.reading is not None and self.there:
            return self.reading
        tags = [{"id": id_, "name": name} for name, id_ in self.there.items()]
        return says({"found": {"items": tags}})


def created(*names: str | None) -> dict[str, object]:
    """Right answers for some names, None for the others."""
    return {
        f"item{n}": None if name is None else {"id": f"{n + 1}"} for n, name in enumerate(names)
    }


LOCKED = "database is locked"
CREATED: list[tuple[Says, list[str]]] = [
    (says(created("a", "b", "c")), [MADE, MADE, MADE]),
    (says(None, nowhere(LOCKED)), [REFUSED, REFUSED, REFUSED]),
    (
        says(
            created("a", None, None), error("item1", message=LOCKED), error("item2", message=LOCKED)
        ),
        [MADE, REFUSED, REFUSED],
    ),
    (says(created("a", "b", None)), [MADE, MADE, REFUSED]),
    (says({"item0": A}), [MADE, REFUSED, REFUSED]),
    (says({**created("a", "b"), "item2": {"id": None}}), [MADE, MADE, REFUSED]),
    (says({**created("a", "b"), "item2": {"id": ""}}), [MADE, MADE, REFUSED]),
    (says({**created("a", "b"), "item2": {}}), [MADE, MADE, REFUSED]),
    (says(created("a", "b", "c"), nowhere()), [REFUSED, REFUSED, REFUSED]),
    (says({}), [REFUSED, REFUSED, REFUSED]),
    (says(None), [UNKNOWN, UNKNOWN, UNKNOWN]),
    (Says(body=b"<html>"), [UNKNOWN, UNKNOWN, UNKNOWN]),
    (Says(502), [UNKNOWN, UNKNOWN, UNKNOWN]),
    (Says(hang_up=True), [UNKNOWN, UNKNOWN, UNKNOWN]),
]


@pytest.mark.parametrize(("answer", "expected"), CREATED)
async def test_names_that_are_created(end: End, answer: Says, expected: list[str]) -> None:
    """Looked up again, they are not there: without an answer the server may still be about them."""
    with loopback(Names(lambda _: answer)) as server:
        async with connect(end, server.url) as connection:
            try:
                ids = await resolve(connection, ["a", "b", "c"])
            except ChangesFailedError as failed:
                outcomes = failed.outcomes
            else:
                assert ids == {"a": "1", "b": "2", "c": "3"}
                outcomes = [Outcome(id_, name=name) for name, id_ in ids.items()]
    assert of(outcomes) == expected
    assert [each.name for each in outcomes] == ["a", "b", "c"]
    assert all(each.id == "1" for each in outcomes[:1] if each.ok)
    assert [each.sent for each in outcomes] == [
        {"name": each.name} if not each.known else None for each in outcomes
    ]
    assert len(mutations(server)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        says(None, nowhere(LOCKED)),
        says({}),
        says(created("a", None, "c")),
        Says(502),
        Says(hang_up=True),
    ],
)
async def test_names_that_were_created_all_the_same_are_found(end: End, answer: Says) -> None:
    """The answer left it open; reading them again does not."""

    def create(names: list[str]) -> Says:
        server_side.add(*names)
        return answer

    server_side = Names(create, there=["x"])
    with loopback(server_side) as server:
        async with connect(end, server.url) as connection:
            ids = await resolve(connection, ["x", "a", "b", "c"])
    assert ids.keys() == {"x", "a", "b", "c"}
    assert ids["x"] == "100"
    assert len(set(ids.values())) == 4
    assert len(mutations(server)) == 1


async def test_some_of_the_names_were_created(end: End) -> None:
    def create(names: list[str]) -> Says:
        server_side.add(names[0])
        return says(None, nowhere(LOCKED))

    server_side = Names(create)
    with loopback(server_side) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(ChangesFailedError, match="2 of 3 changes were not made") as caught:
                await resolve(connection, ["a", "b", "c"])
    assert of(caught.value.outcomes) == [MADE, REFUSED, REFUSED]
    assert caught.value.outcomes[0] == Outcome("200", name="a")
    assert "'b'" in str(caught.value)
    assert isinstance(caught.value.failed[0].error, DatabaseLockedError)
    assert isinstance(caught.value.__cause__, DatabaseLockedError)


async def test_names_that_cannot_be_looked_up_again(end: End) -> None:
    def create(names: list[str]) -> Says:
        server_side.add(*names)
        server_side.reading = Says(500)
        return says(created("a", None))

    server_side = Names(create)
    with loopback(server_side) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(ChangesFailedError) as caught:
                await resolve(connection, ["a", "b"])
    assert of(caught.value.outcomes) == [MADE, UNKNOWN]


async def test_names_beyond_the_chunk_that_failed_are_not_sent(end: End) -> None:
    names = [f"n{n}" for n in range(1500)]
    with loopback(Names(lambda _: Says(hang_up=True))) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(ChangesFailedError) as caught:
                await resolve(connection, names)
    assert of(caught.value.outcomes) == [UNKNOWN] * 1000 + [REFUSED] * 500
    assert len(mutations(server)) == 1


@pytest.mark.parametrize(
    "reading",
    [
        {},
        {"found": None},
        {"found": {}},
        {"found": {"items": None}},
        {"found": {"scenes": None}},
        {"found": {"items": [{"id": "x", "name": "a"}]}},
        {"found": {"items": [{"id": "9" * 5000, "name": "a"}]}},
        {"found": {"items": [{"id": None, "name": "a"}]}},
        {"found": {"items": [None]}},
    ],
)
async def test_a_bent_list_of_names_creates_nothing(end: End, reading: object) -> None:
    with loopback(lambda _: says(reading)) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(ResponseFormatError):
                await resolve(connection, ["a"])
    assert mutations(server) == []
