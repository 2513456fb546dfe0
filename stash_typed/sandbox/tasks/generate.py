"""Generate: goes through the selected kinds of every scene and image and writes small files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath

from ..content.generated_files import GeneratedFiles, synthetic_phash, write_picture
from ..content.pictures import plain_png
from ..errors import AnswerError
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import mutation
from ..jobs import JobHandle
from ..state import ServerState

_THUMBNAIL_SIDE = 640


Picks = frozenset[str]
"""What to generate, in the words of GenerateMetadataInput."""


def picks_for_scan(wishes: Input) -> Picks:
    """Read them from a scan's input, such as `scanGenerateCovers`."""
    start = "scanGenerate"
    return frozenset(
        name[len(start)].lower() + name[len(start) + 1 :]
        for name, wish in wishes.items()
        if name.startswith(start) and wish
    )


_Step = tuple[str, Callable[[], None]]
"""A step's title, and what it writes."""


@mutation("metadataGenerate")
def metadata_generate(_parent: None, info: Info, *, input: Input) -> str:
    """Start generating for all scenes, or for those named by `sceneIDs` and `markerIDs`."""
    state = context_of(info).state
    state.require_store()
    picks = frozenset(name for name, wish in input.items() if wish)
    chosen = _ids(input.get("sceneIDs"))
    markers = _ids(input.get("markerIDs"))
    task = partial(_generate, state, picks=picks, chosen=chosen, markers=markers)
    return state.jobs.add("Generating...", task)


def _ids(texts: list[str] | None) -> list[int]:
    try:
        return [int(each) for each in texts or []]
    except ValueError as error:
        raise AnswerError(str(error)) from None


def _generate(
    state: ServerState, job: JobHandle, picks: Picks, chosen: list[int], markers: list[int]
) -> None:
    started = time.monotonic()
    store = state.require_store()
    state.log.add("Info", "Generate started with 1 parallel tasks")
    steps: list[_Step] = []
    if chosen or markers:
        for scene in chosen:
            steps += _scene_steps(state, scene, picks)
        for marker in markers:
            item = store.markers.require(marker)
            steps += _marker_steps(state, item["scene_id"], [(marker, item["seconds"])])
    else:
        for scene in store.scenes.all_ids():
            steps += _scene_steps(state, scene, picks)
        if "imageThumbnails" in picks:
            for image in store.images.all_ids():
                steps += _image_steps(state, image, picks)
    job.indefinite()
    if steps:
        # The first step is on its way before the total is known.
        with job.doing(steps[0][0]):
            job.check()
        job.set_total(len(steps))
    for title, write in steps:
        with job.step(title):
            write()
    state.log.add("Info", f"Generate finished ({time.monotonic() - started:.6f}s)")


def generate_for_scene(state: ServerState, scene: int, picks: Picks) -> None:
    """Generate for one scene at once, as a scan does when it is asked to."""
    for _, write in _scene_steps(state, scene, picks):
        write()


def _scene_steps(state: ServerState, scene: int, picks: Picks) -> Iterator[_Step]:
    store = state.require_store()
    file = store.scenes.primary_file(scene)
    if file is None:
        return
    path = str(file["path"])
    title = str(store.scenes.require(scene)["title"] or PurePosixPath(path).name)
    fingerprints: Mapping[str, str] = file["fingerprints"]
    checksum = fingerprints.get("oshash") or fingerprints.get("md5") or str(scene)
    places = GeneratedFiles(state.generated_path, checksum)

    def write_cover() -> None:
        store.set_blob("scene", scene, "cover", plain_png(64, 36, scene))

    def write_sprites() -> None:
        write_picture(state.folders, places.sprite, scene)
        cue = f"00:00:00.000 --> 00:00:01.000\n{places.sprite.name}#xywh=0,0,32,18\n"
        state.folders.write(places.sprite_text, f"WEBVTT\n\n{cue}".encode())

    def write_preview() -> None:
        state.folders.write(places.preview, f"preview of scene {scene}\n".encode())
        if "imagePreviews" in picks:
            write_picture(state.folders, places.webp, scene)

    def write_phash() -> None:
        store.files.set_fingerprint(int(file["id"]), "phash", synthetic_phash(checksum))

    again = "overwrite" in picks
    if "covers" in picks and (again or store.blob("scene", scene, "cover") is None):
        yield (f"Generating cover for {title}", write_cover)
    if "sprites" in picks and (again or not state.folders.exists(places.sprite)):
        yield (f"Generating sprites for {path}", write_sprites)
    if "previews" in picks and (again or not state.folders.exists(places.preview)):
        yield (f"Generating preview for {path}", write_preview)
    if "markers" in picks:
        yield from _marker_steps(state, scene, store.markers.for_scene(scene))
    if (
        "forceTranscodes" in picks
        and "transcodes" in picks
        and (again or not state.folders.exists(places.transcode))
    ):
        text = f"transcode of scene {scene}\n".encode()
        yield (
            f"Generating transcode for {path}",
            lambda: state.folders.write(places.transcode, text),
        )
    if "phashes" in picks and (again or "phash" not in fingerprints):
        yield (f"Generating phash for {path}", write_phash)


def _marker_steps(
    state: ServerState, scene: int, markers: list[tuple[int, float]]
) -> Iterator[_Step]:
    file = state.require_store().scenes.primary_file(scene)
    if file is None or not markers:
        return
    checksum = file["fingerprints"].get("oshash") or str(scene)
    places = GeneratedFiles(state.generated_path, checksum)

    def write() -> None:
        for marker, seconds in markers:
            state.folders.write(places.marker(seconds, ".mp4"), f"marker {marker}\n".encode())
            write_picture(state.folders, places.marker(seconds, ".webp"), marker)
            write_picture(state.folders, places.marker(seconds, ".jpg"), marker)

    yield (f"Generating markers for {file['path']}", write)


def _image_steps(state: ServerState, image: int, picks: Picks) -> Iterator[_Step]:
    file = state.require_store().images.primary_file(image)
    if file is None:
        return
    small = max(int(file["width"]), int(file["height"])) <= _THUMBNAIL_SIDE
    checksum = file["fingerprints"].get("md5") or str(image)
    place = GeneratedFiles(state.generated_path, checksum).thumbnail
    if not small and ("overwrite" in picks or not state.folders.exists(place)):
        yield (
            f"Generating Thumbnail for image {file['path']}",
            lambda: write_picture(state.folders, place, image),
        )
