"""The scenes, images and galleries at a path on the server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .documents import selected
from .kinds import GALLERIES, IMAGES, SCENES, Kind
from .paging import IdPager
from .reading import Search

if TYPE_CHECKING:
    from .. import models
    from .._runtime.steps import Procedure

__all__ = ["FoundAt", "found_at"]

_PAGE = 250
_SPECIAL = re.compile(r"([\\.+*?()|\[\]{}^$])")


@dataclass(frozen=True)
class FoundAt:
    """The scenes, images and galleries at a path.

    Attributes:
        path: the path on the server.
        scenes, images, galleries: those with a file at the path or below it.
    """

    path: str
    scenes: list[models.Scene]
    images: list[models.Image]
    galleries: list[models.Gallery]


def found_at(path: str) -> Procedure[FoundAt]:
    """Return the scenes, images and galleries at or below a path (`findScenes` …)."""
    path = path.rstrip("/\\") or path
    return FoundAt(
        path=path,
        scenes=(yield from _all(SCENES, path)),
        images=(yield from _all(IMAGES, path)),
        galleries=(yield from _all(GALLERIES, path)),
    )


def _all(kind: Kind, path: str) -> Procedure[list[Any]]:
    # The path itself, or what comes after a separator of either kind of server.
    pattern = "^" + _SPECIAL.sub(r"\\\1", path) + r"($|[/\\])"
    criterion = {"path": {"value": pattern, "modifier": "MATCHES_REGEX"}}
    where = kind.input(kind.filter_type, criterion)
    pager: IdPager[Any] = IdPager(kind, selected(kind, None), Search(where), _PAGE)
    found: list[Any] = []
    while not pager.done:
        found += yield from pager.next_page()
    return found
