"""A mock cannot lie: what no server would answer is refused when the stub is made."""

from __future__ import annotations

import pytest
from stash_typed_graphql.jobs_subscribe import OPERATION as JOBS_SUBSCRIBE

from stash_typed import StashClient
from stash_typed._runtime.operation import Operation
from stash_typed.errors import StashError
from stash_typed.inputs import FindFilterType
from stash_typed.models import (
    Configuration,
    FindScenesResult,
    Performer,
    Scene,
    SystemStatus,
    Tag,
    Version,
)
from stash_typed.testing import StashMock, StubError, fake, graphql_error, http_status

VERSION = {"version": "v1", "hash": "", "build_time": ""}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("find_scnes", "find_scenes"),
        ("FindScenesss", "find_scenes"),
        ("allStudio", "all_studios"),
        ("FindScenesByPathRegexp", "find_scenes_by_path_regex"),
    ],
)
def test_unknown_operations_get_the_nearest_names(
    stash_mock: StashMock, name: str, meant: str
) -> None:
    with pytest.raises(StubError, match=rf"no operation '{name}'.*Did you mean .*\b{meant}\b"):
        stash_mock.on(name)


def test_an_operation_like_no_other(stash_mock: StashMock) -> None:
    with pytest.raises(StubError, match=r"no operation 'xyzzy'\. For an operation of your own"):
        stash_mock.on("xyzzy")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("{ version { version } ", "Syntax Error.*line 1, column 23"),
        ("{ version { versoin } }", "Cannot query field 'versoin' on type 'Version'"),
        ("query A { version { hash } } query B { version { hash } }", r"2 \(A, B\)"),
        ("{ findScene(id: $id) { id } }", r"Variable '\$id' is not defined"),
        ("subscription S { jobsSubscribe { type } }", "stash_sandbox"),
        ("fragment F on Scene { id }", r"got 0"),
    ],
)
def test_documents_that_a_server_would_refuse(
    stash_mock: StashMock, document: str, reason: str
) -> None:
    with pytest.raises(StubError, match=reason):
        stash_mock.on(document)


def test_own_operations_are_checked_too(stash_mock: StashMock) -> None:
    own = Operation("Own", "query", "version", "query Own { version { versoin } }")

    with pytest.raises(StubError, match=r"^Own: .*'versoin'"):
        stash_mock.on(own)


def test_subscriptions_point_to_the_sandbox(stash_mock: StashMock) -> None:
    for operation in ("jobs_subscribe", JOBS_SUBSCRIBE):
        with pytest.raises(StubError, match=r"JobsSubscribe: .*WebSocket.*stash_sandbox"):
            stash_mock.on(operation)


def test_unknown_variables(stash_mock: StashMock) -> None:
    with pytest.raises(StubError, match=r"no variable 'scene_fliter'.*It has filter, scene_filter"):
        stash_mock.on("find_scenes", variables={"scene_fliter": {}})


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"version": VERSION, "extra": 1}, "extra: Query has no such field in the schema"),
        ({"version": {**VERSION, "versoin": ""}}, "version.versoin: .*did you mean version?"),
        ({"version": {"version": "v1", "hash": ""}}, "version.build_time: is missing; .*String!"),
        ({"version": {**VERSION, "hash": None}}, "version.hash: is null; the schema says String!"),
        ({"version": {**VERSION, "hash": 5}}, "version.hash: 5 is not a valid String"),
        ({"version": None}, "version: is null; the schema says Version!"),
        ({"version": [VERSION]}, "version: .* is not an object; the schema says Version"),
        ({}, "version: is missing"),
        ([VERSION], "version: .* is not an object"),
        ("v1", "version: 'v1' is not an object"),
        (fake(Tag), "version.version: the document asks for Version.version .* Tag does not have"),
        ({"version": {**VERSION, "__typename": "Scene"}}, "version.__typename: .*ask for it"),
    ],
)
def test_data_that_no_server_answers(stash_mock: StashMock, data: object, fault: str) -> None:
    with pytest.raises(StubError, match=rf"(?s)^Version: no server could answer so:\n  {fault}"):
        stash_mock.on("version").responds(data)


def test_fields_that_the_schema_has_but_nobody_asked_for(stash_mock: StashMock) -> None:
    with pytest.raises(StubError, match=r"version\.hash: the document does not ask for it"):
        stash_mock.on("{ version { version } }").responds(
            {"version": {"version": "v1", "hash": ""}}
        )


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("rating100", "90", "'90' is not a valid Int"),
        ("rating100", 2**31, "is not a valid Int"),
        ("rating100", True, "True is not a valid Int"),
        ("organized", "yes", "'yes' is not a valid Boolean"),
        ("id", 1, "1 is not a valid ID, which is text"),
        ("created_at", "yesterday", "'yesterday' is not a valid Time"),
        ("created_at", "2026-01-01T00:00:00", "is not a valid Time"),
        ("urls", "https://example.org", "is not a list"),
        ("urls", [None], "0: is null"),
    ],
)
def test_values_of_the_wrong_type(
    stash_mock: StashMock, field: str, value: object, fault: str
) -> None:
    scene = fake(Scene).model_dump(mode="json", by_alias=True)

    with pytest.raises(StubError, match=rf"findScene\.{field}.*{fault}"):
        stash_mock.on("find_scene").responds({"findScene": {**scene, field: value}})
    stash_mock.on("find_scene", optional=True).responds({"findScene": scene})


def test_unknown_members_of_enums(stash_mock: StashMock) -> None:
    status = fake(SystemStatus).model_dump(mode="json", by_alias=True)

    with pytest.raises(StubError, match=r"status: 'FINE' is not one of SystemStatusEnum: .*SETUP"):
        stash_mock.on("system_status").responds({"systemStatus": {**status, "status": "FINE"}})
    # The client takes unknown members of newer servers: a model with one gets no further either.
    with pytest.raises(StubError, match="gender: 'ULTRA' is not one of GenderEnum"):
        stash_mock.on("find_performer").responds(fake(Performer, gender="ULTRA"))


@pytest.mark.parametrize(
    ("plugins", "fault"),
    [
        ({"a": 1}, "is not a valid PluginConfigMap"),
        ([], "is not a valid PluginConfigMap"),
        ({"a": {"b": [1]}}, None),
    ],
)
def test_maps(stash_mock: StashMock, plugins: object, fault: str | None) -> None:
    whole = fake(Configuration).model_dump(mode="json", by_alias=True)
    stub = stash_mock.on("configuration", optional=True)

    if fault is None:
        stub.responds({"configuration": {**whole, "plugins": plugins}})
    else:
        with pytest.raises(StubError, match=fault):
            stub.responds({"configuration": {**whole, "plugins": plugins}})


def test_unions_want_to_be_told_apart(stash_mock: StashMock) -> None:
    with pytest.raises(StubError, match=r"BaseFile can be BasicFile, .* say which in '__typename'"):
        stash_mock.on("find_file").responds({"findFile": {"id": "1"}})
    with pytest.raises(StubError, match="'Scene' is none of them"):
        stash_mock.on("find_file").responds({"findFile": {"__typename": "Scene", "id": "1"}})


def test_long_lists_of_faults_are_cut(stash_mock: StashMock) -> None:
    with pytest.raises(StubError, match=r"\n  and \d+ more\n") as caught:
        stash_mock.on("find_scene").responds({"findScene": {}})

    assert str(caught.value).count("is missing") == 5


def test_several_root_fields_want_a_dictionary(stash_mock: StashMock) -> None:
    with pytest.raises(
        StubError, match="the document asks for version, a: answer with a dictionary"
    ):
        stash_mock.on("{ version { hash } a: latestversion { version } }").responds(fake(Version))


def test_partial_data_beside_an_error_are_checked(stash_mock: StashMock) -> None:
    with pytest.raises(StubError, match="is not an object"):
        stash_mock.on("find_scene").responds(graphql_error("no", data={"findScene": "x"}))


@pytest.mark.parametrize("status", [0, 101, 600])
def test_statuses_that_are_none(status: int) -> None:
    with pytest.raises(StubError, match=f"{status} is not a status"):
        http_status(status)


def test_a_stub_has_one_answer(stash_mock: StashMock) -> None:
    stub = stash_mock.on("find_scene", optional=True).responds(None)

    with pytest.raises(StubError, match=r"has an answer already.*responds_in_turn"):
        stub.responds(None)
    with pytest.raises(StubError, match="has an answer already"):
        stub.computes(lambda request: None)
    with pytest.raises(StubError, match="no answers are given"):
        stash_mock.on("find_scene", optional=True).responds_in_turn()


def test_the_one_request_of_a_stub(stash_mock: StashMock) -> None:
    stub = stash_mock.on("find_scene", optional=True).responds(None)

    with pytest.raises(AssertionError, match=r"answered 0 requests, not one"):
        stub.request  # noqa: B018


def test_stub_errors_are_errors_of_the_package() -> None:
    assert issubclass(StubError, StashError)


@pytest.mark.anyio
async def test_answers_of_a_function_are_checked_as_they_come(
    stash_mock: StashMock, stash: StashClient
) -> None:
    stash_mock.on("find_scenes").computes(lambda request: {"findScenes": {"count": 1}})

    with pytest.raises(pytest.fail.Exception, match=r"findScenes.scenes: is missing"):
        await stash.find_scenes(filter=FindFilterType(page=1))
    stash_mock._problems.clear()  # pyright: ignore[reportPrivateUsage]  # it is what was wanted


@pytest.mark.anyio
async def test_requests_that_a_server_would_refuse_are_not_answered(
    stash_mock: StashMock, stash: StashClient
) -> None:
    stash_mock.on("find_scenes").responds(FindScenesResult(count=0, scenes=[]))

    for document, variables, fault in [
        ("query FindScenes { findScenes { cuont } }", {}, "Cannot query field 'cuont'"),
        (
            "query FindScenes($n: Int!) { findScenes(filter: {page: $n}) { count } }",
            {"n": "1"},
            r"\$n.*Int cannot represent",
        ),
    ]:
        with pytest.raises(pytest.fail.Exception, match=rf"a server would refuse it: .*{fault}"):
            await stash.graphql(document, variables)
    stash_mock._problems.clear()  # pyright: ignore[reportPrivateUsage]  # it is what was wanted
