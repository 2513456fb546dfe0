"""The shipped client against servers that lack something, or have something more."""

from __future__ import annotations

import asyncio
import threading
import warnings
from contextlib import aclosing, closing
from pathlib import Path

import pytest

from stash_typed import SyncStashClient
from stash_typed.criteria import duplicated, equals
from stash_typed.enums import CircumisedEnum
from stash_typed.errors import StashVersionWarning, ValidationFailedError
from stash_typed.inputs import (
    PerformerCreateInput,
    PerformerFilterType,
    SceneCreateInput,
    SceneFilterType,
    SceneUpdateInput,
)
from stash_typed.sandbox import Sandbox
from tests.versions.connecting import connected, own_cache
from tests.versions.schemas import edited, without

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache folder, of this test alone."""
    return own_cache(tmp_path, monkeypatch)


async def test_an_optional_field_is_left_out_and_named_once() -> None:
    async with connected(without("Scene.director")) as (stash, counted):
        with pytest.warns(StashVersionWarning, match=r"does not know Scene\.director") as warned:
            found, again = [await stash.find_scenes() for _ in range(2)]

    assert [scene.director for scene in found.scenes] == [None] * 3
    assert found.scenes == again.scenes
    assert len([w for w in warned if w.category is StashVersionWarning]) == 1
    # The document, what the server knows, what is left of the document; then that at once.
    assert counted.sent == [
        "FindScenes",
        "Version",
        "IntrospectionQuery",
        "FindScenes",
        "FindScenes",
    ]


def told(caught: list[warnings.WarningMessage]) -> set[str]:
    """The files whose lines the warnings name."""
    return {each.filename for each in caught if each.category is StashVersionWarning}


async def test_the_warning_names_the_callers_line() -> None:
    schema = without("Scene.director")
    for kind in ("operation", "page", "iteration"):
        async with connected(schema) as (stash, _):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                if kind == "operation":
                    await stash.find_scenes()
                elif kind == "page":
                    await stash.scenes.find(per_page=1)
                else:
                    assert (await anext(stash.scenes.iterate())).id
        assert told(caught) == {__file__}, kind


def test_the_warning_names_the_callers_line_for_the_synchronous_client_too() -> None:
    with (
        Sandbox(scenes=1, schema=without("Scene.director")) as server,
        SyncStashClient(server.url) as stash,
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        assert len(list(stash.scenes.iterate())) == 1
    assert told(caught) == {__file__}


async def test_collections_live_with_it_too() -> None:
    async with connected(without("Scene.director"), scenes=7) as (stash, _):
        with pytest.warns(StashVersionWarning, match="Scene.director"):
            seen = [scene async for scene in stash.scenes.iterate(page_size=2)]

    assert len(seen) == 7


async def test_a_nested_selection_goes_with_its_fragment() -> None:
    async with connected(without("Scene.studio", "Scene.code")) as (stash, _):
        with pytest.warns(StashVersionWarning, match=r"Scene\.code, .*Scene\.studio"):
            scene = (await stash.find_scenes()).scenes[0]

    assert scene.studio is None
    assert scene.tags is not None


async def test_an_argument_that_was_not_given_is_left_out() -> None:
    async with connected(without("Query.findScenes(scene_ids)")) as (stash, _):
        with pytest.warns(StashVersionWarning, match=r"Query\.findScenes\(scene_ids\)"):
            assert (await stash.find_scenes()).count == 3
        with pytest.raises(
            ValidationFailedError, match=r"does not know Query\.findScenes\(scene_ids\)"
        ):
            await stash.find_scenes(scene_ids=[1])


async def test_an_argument_of_another_type_is_left_out_when_it_was_not_given() -> None:
    schema = edited(
        (
            "findScenes(filter: FindFilterType, ids: [ID!],",
            "findScenes(filter: FindFilterType, ids: [Int!],",
        )
    )
    async with connected(schema) as (stash, _):
        with pytest.warns(StashVersionWarning, match=r"Query\.findScenes\(ids\)"):
            assert (await stash.find_scenes()).count == 3
        with pytest.raises(ValidationFailedError) as caught:
            await stash.find_scenes(ids=["1"])

    assert caught.value.fields == ["Query.findScenes(ids)"]
    assert (caught.value.client_version, caught.value.server_version) == ("v0.30.1", "v0.30.1")
    assert "stash-typed codegen" in str(caught.value)


async def test_an_argument_that_has_become_required_is_sent_as_such() -> None:
    """As v0.25.1's configureUI wants it."""
    schema = edited(("configureUI(input: Map, partial: Map)", "configureUI(input: Map!)"))
    async with connected(schema) as (stash, _):
        with pytest.warns(StashVersionWarning, match=r"Mutation\.configureUI\(partial\)"):
            assert await stash.configure_ui({"colour": "blue"}) == {"colour": "blue"}
        # It is told before it is tried what would be left out.
        warnings.simplefilter("ignore", StashVersionWarning)
        for arguments in ({}, {"input": None}, {"partial": {"colour": "red"}}):
            with pytest.raises(ValidationFailedError, match=r"configureUI|\$input"):
                await stash.configure_ui(**arguments)
        assert (await stash.configuration()).ui == {"colour": "blue"}


async def test_a_required_field_is_not_lied_about() -> None:
    async with connected(without("Scene.organized")) as (stash, _):
        with pytest.raises(ValidationFailedError) as caught:
            await stash.find_scenes()

    assert caught.value.fields == ["Scene.organized"]
    assert (caught.value.client_version, caught.value.server_version) == ("v0.30.1", "v0.30.1")
    assert "stash-typed codegen" in str(caught.value)


async def test_a_root_field_that_is_gone() -> None:
    async with connected(without("Query.stats")) as (stash, _):
        with pytest.raises(ValidationFailedError, match=r"does not know Query\.stats"):
            await stash.stats()


async def test_data_of_the_caller_is_never_dropped() -> None:
    async with connected(without("SceneUpdateInput.director")) as (stash, _):
        made = await stash.scene_create(SceneCreateInput(title="Harbour"))
        assert made is not None
        updated = await stash.scene_update(SceneUpdateInput(id=made.id, title="Harbour walk"))
        with pytest.raises(ValidationFailedError, match="director"):
            await stash.scene_update(SceneUpdateInput(id=made.id, director="Ada"))
        kept = await stash.find_scene(made.id)

    assert updated is not None
    assert kept is not None
    assert (kept.title, kept.director) == ("Harbour walk", "")


async def test_where_warnings_are_errors_nothing_is_changed() -> None:
    """The warning comes before the change, each time: it is no error after the fact."""
    async with connected(without("Scene.director")) as (stash, counted):
        made = SceneUpdateInput(id="1", title="Harbour walk")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for _ in range(2):
                with pytest.raises(StashVersionWarning, match=r"Scene\.director"):
                    await stash.scene_update(made)
        before = await stash.graphql("{ findScene(id: 1) { title } }")
        with pytest.warns(StashVersionWarning, match=r"Scene\.director") as warned:
            updated = [await stash.scene_update(made) for _ in range(2)]

    assert before["findScene"]["title"] != "Harbour walk"
    assert [scene and scene.title for scene in updated] == ["Harbour walk"] * 2
    assert len([each for each in warned if each.category is StashVersionWarning]) == 1
    assert counted.sent.count("IntrospectionQuery") == 1


def test_where_warnings_are_errors_nothing_is_changed_by_the_synchronous_client() -> None:
    with (
        Sandbox(scenes=2, schema=without("Scene.director")) as server,
        SyncStashClient(server.url) as stash,
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(StashVersionWarning):
                stash.scene_update(SceneUpdateInput(id="1", title="Harbour walk"))
        assert (
            stash.graphql("{ findScene(id: 1) { title } }")["findScene"]["title"] != "Harbour walk"
        )


async def test_a_filter_that_the_server_lacks_is_named() -> None:
    async with connected(without("SceneFilterType.organized")) as (stash, _):
        with pytest.raises(ValidationFailedError, match="organized"):
            await stash.find_scenes(scene_filter=SceneFilterType(organized=True))


async def test_what_is_new_does_not_disturb() -> None:
    newer = edited(
        ("type Scene {\n", "type Scene {\n  brand_new: Int\n"),
        ("enum SystemStatusEnum {\n", "enum SystemStatusEnum {\n  DREAMING\n"),
        ("type Query {\n", "type Query {\n  brandNew: Int\n"),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        async with connected(newer) as (stash, counted):
            assert (await stash.find_scenes()).count == 3
            assert (await stash.system_status()).status == "OK"

    assert counted.sent == ["FindScenes", "SystemStatus"]


async def test_types_that_were_renamed_do_not_disturb_either() -> None:
    """As the releases after v0.30.1 do: an enum spelt anew, another criterion with the same fields."""
    newer = edited(
        ("CircumisedEnum", "CircumcisedEnum"),
        ("PHashDuplicationCriterionInput", "DuplicationCriterionInput"),
        (
            "input DuplicationCriterionInput {\n",
            "input DuplicationCriterionInput {\n  url: Boolean\n",
        ),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        async with connected(newer) as (stash, _):
            made = await stash.performer_create(
                PerformerCreateInput(name="Ada", circumcised=CircumisedEnum.CUT)
            )
            cut = PerformerFilterType(circumcised=equals(CircumisedEnum.CUT))
            found = await stash.performers.find(cut)
            none = await stash.scenes.count(SceneFilterType(duplicated=duplicated()))

    assert made
    assert [(each.id, each.circumcised) for each in found] == [(made.id, CircumisedEnum.CUT)]
    assert none == 0


async def test_fifty_at_once_ask_for_the_schema_once() -> None:
    async with connected(without("Scene.director")) as (stash, counted):
        with pytest.warns(StashVersionWarning):
            pages = await asyncio.gather(*(stash.find_scenes() for _ in range(50)))

    assert {page.count for page in pages} == {3}
    assert counted.sent.count("IntrospectionQuery") == 1


async def test_a_document_of_the_callers_own_is_sent_as_it_is() -> None:
    async with connected(without("Scene.director")) as (stash, counted):
        with pytest.raises(ValidationFailedError, match='Cannot query field "director"'):
            await stash.graphql("query Mine { findScenes { scenes { director } } }")

    assert counted.sent == ["Mine"]


def test_the_synchronous_client_does_the_same() -> None:
    with (
        Sandbox(scenes=2, schema=without("Scene.director")) as server,
        SyncStashClient(server.url) as stash,
    ):
        with pytest.warns(StashVersionWarning, match="Scene.director"):
            seen = list(stash.scenes.iterate())
        assert (len(seen), stash.find_scenes().count) == (2, 2)


async def test_a_subscription_is_cut_too() -> None:
    async with connected(without("Job.error")) as (stash, counted):
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            for _ in range(2):
                async with aclosing(stash.jobs_subscribe()) as updates:
                    first = asyncio.ensure_future(anext(updates))
                    for _ in range(100):  # each job is an event, for whoever listens
                        await stash.scan()
                        done, _ = await asyncio.wait({first}, timeout=0.2)
                        if done:
                            break
                    assert (await first).job.error is None

    assert ["Job.error; left out of JobsSub" in str(each.message) for each in warned] == [True]
    # The scans themselves ask for nothing that is not there.
    assert counted.sent.count("IntrospectionQuery") == 1


@pytest.mark.filterwarnings("ignore::stash_typed.errors.StashVersionWarning")
async def test_a_job_hears_events_where_its_fields_are_fewer() -> None:
    async with connected(without("Job.error")) as (stash, counted):
        assert (await (await stash.scan())).status == "FINISHED"
        assert counted.sent.count("IntrospectionQuery") == 1


async def test_a_subscription_that_the_server_lacks_is_named() -> None:
    async with connected(without("Subscription.scanCompleteSubscribe")) as (stash, _):
        with pytest.raises(ValidationFailedError, match=r"Subscription\.scanCompleteSubscribe"):
            await anext(stash.scan_complete_subscribe())


def test_a_subscription_is_cut_for_the_synchronous_client_too() -> None:
    with (
        Sandbox(scenes=2, schema=without("Job.error")) as server,
        SyncStashClient(server.url) as stash,
    ):
        heard = threading.Event()

        def start_jobs() -> None:
            for _ in range(200):
                if heard.wait(0.05):
                    return
                stash.scan()

        starting = threading.Thread(target=start_jobs)
        starting.start()
        with (
            warnings.catch_warnings(record=True) as warned,
            closing(stash.jobs_subscribe()) as updates,
        ):
            warnings.simplefilter("always")
            update = next(updates)
            heard.set()
        starting.join()
    assert ["Job.error; left out of JobsSub" in str(each.message) for each in warned] == [True]
    assert update.job.error is None


async def test_compatibility_is_told_without_trying() -> None:
    schema = without("Scene.director", "Query.stats", "SavedFilter.name")
    async with connected(schema) as (stash, counted):
        told = await stash.check_compatibility()

    assert not told.ok
    assert (told.client_version, told.server_version) == ("v0.30.1", "v0.30.1")
    assert told.left_out["FindScenes"] == ["Scene.director"]
    assert told.impossible["Stats"] == ["Query.stats"]
    assert told.impossible["FindSavedFilters"] == ["SavedFilter.name"]
    assert "Stats: needs Query.stats" in str(told)
    assert counted.sent == ["Version", "IntrospectionQuery"]


async def test_a_server_of_the_same_version_is_compatible() -> None:
    async with connected(without()) as (stash, _):
        told = await stash.check_compatibility()

    assert told.ok
    assert (told.left_out, told.impossible) == ({}, {})
