"""`stash.freeones`: performers on Freeones."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ._runtime.errors import ConfigurationError, NotFoundError
from ._runtime.foreign_text import one_line
from ._runtime.steps import Ask, AsyncExecutor, Lock, Locked, Procedure, Sleep, perform

if TYPE_CHECKING:
    from stash_typed_graphql.scrape_single_performer import ScrapeSinglePerformerData

    from . import models
    from .inputs import ScrapeSinglePerformerInput

__all__ = ["Freeones"]

_LONGEST = 86_400
_NAME_SHOWN = 80


class Freeones:
    """Performers on Freeones, scraped by the server (`scrapeSinglePerformer`).

    The server queries the site, one call at a time and with a pause in between.
    """

    def __init__(self, executor: AsyncExecutor, *, min_interval: float = 1.0) -> None:
        """Create the scraper; nothing is sent.

        Args:
            executor: the executor of the requests.
            min_interval: seconds between two calls.

        Raises:
            ConfigurationError: the interval is not a valid number of seconds.
        """
        self._executor = executor
        self.min_interval = min_interval
        self._last: float | None = None
        self._lock = Lock("freeones")

    @property
    def min_interval(self) -> float:
        """Seconds from the end of one call to the start of the next."""
        return self._min_interval

    @min_interval.setter
    def min_interval(self, seconds: float) -> None:
        if not _is_time(seconds):
            raise ConfigurationError(
                f"min_interval={seconds!r} is not a time to wait",
                hint=f"Give seconds between 0 and {_LONGEST}.",
            )
        self._min_interval = seconds

    async def search(self, query: str) -> list[str]:
        """List the names that match.

        Args:
            query: a name or a part of one.

        Returns:
            Names, in the site's order; empty when there are none.

        Raises:
            GraphQLError: the server could not reach the site.
        """
        return await perform(self._executor, self._search(query))

    async def performer(self, name: str) -> models.ScrapedPerformer:
        """Return one performer's attributes. The name is looked up in the list first.

        Args:
            name: the performer's name, in any case.

        Returns:
            The attributes: name, url, twitter, instagram, birthdate, ethnicity, country, eye_color,
            height, measurements, fake_tits, career_length, tattoos, piercings, aliases and more.

        Raises:
            NotFoundError: the list has no performer of that name.
            GraphQLError: the server could not reach the site.
        """
        return await perform(self._executor, self._performer(name))

    def _search(self, query: str) -> Procedure[list[str]]:
        from .inputs import ScrapeSinglePerformerInput

        found = yield from self._scrape(ScrapeSinglePerformerInput(query=query))
        return [entry.name for entry in found if entry.name]

    def _performer(self, name: str) -> Procedure[models.ScrapedPerformer]:
        """Look a name up in the list, then ask for the attributes of that entry."""
        from .inputs import ScrapedPerformerInput, ScrapeSinglePerformerInput

        listed = pick(name, (yield from self._scrape(ScrapeSinglePerformerInput(query=name))))
        # `urls` would do for new servers; every server knows the older `url`.
        url = listed.url or next(iter(listed.urls or ()), None)
        entry = ScrapedPerformerInput(name=listed.name, url=url)
        found = yield from self._scrape(ScrapeSinglePerformerInput(performer_input=entry))
        return found[0] if len(found) == 1 else pick(listed.name or name, found)

    def _scrape(
        self, input: ScrapeSinglePerformerInput
    ) -> Procedure[list[models.ScrapedPerformer]]:
        data: ScrapeSinglePerformerData = yield Locked(self._in_turn(input), self._lock)
        return data.scrape_single_performer

    def _in_turn(self, input: ScrapeSinglePerformerInput) -> Procedure[ScrapeSinglePerformerData]:
        from stash_typed_graphql.scrape_single_performer import (
            OPERATION,
            ScrapeSinglePerformerData,
        )

        from .inputs import ScraperSourceInput

        if self._last is not None:
            yield Sleep(max(0.0, self._last + self.min_interval - time.monotonic()))
        source = ScraperSourceInput(scraper_id="builtin_freeones")
        try:
            data: ScrapeSinglePerformerData = yield Ask(
                OPERATION, ScrapeSinglePerformerData, {"source": source, "input": input}
            )
            return data
        finally:
            self._last = time.monotonic()


def _is_time(value: object) -> bool:
    """Whether a value is a number of seconds; NaN is not."""
    return isinstance(value, (int, float)) and 0 <= value <= _LONGEST


def pick(name: str, found: Sequence[models.ScrapedPerformer]) -> models.ScrapedPerformer:
    """Return the performer of that name, in any case, or raise NotFoundError with the nearest."""
    for entry in found:
        if entry.name and entry.name.casefold() == name.casefold():
            return entry
    near = ", ".join(one_line(entry.name, _NAME_SHOWN) for entry in found[:5] if entry.name)
    raise NotFoundError(
        f"Freeones lists nobody named {one_line(name, _NAME_SHOWN)!r}",
        operation="ScrapeSinglePerformer",
        hint=f"It lists: {near}." if near else "It lists nobody like that; check the spelling.",
    )
