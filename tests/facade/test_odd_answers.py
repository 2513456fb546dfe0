"""Whatever a server answers to what the facade asks, no bare error comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stash_typed import SyncStashClient
from stash_typed._runtime.steps import perform_sync
from stash_typed.errors import StashError
from stash_typed.inputs import SceneFilterType
from stash_typed.library.found_at import found_at
from stash_typed.saved.criteria import UnreadableCriterionError
from stash_typed.saved.fields import filter_from_saved
from stash_typed.sync.freeones import SyncFreeones

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([4000]).map(lambda digits: 10**digits)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
    | st.sampled_from(
        ["\x1b[2J\n" * 2000, "EQUALS", "BETWEEN", "INCLUDES", "IS_NULL", "1080p", "true"]
    )
)


def json_of(*keys: str) -> st.SearchStrategy[Any]:
    return st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(keys), inner, max_size=4)
        ),
        max_leaves=10,
    )


PLUGIN = st.fixed_dictionaries(
    {"id": SCALARS, "enabled": st.booleans(), "hooks": json_of("name") | st.just([{"name": "h"}])}
)
ANSWERS = st.fixed_dictionaries(
    {
        "plugins": st.lists(PLUGIN, max_size=3) | json_of("id", "enabled", "hooks"),
        "setPluginsEnabled": json_of("x"),
        "backupDatabase": SCALARS,
        "anonymiseDatabase": SCALARS,
        "exportObjects": SCALARS,
        "importObjects": SCALARS,
        "scrapeSinglePerformer": json_of("name", "url", "urls", "stored_id"),
        "found": json_of("count", "items", "cursor", "id"),
        "findSavedFilters": json_of("id", "name", "mode", "object_filter", "find_filter"),
    }
)


def suspended(stash: SyncStashClient, _: Path) -> None:
    with stash.suspend_hooks():
        pass


def trouble(call: Callable[[], object]) -> str:
    """Give the message of a proper error, if it comes to one."""
    try:
        call()
    except StashError as error:
        return str(error)
    return ""


def freeones(stash: SyncStashClient) -> SyncFreeones:
    """Freeones without a pause."""
    stash.freeones.min_interval = 0
    return stash.freeones


CALLS: dict[str, Callable[[SyncStashClient, Path], object]] = {
    "backup": lambda stash, folder: stash.backup(to=folder / "x"),
    "anonymise": lambda stash, folder: stash.anonymise(to=folder / "x"),
    "export": lambda stash, folder: stash.export_objects(to=folder / "x"),
    "import": lambda stash, _: stash.import_objects(b"x"),
    "hooks": suspended,
    "freeones": lambda stash, _: freeones(stash).performer("a"),
    "names": lambda stash, _: freeones(stash).search("a"),
    "saved": lambda stash, _: list(stash.scenes.iterate(saved="n")),
    "found at": lambda stash, _: perform_sync(
        stash._connection,  # pyright: ignore[reportPrivateUsage]  # what a client performs it with
        found_at("/a"),
    ),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=ANSWERS | st.just(dict[str, object]()))
def test_an_odd_answer_is_a_stash_error(
    call: Callable[[SyncStashClient, Path], object], data: object, tmp_path: Path
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        file = request.url.path != "/graphql"
        return httpx.Response(200, content=b"x" if file else json.dumps({"data": data}).encode())

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as http,
        SyncStashClient("http://nas:9999", http_client=http) as stash,
    ):
        told = trouble(lambda: call(stash, tmp_path))
    assert "\x1b" not in told
    assert "\n" not in told
    assert len(told) < 3000


@pytest.mark.parametrize("depth", [31, 190, 5000])
def test_a_stored_filter_that_is_nested_too_deep(depth: int) -> None:
    stored: dict[str, object] = {"title": {"value": "x", "modifier": "EQUALS"}}
    for _ in range(depth):
        stored = {"AND": stored}

    with pytest.raises(UnreadableCriterionError, match="nested more than 30 deep"):
        filter_from_saved(SceneFilterType, stored)


def test_a_stored_text_is_shown_as_one_line() -> None:
    stored = {"resolution": {"value": "\x1b[2J\n" * 100_000, "modifier": "EQUALS"}}

    with pytest.raises(UnreadableCriterionError, match="is not one of") as caught:
        filter_from_saved(SceneFilterType, stored)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1000


def test_the_name_of_a_plugin_forges_no_line_of_a_log(caplog: pytest.LogCaptureFixture) -> None:
    forged = "helper\r\nERROR all is lost\x1b[2J"
    plugins = [{"id": forged, "enabled": True, "hooks": [{"name": "h"}]}]

    def answer(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)["operationName"]
        data = {"plugins": plugins} if asked == "HookedPlugins" else {"setPluginsEnabled": True}
        return httpx.Response(200, json={"data": data})

    with (
        caplog.at_level("INFO", logger="stash_typed"),
        httpx.Client(transport=httpx.MockTransport(answer)) as http,
        SyncStashClient("http://nas:9999", http_client=http) as stash,
        stash.suspend_hooks() as suspended_plugins,
    ):
        assert suspended_plugins == [forged]

    (line,) = [each.getMessage() for each in caplog.records if "suspending" in each.getMessage()]
    assert line.isprintable()
