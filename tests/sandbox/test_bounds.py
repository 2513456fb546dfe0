"""Pictures, videos and requests that are larger, deeper or odder than honest ones."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stash_typed.sandbox import Sandbox
from stash_typed.sandbox.content.folders import Folders
from stash_typed.sandbox.content.pictures import plain_png
from stash_typed.sandbox.content.probing import picture_facts, video_facts
from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.graphql.inputs import MOST_CHARACTERS, image_data
from tests.sandbox.asking import ask, client, error, run_job
from tests.sandbox.raw import send

_TIME = "2024-05-06T07:08:09Z"
_JSON = {"content-type": "application/json"}
_MIB = 1 << 20


@pytest.fixture(scope="module", name="server")
def _server() -> Iterator[Sandbox]:
    with Sandbox(scenes=1) as server:
        yield server


def _png(width: int, height: int) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02" * 9
    )


_HEADS = [
    plain_png(8, 8, 1),
    b"GIF89a" + struct.pack("<HH", 5, 6),
    b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x05\x00\x06\x03",
    b"RIFF\x00\x00\x00\x00WEBPVP8X" + bytes(20),
    b"RIFF\x00\x00\x00\x00WEBPVP8L" + bytes(20),
    b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(20),
]


@pytest.mark.parametrize("head", _HEADS)
def test_a_picture_that_ends_early_has_no_size(head: bytes) -> None:
    for end in range(len(head)):
        facts = picture_facts("/m/a.png", [head[:end]], mod_time=_TIME)
        assert facts.size == end


@settings(max_examples=300, deadline=None)
@given(head=st.sampled_from(_HEADS), start=st.integers(3, 30), more=st.binary(max_size=60))
def test_any_bytes_are_a_picture_or_an_error_about_it(head: bytes, start: int, more: bytes) -> None:
    try:
        picture_facts("/m/a.png", [head[:start], more], mod_time=_TIME)
    except AnswerError:
        return


def test_a_picture_that_claims_to_be_huge_is_logged_and_the_others_are_scanned(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.png").write_bytes(_png(0xFFFFFFFF, 1))
    (tmp_path / "b.png").write_bytes(_png(1, 1 << 31))
    (tmp_path / "c.png").write_bytes(plain_png(4, 4, 1))
    (tmp_path / "d.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with Sandbox(media=tmp_path) as server:
        assert run_job(server, "mutation { metadataScan(input: {}) }").status == "FINISHED"
        found = ask(
            server,
            '{ findImages(filter: { sort: "path" }) { images'
            " { visual_files { ... on ImageFile { width height } } } } }",
        )["images"]
        assert [each["visual_files"][0]["width"] for each in found] == [4, 0]
        logged = [each["message"] for each in ask(server, "{ logs { message } }")]
    assert any("a.png" in each and "4294967295 x 1 pixels" in each for each in logged)


def test_a_large_picture_is_not_held_in_memory(tmp_path: Path) -> None:
    class Endless:
        given = 0

    def pieces() -> Iterator[bytes]:
        yield plain_png(4, 4, 1)
        for _ in range(4096):
            Endless.given += 65536
            yield bytes(65536)

    facts = picture_facts("/m/a.png", pieces(), mod_time=_TIME)
    assert facts.size == Endless.given + len(plain_png(4, 4, 1))
    assert (facts.width, facts.height) == (4, 4)


@pytest.mark.parametrize(
    "told",
    [
        {"format": {"duration": "N/A", "bit_rate": "N/A", "format_name": 5}, "streams": []},
        {"format": {"duration": "inf", "bit_rate": "1e400"}},
        {"format": {"bit_rate": "9" * 40}, "streams": [{"codec_type": "video", "width": "x"}]},
        {"streams": [{"codec_type": "video", "width": 1 << 40, "avg_frame_rate": "1/0"}]},
        {"streams": [{"codec_type": "video", "avg_frame_rate": "a/b", "height": -5}]},
    ],
)
def test_whatever_a_probe_tells_of_a_video_it_has_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: Any
) -> None:
    program = tmp_path / "ffprobe"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(told)}\nEND\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    (tmp_path / "a.mp4").write_bytes(b"a" * 20)
    facts = video_facts(Folders([tmp_path]), tmp_path / "a.mp4", mod_time=_TIME, with_md5=True)
    assert (facts.duration, facts.bit_rate, facts.width, facts.height) == (0, 0, 0, 0)


@pytest.mark.skipif(
    not (shutil.which("ffmpeg") and shutil.which("ffprobe")), reason="there is no ffmpeg here"
)
def test_a_playlist_that_calls_itself_a_video_is_not_followed(tmp_path: Path) -> None:
    film = tmp_path / "film.avi"
    made = ["-f", "lavfi", "-i", "color=size=16x16:duration=1", "-y", str(film)]
    subprocess.run(["ffmpeg", "-v", "error", *made], check=True, stdin=subprocess.DEVNULL)
    (tmp_path / "list.mp4").write_text("ffconcat version 1.0\nfile film.avi\n")
    folders = Folders([tmp_path])
    facts = video_facts(folders, film, mod_time=_TIME, with_md5=False)
    assert (facts.width, facts.duration) == (16, 1)
    facts = video_facts(folders, tmp_path / "list.mp4", mod_time=_TIME, with_md5=False)
    assert (facts.width, facts.duration) == (0, 0)


def test_a_cover_is_read_in_a_time_that_grows_with_it_and_has_a_bound() -> None:
    def seconds(size: int) -> float:
        # Full of slashes, which a media type has as well.
        value = "data:image/png;base64," + "/" * size
        started = time.perf_counter()
        assert image_data(value) is not None
        return time.perf_counter() - started

    seconds(4000)
    assert min(seconds(400_000) for _ in range(3)) < 200 * min(seconds(40_000) for _ in range(3))
    with pytest.raises(AnswerError, match=f"larger than {MOST_CHARACTERS} characters"):
        image_data("data:image/png;base64," + "A" * (MOST_CHARACTERS + 4))
    with pytest.raises(AnswerError, match="unsupported protocol") as caught:
        image_data("x" * 1_000_000)
    assert len(str(caught.value)) < 2000


def test_the_sandbox_fetches_no_picture_from_an_address(server: Sandbox) -> None:
    message = error(
        server,
        'mutation { tagCreate(input: { name: "A", image: "http://127.0.0.1:1/a.png" }) { id } }',
    )
    assert "does not do images from an address" in message


@pytest.mark.parametrize(
    ("content_type", "most"),
    [
        ("application/json", 64 * _MIB),
        ("multipart/form-data; boundary=b", 256 * _MIB),
        ("text/plain", _MIB),
    ],
)
def test_what_is_too_large_is_refused_before_it_is_read(
    server: Sandbox, content_type: str, most: int
) -> None:
    announced = [("content-type", content_type), ("content-length", str(most + 1))]
    reply = send(server, "/graphql", announced, method="POST")
    assert reply.status == 413
    assert f"at most {most} bytes" in reply.text


def test_what_does_not_say_how_large_it_is_is_counted(server: Sandbox) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield bytes(_MIB)

    with client(server) as http:
        form = {"content-type": "application/x-www-form-urlencoded"}
        reply = http.post("/login", content=endless(), headers=form)
    assert reply.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"query": ' * 100_000,
        b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 5000 + b"}}",
        json.dumps({"query": "{ a" * 20_000}).encode(),
        json.dumps({"query": "query($a: Int = " + "[" * 20_000}).encode(),
    ],
)
def test_brackets_and_digits_without_end_are_a_bad_request(server: Sandbox, body: bytes) -> None:
    reply = send(server, "/graphql", _JSON, method="POST", body=body)
    assert reply.status in (400, 422)
    assert "errors" in json.loads(reply.text)


@pytest.mark.parametrize(
    "places", ["[]", "1", "null", '{"0": 1}', '{"0": {"a": 1}}', "[" * 100_000]
)
def test_a_map_that_is_none_is_a_bad_request(server: Sandbox, places: str) -> None:
    files = {"operations": (None, '{"query": "{ __typename }"}'), "map": (None, places)}
    with client(server) as http:
        reply = http.post("/graphql", files=files)
    assert (reply.status_code, "errors" in reply.json()) == (400, True)
