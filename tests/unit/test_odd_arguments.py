"""What a caller gives that makes no sense is told as such: with its name, at once, as a StashError."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import BaseModel

from stash_typed import StashClient, SyncStashClient
from stash_typed.errors import (
    ConfigurationError,
    InvalidVariableError,
    NotFoundError,
    SelectionError,
    StashError,
)
from stash_typed.freeones import pick
from stash_typed.images import image
from stash_typed.path_map import PathMap
from stash_typed.select.selection import selection_of

posix = pytest.mark.skipif(sys.platform == "win32", reason="the files are those of POSIX")


def refusal_of(source: str | bytes | os.PathLike[str]) -> str:
    """Give the error of a picture, or fail when that takes for ever."""
    told: list[BaseException] = []

    def run() -> None:
        try:
            image(source)
        except InvalidVariableError as error:
            told.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(10)
    assert told, "it is not refused, or hangs"
    return str(told[0])


@posix
def test_a_picture_is_an_ordinary_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")

    for name in ("pipe", "device"):
        assert f"{name}' cannot be read: Not an ordinary file" in refusal_of(tmp_path / name)
    assert "Is a directory" in refusal_of(tmp_path) or "ordinary" in refusal_of(tmp_path)


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "x/" * 3000, "\ud800", "", "~nobody-here/x"])
def test_a_picture_at_an_odd_path_is_refused(name: str) -> None:
    told = refusal_of(name)

    assert "cannot be read" in told
    assert len(told) < 600
    assert told.isprintable()


@pytest.mark.parametrize(
    "source",
    [
        b"<!-- -->" * 1000,
        b"<!--" * 2000,
        b"<?xml " * 1000,
        b"<!DOCTYPE svg " * 500,
        b" " * 8192,
        "data:image/png" + "A/" * 200_000 + ";base64",
        "data:" + "/" * 400_000,
        "data:image/png;base64" * 20_000,
    ],
)
def test_what_resembles_a_picture_is_refused_at_once(source: str | bytes) -> None:
    started = time.monotonic()

    refusal_of(source)

    assert time.monotonic() - started < 5


def test_comments_before_a_drawing_are_read() -> None:
    drawing = (
        b'<?xml version="1.0"?>\n<!-- a -- b -->\n<!DOCTYPE svg PUBLIC "x" "y">\n<!-- c --><svg '
    )

    assert image(drawing).startswith("data:image/svg+xml;base64,")


@pytest.mark.parametrize(
    "media_type", ["image/é", "image/x\n", "image/", "", "image/" + "\x1b" * 999]
)
def test_a_media_type_is_of_plain_letters(media_type: str) -> None:
    with pytest.raises(
        InvalidVariableError, match=r"cannot be told|is not the media type"
    ) as caught:
        image(b"BM 123", content_type=media_type)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@posix
def test_a_relative_path_without_a_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()

    with pytest.raises(ConfigurationError, match=r"'clip\.mp4' is relative"):
        PathMap({"/data": "/media"}).to_server("clip.mp4")
    assert PathMap({"/data": "/media"}).to_server("/media/clip.mp4") == "/data/clip.mp4"


def test_a_path_of_the_server_is_shown_as_one_line() -> None:
    with pytest.raises(ConfigurationError) as caught:
        PathMap({"/data": "/media"}).to_local("/other/\x1b[2J\n" + "x" * 100_000)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1000


class Row(BaseModel):
    id: str


@pytest.mark.parametrize(
    "model", [None, 5, "Scene", dict, list[Row], BaseModel, Row(id="1")], ids=repr
)
def test_only_a_model_can_be_selected(model: Any) -> None:
    with pytest.raises(SelectionError, match="is not a pydantic model; give its class"):
        selection_of(model, "Scene")


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1, 1e12, "1", None])
def test_a_pause_is_a_time(seconds: object) -> None:
    interval = cast("float", seconds)
    with (
        SyncStashClient("http://nas:9999") as plain,
        pytest.raises(ConfigurationError, match="min_interval="),
    ):
        plain.freeones.min_interval = interval
    with pytest.raises(ConfigurationError, match="min_interval="):
        StashClient("http://nas:9999").freeones.min_interval = interval


def test_names_of_a_site_are_shown_as_one_line() -> None:
    from stash_typed.models import ScrapedPerformer

    found = [ScrapedPerformer.model_construct(name="\x1b[2J\n" + "x" * 10_000)] * 5

    with pytest.raises(NotFoundError) as caught:
        pick("ada\r\n", found)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("to", ["", "a\0b"])
def test_the_argument_is_named(to: str) -> None:
    with SyncStashClient("http://127.0.0.1:9") as stash, pytest.raises(StashError, match="to="):
        stash.backup(to=to)
