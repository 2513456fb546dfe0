"""What counts as a release of Stash: a server may call its version anything."""

from __future__ import annotations

import re

__all__ = ["known_version", "version_in"]

_VERSION = re.compile(r"v?\d{1,6}(\.\d{1,6}){1,3}([-+][0-9A-Za-z][0-9A-Za-z.+-]{0,60})?", re.ASCII)
_RELEASE = re.compile(r"v\d+\.\d+\.\d+", re.ASCII)


def known_version(text: str | None) -> str | None:
    """Take a version for one only when it looks like one."""
    return text if text is not None and _VERSION.fullmatch(text) else None


def version_in(name: str) -> str | None:
    """Return the release that a file's name says."""
    found = _RELEASE.search(name)
    return found.group() if found else None
