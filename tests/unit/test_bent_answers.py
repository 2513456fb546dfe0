"""Right answers to changes, bent at random: nothing counts as made that no answer shows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stash_typed._runtime.auth.credentials import NoCredentials
from stash_typed._runtime.endpoint import Endpoint
from stash_typed._runtime.http.async_transport import AsyncTransport
from stash_typed._runtime.http.sync_transport import SyncTransport
from stash_typed._runtime.steps import Procedure, perform, perform_sync
from stash_typed.errors import ChangesFailedError, Outcome, StashError
from stash_typed.inputs import SceneUpdateInput, TagUpdateInput
from stash_typed.library import kinds
from stash_typed.library.changing import update_each
from stash_typed.library.relating import change_relation
from stash_typed.library.resolving import resolve_names
from tests.unit.ends import AT_ONCE, ENDS, End

Bend = tuple[str, int, int]
Json = dict[str, Any]

BENDS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "drop",
                "null",
                "other id",
                "swap",
                "shorten",
                "lengthen",
                "scalar",
                "data null",
                "no data",
                "error",
                "error without a path",
                "error at a field",
                "error further down",
                "error elsewhere",
                "locked",
                "cut",
                "status",
                "hang up",
            ]
        ),
        st.integers(0, 7),
        st.integers(0, 7),
    ),
    max_size=4,
)
PLANS = st.lists(BENDS, min_size=1, max_size=4)


@dataclass
class Server:
    """Answers rightly, then bends the answer by its plan; remembers what it said.

    Attributes:
        plan: the bends of each answer; the last one holds for all that follow.
        said: for each mutation what was asked for, and the answer's data; None when there were none.
        there: the tags' ids by name.
    """

    plan: list[list[Bend]]
    said: list[tuple[Json, Any]] = field(default_factory=list[tuple[Json, Any]])
    listed: list[Any] = field(default_factory=list[Any])
    there: dict[str, str] = field(default_factory=dict[str, str])
    asked: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body: Json = json.loads(request.content)
        bends = self.plan[min(self.asked, len(self.plan) - 1)]
        self.asked += 1
        reading = body["query"].startswith("query")
        answer: Json = {"data": self._right(body)}
        status, cut = 200, None
        for kind, a, b in bends:
            if kind == "hang up":
                raise httpx.ReadError("bent", request=request)
            if kind == "status":
                status = (400, 401, 404, 413, 422, 500, 502, 503)[a]
            elif kind == "cut":
                cut = a * 8 + b
            else:
                bend(answer, kind, a, b)
        content = json.dumps(answer).encode()
        if cut is None or cut >= len(content):
            if reading:
                self.listed.append(answer.get("data"))
            else:
                self.said.append((body["variables"], answer.get("data")))
        return httpx.Response(status, content=content[:cut])

    def _right(self, body: Json) -> Json:
        variables: Json = body.get("variables", {})
        if body["query"].startswith("query"):
            tags = [{"id": id_, "name": name} for name, id_ in self.there.items()]
            return {"found": {"items": tags}}
        field_ = {"ScenesUpdate": "scenesUpdate", "BulkSceneUpdate": "bulkSceneUpdate"}.get(
            body["operationName"]
        )
        if field_ == "scenesUpdate":
            return {field_: [{"id": change["id"]} for change in variables["input"]]}
        if field_ == "bulkSceneUpdate":
            return {field_: [{"id": id_} for id_ in variables["input"]["ids"]]}
        made: Json = {}
        for name, change in variables.items():
            id_ = change.get("id") or self.there.setdefault(
                change["name"], f"{100 + len(self.there)}"
            )
            made[f"item{name.removeprefix('input')}"] = {"id": id_}
        return made


def bend(answer: Json, kind: str, a: int, b: int) -> None:
    """Bend an answer, where there is something to bend."""
    errors: list[Json] = answer.setdefault("errors", []) if "error" in kind else []
    data = fields(answer.get("data"))
    keys = list(data)
    key = keys[a % len(keys)] if keys else "item0"
    if kind == "data null":
        answer["data"] = None
    elif kind == "no data":
        answer.pop("data", None)
    elif kind == "error":
        errors.append({"message": "boom", "path": [key]})
        data[key] = None
    elif kind == "error without a path":
        errors.append({"message": ("boom", "database is locked", "tag with id 1 not found")[a % 3]})
    elif kind == "error at a field":
        errors.append({"message": "boom", "path": [key]})
    elif kind == "error further down":
        errors.append({"message": "boom", "path": [key, b, "id"]})
    elif kind == "error elsewhere":
        errors.append({"message": "boom", "path": [f"item{a * 3}"]})
    elif kind == "locked":
        answer["errors"] = [{"message": "database is locked", "path": [key]}]
        answer["data"] = {key: None} if b % 2 else None
    elif keys and rows(data[key]):
        listed = dict(enumerate(rows(data[key])))
        _bend_rows(listed, list(listed), kind, a, b)
        data[key] = list(listed.values())
    elif keys:
        _bend_rows(data, keys, kind, a, b)


def _bend_rows(by_name: dict[Any, Any], names: list[Any], kind: str, a: int, b: int) -> None:
    one, other = names[a % len(names)], names[b % len(names)]
    if kind in ("drop", "shorten"):
        del by_name[one]
    elif kind == "null":
        by_name[one] = None
    elif kind == "other id":
        by_name[one] = {"id": (f"{b}", "999", None, 5, "", [], {}, True)[a]}
    elif kind == "swap":
        by_name[one], by_name[other] = by_name[other], by_name[one]
    elif kind == "lengthen":
        by_name["item99" if isinstance(one, str) else 99] = {"id": f"{b}"}
    elif kind == "scalar":
        by_name[one] = (7, "x", True, [], {}, [None], {"id": {}}, 1.5)[a]


def run(end: End, server: Server, make: Callable[[], Procedure[Any]]) -> Any:
    """Perform a procedure on a transport of the kind."""
    endpoint = Endpoint.parse("http://stash.test:9999")
    if end == "sync":
        with (
            httpx.Client(transport=httpx.MockTransport(server)) as http,
            SyncTransport(endpoint, NoCredentials(), retry=AT_ONCE, http_client=http) as plain,
        ):
            return perform_sync(plain, make())

    async def work() -> Any:
        async with (
            httpx.AsyncClient(transport=httpx.MockTransport(server)) as http,
            AsyncTransport(endpoint, NoCredentials(), retry=AT_ONCE, http_client=http) as waiting,
        ):
            return await perform(waiting, make())

    return asyncio.run(work())


def outcomes_of(end: End, server: Server, make: Callable[[], Procedure[Any]]) -> Any:
    """What is reported; an empty list where the error says that nothing was done."""
    try:
        return run(end, server, make)
    except ChangesFailedError as failed:
        return failed.outcomes
    except StashError:
        return []


def fields(value: object) -> Json:
    """A JSON object; an empty one for anything else."""
    return cast("Json", value) if isinstance(value, dict) else {}


def rows(value: object) -> list[object]:
    """A JSON list; an empty one for anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def ids_in(data: object, key: str) -> set[str]:
    """The ids that a list of an answer shows."""
    found: list[object] = [fields(row).get("id") for row in rows(fields(data).get(key))]
    return {id_ for id_ in found if isinstance(id_, str)}


def shown_by_alias(server: Server) -> list[tuple[Json, object]]:
    """Each change that was sent under an alias, with the id that stands there in the answer."""
    return [
        (change, fields(fields(data).get(f"item{name.removeprefix('input')}")).get("id"))
        for variables, data in server.said
        for name, change in variables.items()
        if name != "input"
    ]


def made_under_aliases(server: Server) -> set[str]:
    """The ids that stand where they belong."""
    return {change["id"] for change, id_ in shown_by_alias(server) if id_ == change.get("id")}


@pytest.mark.parametrize("end", ENDS)
@given(plan=PLANS)
@settings(max_examples=200, deadline=None)
def test_changes_in_a_list(end: End, plan: list[list[Bend]]) -> None:
    server = Server(plan)
    changes = [SceneUpdateInput(id=f"{n}", title="x") for n in range(1, 6)]
    outcomes: list[Outcome] = outcomes_of(end, server, lambda: update_each(kinds.SCENES, changes))
    shown = made_under_aliases(server)
    for _, data in server.said:
        shown |= ids_in(data, "scenesUpdate")
    assert {each.id for each in outcomes if each.ok} <= shown
    assert [each.id for each in outcomes] in ([], [change.id for change in changes])


@pytest.mark.parametrize("end", ENDS)
@given(plan=PLANS)
@settings(max_examples=200, deadline=None)
def test_changes_under_aliases(end: End, plan: list[list[Bend]]) -> None:
    server = Server(plan)
    changes = [TagUpdateInput(id=f"{n}", name=f"{n}") for n in range(1, 60)]
    outcomes: list[Outcome] = outcomes_of(end, server, lambda: update_each(kinds.TAGS, changes))
    assert {each.id for each in outcomes if each.ok} <= made_under_aliases(server)
    assert [each.id for each in outcomes] in ([], [change.id for change in changes])


@pytest.mark.parametrize("end", ENDS)
@given(plan=PLANS, mode=st.sampled_from(["ADD", "REMOVE", "SET"]))
@settings(max_examples=200, deadline=None)
def test_relations(end: End, plan: list[list[Bend]], mode: Any) -> None:
    server = Server(plan)
    ids = [f"{n}" for n in range(1, 6)]
    made = outcomes_of(
        end, server, lambda: change_relation(kinds.SCENES, ids, "tag_ids", ["7"], mode)
    )
    shown = [ids_in(data, "bulkSceneUpdate") for _, data in server.said]
    if made == len(ids):
        assert set(ids) <= shown[-1]
    else:
        outcomes: list[Outcome] = made
        assert not all(each.ok for each in outcomes) or not outcomes
        assert {each.id for each in outcomes if each.ok} <= {id_ for row in shown for id_ in row}


@pytest.mark.parametrize("end", ENDS)
@given(plan=PLANS)
@settings(max_examples=200, deadline=None)
def test_names(end: End, plan: list[list[Bend]]) -> None:
    server = Server(plan, there={"x": "90"})
    names = ["x", "a", "b", "c"]
    found: object = outcomes_of(end, server, lambda: resolve_names(kinds.TAGS, names, create=True))
    # A list, since what stands in place of an id may be anything.
    shown: list[tuple[object, object]] = [
        (change["name"], id_) for change, id_ in shown_by_alias(server)
    ]
    for data in server.listed:
        for row in rows(fields(fields(data).get("found")).get("items")):
            shown.append((fields(row).get("name"), fields(row).get("id")))
    named = fields(found)
    outcomes = cast("list[Outcome]", rows(found))
    assert list(named) in ([], names)
    assert all(pair in shown for pair in named.items())
    assert all((each.name, each.id) in shown for each in outcomes if each.ok)
    assert not all(each.ok for each in outcomes) or not outcomes
