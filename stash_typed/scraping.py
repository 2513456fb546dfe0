"""Freeones through the server's built-in scraper: which requests, at what pace. No I/O."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ._runtime.errors import NotFoundError
from ._runtime.foreign_text import one_line

if TYPE_CHECKING:
    from . import models
    from .inputs import ScraperSourceInput, ScrapeSinglePerformerInput

__all__ = ["Pace", "details_query", "pick", "source"]


def source() -> ScraperSourceInput:
    """Give the scraper that the server has built in."""
    from .inputs import ScraperSourceInput

    return ScraperSourceInput(scraper_id="builtin_freeones")


def details_query(listed: models.ScrapedPerformer) -> ScrapeSinglePerformerInput:
    """Ask for the attributes of an entry of the list.

    Args:
        listed: the entry.

    Returns:
        The input that names it.
    """
    from .inputs import ScrapedPerformerInput, ScrapeSinglePerformerInput

    # `urls` would do for new servers; every server knows the older `url`.
    url = listed.url or next(iter(listed.urls or ()), None)
    return ScrapeSinglePerformerInput(
        performer_input=ScrapedPerformerInput(name=listed.name, url=url)
    )


class Pace:
    """Keeps calls at a distance from each other. Free of I/O.

    Attributes:
        min_interval: seconds from the end of one call to the start of the next.
    """

    def __init__(self, min_interval: float) -> None:
        self.min_interval = min_interval
        self._last: float | None = None

    def wait(self) -> float:
        """Give the seconds to wait before the next call."""
        if self._last is None:
            return 0.0
        return max(0.0, self._last + self.min_interval - time.monotonic())

    def done(self) -> None:
        """Say that a call has ended."""
        self._last = time.monotonic()


def pick(name: str, found: Sequence[models.ScrapedPerformer]) -> models.ScrapedPerformer:
    """Choose the one performer of that name from a list.

    Args:
        name: the name, in any case.
        found: what the look-up answered.

    Returns:
        The entry whose name is the same.

    Raises:
        NotFoundError: there is none; the message lists the nearest ones.
    """
    for entry in found:
        if entry.name and entry.name.casefold() == name.casefold():
            return entry
    near = ", ".join(one_line(entry.name, 80) for entry in found[:5] if entry.name)
    raise NotFoundError(
        f"Freeones lists nobody named {name!r}",
        operation="ScrapeSinglePerformer",
        hint=f"It lists: {near}." if near else "It lists nobody like that; check the spelling.",
    )
