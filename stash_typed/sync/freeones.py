"""`freeones` of `SyncStashClient`."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from ..scraping import Pace, details_query, pick, source

if TYPE_CHECKING:
    from .. import models
    from ..inputs import ScraperSourceInput, ScrapeSinglePerformerInput

__all__ = ["SyncFreeones"]


class _ScrapeClient(Protocol):
    def scrape_single_performer(
        self, source: ScraperSourceInput, input: ScrapeSinglePerformerInput
    ) -> list[models.ScrapedPerformer]: ...


class SyncFreeones:
    """Performers of Freeones, scraped by the server (`scrapeSinglePerformer`).

    The site is asked by the server, one call at a time and with a pause in between.
    """

    def __init__(self, client: _ScrapeClient, *, min_interval: float = 1.0) -> None:
        """Make the scraper; nothing is sent. As `Freeones.scrape_single_performer`."""
        self._client = client
        self._pace = Pace(min_interval)
        self._turn = threading.Lock()

    @property
    def min_interval(self) -> float:
        """Seconds between two calls. As `Freeones.min_interval`."""
        return self._pace.min_interval

    @min_interval.setter
    def min_interval(self, seconds: float) -> None:
        self._pace.min_interval = seconds

    def search(self, query: str) -> list[str]:
        """List the names that match. As `Freeones.search`."""
        from ..inputs import ScrapeSinglePerformerInput

        found = self._scrape(ScrapeSinglePerformerInput(query=query))
        return [entry.name for entry in found if entry.name]

    def performer(self, name: str) -> models.ScrapedPerformer:
        """Give one performer's attributes. The name is looked up in the list first. As `Freeones.performer`."""
        from ..inputs import ScrapeSinglePerformerInput

        listed = pick(name, self._scrape(ScrapeSinglePerformerInput(query=name)))
        found = self._scrape(details_query(listed))
        return pick(listed.name or name, found) if len(found) != 1 else found[0]

    def _scrape(self, input: ScrapeSinglePerformerInput) -> list[models.ScrapedPerformer]:
        with self._turn:
            time.sleep(self._pace.wait())
            try:
                return self._client.scrape_single_performer(source(), input)
            finally:
                self._pace.done()
