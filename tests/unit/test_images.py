"""Pictures for image fields: links stay, everything else becomes what the server can decode."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_typed.errors import InvalidVariableError, StashError
from stash_typed.images import image
from stash_typed.inputs import SceneUpdateInput

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00rest"
PNG = b"\x89PNG\r\n\x1a\nrest"
GIF = b"GIF89arest"
WEBP = b"RIFF\x1a\n\x00\x00WEBPVP8 rest"
AVIF = b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1rest"
AVIF_SECOND = b"\x00\x00\x00\x20ftypmif1\x00\x00\x00\x00miafavifrest"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
SVG_LATE = b'\xef\xbb\xbf\n<?xml version="1.0"?>\n<!-- made by hand -->\n<svg width="4"></svg>'
BMP = b"BM\x3a\x00\x00\x00rest"
WEB_PAGE = b"<!DOCTYPE html><html><body>403</body></html>"
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"

CONTENTS = [
    (JPEG, "image/jpeg"),
    (PNG, "image/png"),
    (GIF, "image/gif"),
    (WEBP, "image/webp"),
    (AVIF, "image/avif"),
    (AVIF_SECOND, "image/avif"),
    (SVG, "image/svg+xml"),
    (SVG_LATE, "image/svg+xml"),
]


@pytest.mark.parametrize(
    "link",
    [
        "http://pictures.test/a.jpg",
        "HTTPS://pictures.test/a?size=1&x=%20",
        "data:image/png;base64,iVBORw0KGgo=",
        "data:image/svg+xml;charset=utf-8;base64,PHN2Zy8+",
    ],
)
def test_links_stay_as_they_are(link: str) -> None:
    assert image(link) == link


@pytest.mark.parametrize(("contents", "media_type"), CONTENTS)
def test_contents_tell_what_they_are(contents: bytes, media_type: str, tmp_path: Path) -> None:
    file = tmp_path / "picture.of.some.kind"
    file.write_bytes(contents)
    for source in (contents, file, str(file)):
        start, _, text = image(source).partition(",")
        assert start == f"data:{media_type};base64"
        assert b64decode(text, validate=True) == contents


def test_contents_go_before_the_name(tmp_path: Path) -> None:
    file = tmp_path / "picture.jpg"
    file.write_bytes(PNG)
    assert image(file).startswith("data:image/png;base64,")


def test_the_name_tells_of_other_pictures(tmp_path: Path) -> None:
    file = tmp_path / "picture.bmp"
    file.write_bytes(BMP)
    assert image(file).startswith("data:image/bmp;base64,")


def test_a_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "picture.png").write_bytes(PNG)
    assert image("~/picture.png") == image(PNG)


def test_what_the_caller_says_counts() -> None:
    assert image(BMP, content_type="image/bmp").startswith("data:image/bmp;base64,")
    assert image(PNG, content_type="image/x-own").startswith("data:image/x-own;base64,")


@pytest.mark.parametrize("content_type", ["video/mp4", "image/png, x", "png", "image/png;base64,"])
def test_a_media_type_of_no_picture(content_type: str) -> None:
    with pytest.raises(InvalidVariableError, match="not the media type of a picture"):
        image(PNG, content_type=content_type)


@pytest.mark.parametrize(
    ("name", "contents", "words"),
    [
        ("page.jpg", WEB_PAGE, "named like image/jpeg but does not begin like one"),
        ("page.svg", WEB_PAGE, "named like image/svg+xml but does not begin like one"),
        ("clip.mp4", MP4, "cannot be told for a picture"),
        ("nameless", BMP, "content_type='image/…'"),
        ("empty.png", b"", "there is nothing inside"),
    ],
)
def test_what_is_no_picture_is_refused(
    name: str, contents: bytes, words: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(contents)
    with pytest.raises(StashError, match=name) as caught:
        image(file)
    assert words in str(caught.value)


@pytest.mark.parametrize("contents", [b"", WEB_PAGE, MP4, b"rest"])
def test_bytes_of_no_picture_are_refused(contents: bytes) -> None:
    with pytest.raises(InvalidVariableError, match="these bytes"):
        image(contents)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidVariableError, match=r"gone\.jpg.*cannot be read"):
        image(tmp_path / "gone.jpg")
    with pytest.raises(InvalidVariableError, match="cannot be read"):
        image(tmp_path)
    with pytest.raises(InvalidVariableError, match="cannot be read"):
        image("")


def test_a_path_object_is_never_a_link() -> None:
    with pytest.raises(InvalidVariableError, match="cannot be read"):
        image(Path("http://pictures.test/a.jpg"))


@pytest.mark.parametrize(
    "url", ["data:image/png,%89PNG", "data:,", "data:image/png;base64,iVBO\nRw0K", "data:;base64,x"]
)
def test_a_data_url_that_the_server_would_fetch_is_refused(url: str) -> None:
    with pytest.raises(InvalidVariableError, match="does not read the data URL"):
        image(url)


@given(st.sampled_from(CONTENTS), st.binary(max_size=300))
def test_nothing_is_lost_on_the_way(kind: tuple[bytes, str], rest: bytes) -> None:
    contents = kind[0] + rest
    start, _, text = image(contents).partition(",")
    assert start == f"data:{kind[1]};base64"
    assert b64decode(text, validate=True) == contents


def test_it_goes_where_an_input_wants_a_picture() -> None:
    change = SceneUpdateInput(id="1", cover_image=image(PNG))
    assert change.cover_image == image(PNG)
