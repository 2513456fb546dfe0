"""What the library has at a path on the server. No I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .kinds import GALLERIES, IMAGES, SCENES, Kind
from .paging import IdPager
from .selection import shipped_choice

if TYPE_CHECKING:
    from .. import models
    from .._runtime.steps import Procedure

__all__ = ["FoundAt", "found_at"]

_PAGE = 250
_SPECIAL = re.compile(r"([\\.+*?()|\[\]{}^$])")


@dataclass(frozen=True)
class FoundAt:
    """What there is at a path.

    Attributes:
        path: the path on the server.
        scenes, images, galleries: those with a file at the path or below it.
    """

    path: str
    scenes: list[models.Scene]
    images: list[models.Image]
    galleries: list[models.Gallery]


def found_at(path: str) -> Procedure[FoundAt]:
    """Read the scenes, images and galleries at a path, or below it (`findScenes` …).

    Args:
        path: a file, an archive or a folder, as the server names it.

    Returns:
        What there is; empty lists where there is nothing of the kind.
    """
    path = path.rstrip("/\\") or path
    return FoundAt(
        path=path,
        scenes=(yield from _all(SCENES, path)),
        images=(yield from _all(IMAGES, path)),
        galleries=(yield from _all(GALLERIES, path)),
    )


def _all(kind: Kind, path: str) -> Procedure[list[Any]]:
    # The path itself, or what comes after a separator of either kind of server.
    pattern = rf"^{_SPECIAL.sub(_escaped, path)}($|[/\\])"
    criterion = {"path": {"value": pattern, "modifier": "MATCHES_REGEX"}}
    pager: IdPager[Any] = IdPager(
        kind, shipped_choice(kind), kind.input(kind.filter_type, criterion), None, _PAGE
    )
    found: list[Any] = []
    while not pager.done:
        found += yield from pager.next_page()
    return found


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match.group(1)}"
