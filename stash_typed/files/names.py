"""What to call a file that comes from the server. No I/O."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes, urlsplit

__all__ = ["suggested_name"]

_LONGEST = 255
"""Bytes of a name: what Linux and macOS take, and no more than the UTF-16 units of Windows."""
_LONGEST_SUFFIX = 40
# What is read of a header or a link for the sake of a name.
_READ = 4096

_UNSAFE = re.compile(r"[:*?\"<>|]+")
_QUOTED_NAME = re.compile(r"""filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s"]+))""", re.IGNORECASE)
_ENCODED_NAME = re.compile(r"filename\*=([\w-]+)'[\w-]*'([^;\s]+)", re.IGNORECASE)
_CHARSETS = frozenset({"utf-8", "iso-8859-1"})
# Controls, what is not seen or turns the direction of writing, halves of surrogate pairs, line and
# paragraph separators.
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Devices of Windows, with any suffix: there such a file cannot be read or removed.
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE
)


def suggested_name(link: str, content_disposition: str | None = None) -> str:
    """Return the server's name for a file, made fit for a folder of any system and for the eye."""
    named = _named((content_disposition or "")[:_READ])
    path = urlsplit(link).path.rstrip("/").rpartition("/")[2]
    return _fit(named) or _fit(_decoded(path[-_READ:], "utf-8", "replace")) or "download"


def _named(disposition: str) -> str:
    """Read the name in a header; one in a charset that it is not in is none."""
    match = _ENCODED_NAME.search(disposition)
    if match and match.group(1).lower() in _CHARSETS:
        try:
            return _decoded(match.group(2), match.group(1))
        except UnicodeDecodeError:
            pass
    match = _QUOTED_NAME.search(disposition)
    return (match.group(1) or match.group(2) or "").replace('\\"', '"') if match else ""


def _decoded(text: str, charset: str, errors: str = "strict") -> str:
    return unquote_to_bytes(text.encode("utf-8", "replace")).decode(charset, errors)


def _fit(name: str) -> str:
    # The last part of whatever path it was meant to be, on either kind of system.
    name = re.split(r"[/\\]", name)[-1]
    seen = "".join(each for each in name if unicodedata.category(each) not in _DROPPED)
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", re.sub(r"\s", " ", seen)))
    name = name.lstrip(" .-").rstrip(" .")
    if _DEVICE.match(name):
        name = f"_{name}"
    return _shortened(name)


def _shortened(name: str) -> str:
    """Cut a name that no file system takes, and keep what tells what kind of file it is."""
    if len(name.encode()) <= _LONGEST:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode()) > _LONGEST_SUFFIX:
        stem, dot, suffix = name, "", ""
    left = _LONGEST - len(f"{dot}{suffix}".encode())
    return f"{stem.encode()[:left].decode(errors='ignore').rstrip(' .')}{dot}{suffix}"
