"""Generate: goes through the selected kinds of every scene and image and writes small files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..content.generated_files import (
    GeneratedFiles,
    synthetic_phash,
    write_picture,
)
from ..content.pictures import plain_png
from ..errors import AnswerError
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import mutation
from ..jobs import JobHandle
from ..state import ServerState

__all__ = ["Picks", "generate_for_scene"]

_THUMBNAIL_SIDE = 640


@dataclass(frozen=True)
class Picks:
    """What to generate."""

    covers: bool = False
    sprites: bool = False
    previews: bool = False
    image_previews: bool = False
    markers: bool = False
    transcodes: bool = False
    phashes: bool = False
    image_thumbnails: bool = False
    clip_previews: bool = False
    overwrite: bool = False

    @classmethod
    def for_scan(cls, wishes: Input) -> Picks:
        """Read them from a scan's input."""
        return cls(
            covers=bool(wishes.get("scanGenerateCovers")),
            sprites=bool(wishes.get("scanGenerateSprites")),
            previews=bool(wishes.get("scanGeneratePreviews")),
            image_previews=bool(wishes.get("scanGenerateImagePreviews")),
            phashes=bool(wishes.get("scanGeneratePhashes")),
        )

    @classmethod
    def for_generate(cls, wishes: Input) -> Picks:
        """Read them from a generate input; heatmaps need scripts, which no scene here has."""
        return cls(
            covers=bool(wishes.get("covers")),
            sprites=bool(wishes.get("sprites")),
            previews=bool(wishes.get("previews")),
            image_previews=bool(wishes.get("imagePreviews")),
            markers=bool(wishes.get("markers")),
            transcodes=bool(wishes.get("transcodes") and wishes.get("forceTranscodes")),
            phashes=bool(wishes.get("phashes")),
            image_thumbnails=bool(wishes.get("imageThumbnails")),
            clip_previews=bool(wishes.get("clipPreviews")),
            overwrite=bool(wishes.get("overwrite")),
        )


@dataclass(frozen=True)
class _Step:
    title: str
    write: Callable[[], None]


@mutation("metadataGenerate")
def metadata_generate(_parent: None, info: Info, *, input: Input) -> str:
    """Start generating for all scenes, or for those named by `sceneIDs` and `markerIDs`."""
    context = context_of(info)
    state = context.state
    state.require_store()
    picks = Picks.for_generate(input)
    chosen = _ids(input.get("sceneIDs"))
    markers = _ids(input.get("markerIDs"))

    def task(job: JobHandle) -> None:
        _generate(state, job, picks, chosen, markers)

    return context.jobs.add("Generating...", task)


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
        if picks.image_thumbnails:
            for image in store.images.all_ids():
                steps += _image_steps(state, image, picks)
    if steps:
        # The first step is on its way before the total is known.
        job.indefinite()
        with job.doing(steps[0].title):
            job.check()
        job.set_total(len(steps))
    else:
        job.indefinite()
    for step in steps:
        with job.step(step.title):
            step.write()
    state.log.add("Info", f"Generate finished ({time.monotonic() - started:.6f}s)")


def generate_for_scene(state: ServerState, scene: int, picks: Picks) -> None:
    """Generate for one scene at once, as a scan does when it is asked to."""
    for step in _scene_steps(state, scene, picks):
        step.write()


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
        if picks.image_previews:
            write_picture(state.folders, places.webp, scene)

    def write_phash() -> None:
        store.files.set_fingerprint(int(file["id"]), "phash", synthetic_phash(checksum))

    again = picks.overwrite
    if picks.covers and (again or store.blob("scene", scene, "cover") is None):
        yield _Step(f"Generating cover for {title}", write_cover)
    if picks.sprites and (again or not state.folders.exists(places.sprite)):
        yield _Step(f"Generating sprites for {path}", write_sprites)
    if picks.previews and (again or not state.folders.exists(places.preview)):
        yield _Step(f"Generating preview for {path}", write_preview)
    if picks.markers:
        yield from _marker_steps(state, scene, store.markers.for_scene(scene))
    if picks.transcodes and (again or not state.folders.exists(places.transcode)):
        text = f"transcode of scene {scene}\n".encode()
        yield _Step(
            f"Generating transcode for {path}", lambda: state.folders.write(places.transcode, text)
        )
    if picks.phashes and (again or "phash" not in fingerprints):
        yield _Step(f"Generating phash for {path}", write_phash)


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

    yield _Step(f"Generating markers for {file['path']}", write)


def _image_steps(state: ServerState, image: int, picks: Picks) -> Iterator[_Step]:
    file = state.require_store().images.primary_file(image)
    if file is None:
        return
    small = max(int(file["width"]), int(file["height"])) <= _THUMBNAIL_SIDE
    checksum = file["fingerprints"].get("md5") or str(image)
    place = GeneratedFiles(state.generated_path, checksum).thumbnail
    if not small and (picks.overwrite or not state.folders.exists(place)):
        yield _Step(
            f"Generating Thumbnail for image {file['path']}",
            lambda: write_picture(state.folders, place, image),
        )
