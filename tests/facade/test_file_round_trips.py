"""Files there and back: exports, uploads from path, bytes and stream, pictures, streams."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from stash_typed import StashClient, Upload
from stash_typed.errors import ValidationFailedError
from stash_typed.images import image
from stash_typed.inputs import (
    ExportObjectTypeInput,
    GroupCreateInput,
    PerformerCreateInput,
    SceneCreateInput,
    ScenesDestroyInput,
    SceneUpdateInput,
    StudioCreateInput,
    TagCreateInput,
    TagDestroyInput,
)
from stash_typed.path_map import PathMap
from tests.facade.library import Server, png

pytestmark = pytest.mark.anyio


async def test_an_anonymised_copy_lands_on_disk(stash: StashClient, tmp_path: Path) -> None:
    path = await stash.anonymise(to=tmp_path / "without names.sqlite")

    assert list(tmp_path.iterdir()) == [path]
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)


def streamed(path: Path) -> Upload:
    return Upload(io.BytesIO(path.read_bytes()), filename="x.zip")


Source = Callable[[Path], "str | Path | bytes | Upload"]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(str, id="path"),
        pytest.param(Path.read_bytes, id="bytes"),
        pytest.param(streamed, id="stream"),
    ],
)
async def test_what_is_exported_can_be_imported(
    stash: StashClient, prefix: str, tmp_path: Path, source: Source
) -> None:
    tag = (await stash.tags.resolve([prefix], create=True))[prefix]
    try:
        chosen = ExportObjectTypeInput(ids=[tag])
        path = await stash.export_objects(to=tmp_path / "export.zip", tags=chosen)
        with zipfile.ZipFile(path) as archive:
            assert [name for name in archive.namelist() if name.startswith("tags/")]
        await stash.tag_destroy(TagDestroyInput(id=tag))

        await (await stash.import_objects(source(path)))

        tag = (await stash.tags.resolve([prefix]))[prefix]
    finally:
        await stash.tag_destroy(TagDestroyInput(id=tag))


async def picture_of_a_scene(stash: StashClient, name: str, picture: str) -> str | None:
    made = await stash.scene_create(SceneCreateInput(title=name))
    assert made
    updated = await stash.scene_update(SceneUpdateInput(id=made.id, cover_image=picture))
    return updated.paths.screenshot if updated else None


async def picture_of_a_tag(stash: StashClient, name: str, picture: str) -> str | None:
    made = await stash.tag_create(TagCreateInput(name=name, image=picture))
    return made.image_path if made else None


async def picture_of_a_performer(stash: StashClient, name: str, picture: str) -> str | None:
    made = await stash.performer_create(PerformerCreateInput(name=name, image=picture))
    return made.image_path if made else None


async def picture_of_a_studio(stash: StashClient, name: str, picture: str) -> str | None:
    made = await stash.studio_create(StudioCreateInput(name=name, image=picture))
    return made.image_path if made else None


async def picture_of_a_group(stash: StashClient, name: str, picture: str) -> str | None:
    if re.match(r"v0\.2[0-6]\.", (await stash.version()).version or ""):
        pytest.skip("there are no groups before v0.27")
    made = await stash.group_create(GroupCreateInput(name=name, front_image=picture))
    return made.front_image_path if made else None


Made = Callable[[StashClient, str, str], Awaitable["str | None"]]


@pytest.mark.parametrize(
    "make",
    [
        picture_of_a_scene,
        picture_of_a_tag,
        picture_of_a_performer,
        picture_of_a_studio,
        picture_of_a_group,
    ],
)
async def test_pictures_from_a_path_and_from_bytes(
    stash: StashClient, prefix: str, tmp_path: Path, make: Made
) -> None:
    (tmp_path / "picture.png").write_bytes(png(77))
    sources = {"path": image(tmp_path / "picture.png"), "bytes": image(png(77))}
    try:
        for name, source in sources.items():
            link = await make(stash, f"{prefix} {name}", source)
            assert link
            path = await stash.download(link, to=tmp_path / name)
            assert path.read_bytes() == png(77)
    finally:
        await remove_all(stash, prefix)


async def remove_all(stash: StashClient, prefix: str) -> None:
    """Remove what a test has made under its name, of whatever kind."""
    if scenes := [s.id async for s in stash.scenes.iterate(q=f'"{prefix}"')]:
        await stash.scenes_destroy(ScenesDestroyInput(ids=scenes))
    if tags := [t.id async for t in stash.tags.iterate(q=f'"{prefix}"')]:
        await stash.tags_destroy(tags)
    if performers := [p.id async for p in stash.performers.iterate(q=f'"{prefix}"')]:
        await stash.performers_destroy(performers)
    if studios := [s.id async for s in stash.studios.iterate(q=f'"{prefix}"')]:
        await stash.studios_destroy(studios)
    with suppress(ValidationFailedError):  # there are none before v0.27
        if groups := [g.id async for g in stash.groups.iterate(q=f'"{prefix}"')]:
            await stash.groups_destroy(groups)


async def test_a_stream_is_the_file_itself_under_a_path_of_this_machine(
    stash: StashClient, server: Server, tmp_path: Path
) -> None:
    if server.media is None:
        pytest.skip("the folders of this server are its owner's")
    found = await stash.scan_and_get(str(server.media))
    scene = found.scenes[0]
    assert scene.paths.stream
    paths = PathMap({str(server.media): str(server.media.parent / "mounted")})

    streamed = await stash.download(scene.paths.stream, to=tmp_path / "clip.mp4")

    original = server.media / Path(scene.files[0].path).name
    assert streamed.read_bytes() == original.read_bytes()
    assert paths.to_local(scene.files[0].path) == server.media.parent / "mounted" / original.name
