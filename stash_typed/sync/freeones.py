# Written from stash_typed/freeones.py by `make generate`. Do not edit.

"""`stash.freeones`: performers of Freeones."""

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
        """Make the scraper; nothing is sent.

        Args:
            executor: what executes the requests.
            min_interval: seconds between two calls.

        Raises:
            ConfigurationError: that is no time.
        """
        self._executor = executor
        self._scraper = Scraper(min_interval)

    @property
    def min_interval(self) -> float:
        """Seconds between two calls."""
        return self._scraper.min_interval

    @min_interval.setter
    def min_interval(self, seconds: float) -> None:
        self._scraper.min_interval = seconds

    def search(self, query: str) -> list[str]:
        """List the names that match.

        Args:
            query: a name or a part of one.

        Returns:
            Names, in the site's order; empty when there are none.

        Raises:
            GraphQLError: the server could not reach the site.
        """
        return perform_sync(self._executor, self._scraper.search(query))

    def performer(self, name: str) -> models.ScrapedPerformer:
        """Return one performer's attributes. The name is looked up in the list first.

        Args:
            name: the performer's name, in any case.

        Returns:
            The attributes: name, url, twitter, instagram, birthdate, ethnicity, country, eye_color,
            height, measurements, fake_tits, career_length, tattoos, piercings, aliases and more.

        Raises:
            NotFoundError: the list has nobody of that name.
            GraphQLError: the server could not reach the site.
        """
        return perform_sync(self._executor, self._scraper.performer(name))
