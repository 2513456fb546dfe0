"""`freeones` of `SyncStashClient`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._runtime.steps import SyncExecutor, perform_sync
from ..scraping import Scraper

if TYPE_CHECKING:
    from .. import models

__all__ = ["SyncFreeones"]


class SyncFreeones:
    """Performers of Freeones, scraped by the server (`scrapeSinglePerformer`).

    The site is asked by the server, one call at a time and with a pause in between.
    """

    def __init__(self, executor: SyncExecutor, *, min_interval: float = 1.0) -> None:
        """Make the scraper; nothing is sent. As `Freeones`."""
        self._executor = executor
        self._scraper = Scraper(min_interval)

    @property
    def min_interval(self) -> float:
        """Seconds between two calls. As `Freeones.min_interval`."""
        return self._scraper.min_interval

    @min_interval.setter
    def min_interval(self, seconds: float) -> None:
        self._scraper.min_interval = seconds

    def search(self, query: str) -> list[str]:
        """List the names that match. As `Freeones.search`."""
        return perform_sync(self._executor, self._scraper.search(query))

    def performer(self, name: str) -> models.ScrapedPerformer:
        """Return one performer's attributes. As `Freeones.performer`."""
        return perform_sync(self._executor, self._scraper.performer(name))
