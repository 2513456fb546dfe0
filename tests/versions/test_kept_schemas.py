"""What a server knows is kept for the next process, and says nothing of any other server."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from stash_typed.criteria import equals
from stash_typed.errors import StashVersionWarning
from stash_typed.inputs import SceneCreateInput, SceneFilterType, SceneUpdateInput
from tests.versions.connecting import again, connected, own_cache
from tests.versions.schemas import without

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache folder, of this test alone."""
    return own_cache(tmp_path, monkeypatch)


async def test_the_schema_is_kept_for_the_next_process(cache: Path) -> None:
    async with connected(without("Scene.director")) as (first, _):
        for known in (1, 0):
            async with again(first.url) as (stash, counted):
                with pytest.warns(StashVersionWarning):
                    await stash.find_scenes()
            assert counted.sent.count("IntrospectionQuery") == known

    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize("damage", ["", "{", "[" * 100_000, "stash-typed schema cache 2\nx\nQuery"])
async def test_a_damaged_cache_is_no_trouble(cache: Path, damage: str) -> None:
    async with connected(without("Scene.director")) as (stash, _):
        with pytest.warns(StashVersionWarning):
            await stash.find_scenes()
        (path,) = cache.iterdir()
        whole = path.read_text(encoding="utf-8")
        path.write_text(damage, encoding="utf-8")

        async with again(stash.url) as (other, _):
            with pytest.warns(StashVersionWarning):
                assert (await other.find_scenes()).count == 3

    assert path.read_text(encoding="utf-8") == whole


def poisoned(path: Path, *missing: str) -> None:
    """Let a file of the cache say that a server lacks something."""
    lines = path.read_text(encoding="utf-8").split("\n")
    assert set(missing) <= set(lines)
    path.write_text("\n".join(line for line in lines if line not in missing), encoding="utf-8")


async def test_a_cache_that_is_wrong_is_asked_anew(cache: Path) -> None:
    """The server itself is asked before anybody is told that it cannot do something."""
    async with connected(without("Scene.director")) as (stash, _):
        with pytest.warns(StashVersionWarning):
            await stash.find_scenes()
        (path,) = cache.iterdir()
        poisoned(path, "Query.findScenes", "Query.findScenes(filter)", "Scene.organized")

        async with again(stash.url) as (other, counted):
            with pytest.warns(StashVersionWarning, match=r"does not know Scene\.director;"):
                assert (await other.find_scenes()).count == 3

    assert counted.sent.count("IntrospectionQuery") == 1


async def test_many_at_once_see_that_a_cache_is_wrong(cache: Path) -> None:
    async with connected(without("Scene.director")) as (stash, _):
        with pytest.warns(StashVersionWarning):
            await stash.find_scenes()
        (path,) = cache.iterdir()
        poisoned(path, "Scene.organized")

        async with again(stash.url) as (other, counted):
            with pytest.warns(StashVersionWarning):
                pages = await asyncio.gather(*(other.find_scenes() for _ in range(20)))

    assert {page.count for page in pages} == {3}
    assert counted.sent.count("IntrospectionQuery") == 1


@pytest.mark.filterwarnings("ignore::stash_typed.errors.StashVersionWarning")
async def test_a_wrong_cache_drops_nothing_that_a_change_carries(cache: Path) -> None:
    """A cache says that the server lacks what the caller gives: the server decides."""
    async with connected(without("Scene.director")) as (stash, _):
        made = await stash.scene_create(SceneCreateInput(title="Harbour"))
        assert made
        (path,) = cache.iterdir()
        poisoned(
            path,
            "SceneUpdateInput.title",
            "Mutation.sceneUpdate(input)",
            "Query.findScenes(scene_filter)",
        )

        async with again(stash.url) as (other, counted):
            await other.scene_update(SceneUpdateInput(id=made.id, title="Harbour walk"))
            found = await other.find_scenes(
                scene_filter=SceneFilterType(title=equals("Harbour walk"))
            )

    assert [scene.title for scene in found.scenes] == ["Harbour walk"]
    assert counted.sent.count("IntrospectionQuery") <= 1


@pytest.mark.filterwarnings("ignore::stash_typed.errors.StashVersionWarning")
async def test_a_wrong_cache_ends_no_subscription(cache: Path) -> None:
    async with connected(without("Job.error")) as (stash, _):
        await (await stash.scan())
        (path,) = cache.iterdir()
        poisoned(path, "Subscription.jobsSubscribe", "Job.id")

        async with again(stash.url) as (other, counted):
            updates = other.jobs_subscribe()
            first = asyncio.ensure_future(anext(updates))
            for _ in range(100):
                await stash.scan()
                done, _ = await asyncio.wait({first}, timeout=0.2)
                if done:
                    break
            assert (await first).job.id
            await updates.aclose()

    assert counted.sent.count("IntrospectionQuery") == 1


async def test_what_one_server_says_is_asked_of_no_other(cache: Path) -> None:
    """Both call themselves the same build of the same release."""
    async with connected(without("Scene.director", "Scene.code")) as (stash, _):
        with pytest.warns(StashVersionWarning):
            await stash.find_scenes()

    async with connected(without("Scene.code")) as (stash, counted):
        with pytest.warns(StashVersionWarning, match=r"does not know Scene\.code;") as warned:
            await stash.find_scenes()
        assert "director" not in str(warned.list[0].message)

    assert counted.sent.count("IntrospectionQuery") == 1
    assert len(list(cache.iterdir())) == 2


@pytest.mark.skipif(os.name == "nt", reason="homes are those of POSIX")
@pytest.mark.parametrize(
    "home", [None, "/nonexistent", "relative", "/dev/null", "/proc", "/" + "x" * 300]
)
async def test_without_a_home_folder_there_is_no_cache(
    home: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pwd

    def unknown(uid: int) -> None:
        raise KeyError(f"uid not found: {uid}")

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", home or "")
    if home is None:
        monkeypatch.delenv("HOME")
    monkeypatch.chdir(tmp_path)
    async with connected(without("Scene.director")) as (stash, _):
        with pytest.warns(StashVersionWarning):
            assert (await stash.find_scenes()).count == 3

    assert list(tmp_path.iterdir()) == []


async def test_a_cache_folder_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    async with connected(without("Scene.director")) as (stash, _):
        with pytest.warns(StashVersionWarning):
            assert (await stash.find_scenes()).count == 3
