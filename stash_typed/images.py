"""Pictures for the image fields of inputs: a URL, or the picture as text."""

from __future__ import annotations

import os
import re
from base64 import b64encode

from ._runtime.errors import InvalidVariableError
from ._runtime.foreign_text import one_line
from ._runtime.whole_file import open_ordinary

__all__ = ["image"]

_SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    # A box of any size that lists its brands: the first one, a version, the compatible ones.
    (re.compile(rb".{4}ftyp(?:avi[fs]|.{8}(?:.{4}){0,8}?avi[fs])", re.DOTALL), "image/avif"),
    (
        re.compile(
            # Each part can end in one place alone: with more of them the time would multiply.
            rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml(?:(?!\?>).){0,200}\?>\s*)?"
            rb"(?:<!--(?:(?!-->).){0,2000}-->\s*|<!DOCTYPE\s+svg[^>]{0,500}>\s*){0,4}<svg[\s>]",
            re.DOTALL | re.IGNORECASE,
        ),
        "image/svg+xml",
    ),
)
_KNOWN = frozenset(media_type for _, media_type in _SIGNATURES)
_HEAD = 8192
# What the server takes for a picture and not for an address that it should fetch.
_DATA_URL_HEAD = re.compile(r"data:[^,\n]+/[^,\n]+;base64", re.IGNORECASE)
_LONGEST_HEAD = 200


def image(source: str | os.PathLike[str] | bytes, *, content_type: str | None = None) -> str:
    """Return a picture in the form that the image fields of inputs take.

    Such fields are `SceneUpdateInput.cover_image`, `image` of performers, studios and tags, and
    `front_image` and `back_image` of groups. A local picture is sent inside the request, whole
    in memory and a third larger than its file; a URL is fetched by the server, which must be
    able to reach it, within 60 seconds. To remove a picture, send None instead.

    Args:
        source: an http(s) or base64 `data:` URL, which is returned unchanged; a path (`~` is
            the home folder); or the contents of a picture.
        content_type: the media type, such as `image/bmp`; by default detected from the contents (JPEG,
            PNG, GIF, WebP, AVIF, SVG), else by the path's name.

    Returns:
        The given URL, or a `data:` URL.

    Raises:
        InvalidVariableError: the file cannot be read, or is not recognised as a picture.
    """
    if isinstance(source, bytes):
        return _data_url(source, content_type or _media_type(source, None))
    text = os.fsdecode(source)
    if isinstance(source, str):
        if re.match("https?://", text, re.IGNORECASE):
            return text
        if re.match("data:", text, re.IGNORECASE):
            return _checked(text)
    contents = _read(text)
    return _data_url(contents, content_type or _media_type(contents, text))


def _shown(text: str) -> str:
    return repr(one_line(text, 200))


def _checked(url: str) -> str:
    head, comma, picture = url.partition(",")
    fits = len(head) <= _LONGEST_HEAD and _DATA_URL_HEAD.fullmatch(head)
    if not (comma and fits) or re.search(r"\s", picture):
        raise InvalidVariableError(
            f"the server does not read the data URL {url[:40]!r}…: it must say ;base64 and hold no"
            " line breaks",
            hint="Give the picture's bytes instead.",
        )
    return url


def _read(path: str) -> bytes:
    path = os.path.expanduser(path)
    try:
        with open_ordinary(path) as file:
            return file.read()
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise InvalidVariableError(
            f"the picture {_shown(path)} cannot be read: {reason}",
            hint="Give a path on this machine, an http(s) link, or bytes.",
        ) from error


def _data_url(contents: bytes, media_type: str) -> str:
    if not re.fullmatch(r"image/[\w.+-]+", media_type, re.ASCII):
        raise InvalidVariableError(f"{_shown(media_type)} is not the media type of a picture")
    return f"data:{media_type};base64,{b64encode(contents).decode('ascii')}"


def _media_type(contents: bytes, path: str | None) -> str:
    import mimetypes

    for signature, media_type in _SIGNATURES:
        if signature.match(contents[:_HEAD]):
            return media_type
    named = None if path is None else mimetypes.guess_type(path)[0]
    what = "these bytes" if path is None else _shown(path)
    if not contents:
        raise InvalidVariableError(f"{what} cannot be a picture: there is nothing inside")
    if named in _KNOWN:
        raise InvalidVariableError(
            f"{what} is named like {named} but does not begin like one",
            hint="Is it a web page that was saved instead of the picture?",
        )
    if named is None or not named.startswith("image/"):
        raise InvalidVariableError(
            f"{what} cannot be told for a picture",
            hint="If it is one, give its media type: content_type='image/…'.",
        )
    return named
