"""`stash.freeones`: look a name up, then ask for its attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .scraping import Pace, details_query, pick, source

if TYPE_CHECKING:
    import asyncio

    from . import models
    from .inputs import ScraperSourceInput, ScrapeSinglePerformerInput

__all__ = ["Freeones"]


class _ScrapeClient(Protocol):
    async def scrape_single_performer(
        self, source: ScraperSourceInput, input: ScrapeSinglePerformerInput
    ) -> list[models.ScrapedPerformer]: ...


class Freeones:
    """Performers of Freeones, scraped by the server (`scrapeSinglePerformer`).

    The site is asked by the server, one call at a time and with a pause in between.
    """

    def __init__(self, client: _ScrapeClient, *, min_interval: float = 1.0) -> None:
        """Make the scraper; nothing is sent.

        Args:
            client: the client whose server scrapes.
            min_interval: seconds between two calls.

        Raises:
            ConfigurationError: that is no time.
        """
        self._client = client
        self._pace = Pace(min_interval)
        self._turn: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None

    @property
    def min_interval(self) -> float:
        """Seconds between two calls."""
        return self._pace.min_interval

    @min_interval.setter
    def min_interval(self, seconds: float) -> None:
        self._pace.min_interval = seconds

    async def search(self, query: str) -> list[str]:
        """List the names that match.

        Args:
            query: a name or a part of one.

        Returns:
            Names, in the site's order; empty when there are none.

        Raises:
            GraphQLError: the server could not reach the site.
        """
        from .inputs import ScrapeSinglePerformerInput

        found = await self._scrape(ScrapeSinglePerformerInput(query=query))
        return [entry.name for entry in found if entry.name]

    async def performer(self, name: str) -> models.ScrapedPerformer:
        """Give one performer's attributes. The name is looked up in the list first.

        Args:
            name: the performer's name, in any case.

        Returns:
            The attributes: name, url, twitter, instagram, birthdate, ethnicity, country, eye_color,
            height, measurements, fake_tits, career_length, tattoos, piercings, aliases and more.

        Raises:
            NotFoundError: the list has nobody of that name.
            GraphQLError: the server could not reach the site.
        """
        from .inputs import ScrapeSinglePerformerInput

        listed = pick(name, await self._scrape(ScrapeSinglePerformerInput(query=name)))
        found = await self._scrape(details_query(listed))
        return pick(listed.name or name, found) if len(found) != 1 else found[0]

    async def _scrape(self, input: ScrapeSinglePerformerInput) -> list[models.ScrapedPerformer]:
        import asyncio

        loop = asyncio.get_running_loop()
        if self._turn is None or self._turn[0] is not loop:
            self._turn = loop, asyncio.Lock()
        async with self._turn[1]:
            await asyncio.sleep(self._pace.wait())
            try:
                return await self._client.scrape_single_performer(source(), input)
            finally:
                self._pace.done()
