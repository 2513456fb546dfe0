"""Scraping: the built-in performer scraper, with a small list of synthetic people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLObjectType

from ..content.people import PEOPLE, only_name
from ..errors import AnswerError, refuse
from ..graphql.context import Info, Input, context_of
from ..graphql.registry import query

_FREEONES = "builtin_freeones"

_OF_PERFORMERS = {
    "urls": ["freeones.xxx", "freeones.com"],
    "supported_scrapes": ["NAME", "URL"],
}
_KINDS = ("performer", "scene", "gallery", "image", "group", "movie")


@query("listScrapers")
def list_scrapers(_parent: None, info: Info, *, types: list[str]) -> list[dict[str, Any]]:
    """Return the one scraper, with what it does for performers, where these are asked for."""
    freeones = {"id": _FREEONES, "name": "Freeones", "performer": _OF_PERFORMERS}
    return [{**dict.fromkeys(_KINDS), **freeones}] if "PERFORMER" in types else []


@query("scrapeSinglePerformer")
def scrape_single_performer(
    _parent: None,
    info: Info,
    *,
    source: Mapping[str, Any],
    input: Input,
) -> list[dict[str, Any]]:
    """Return the names that contain a query, or all that is known of one performer."""
    scraper = source.get("scraper_id")
    if scraper is None:
        if source.get("stash_box_endpoint") or source.get("stash_box_index") is not None:
            raise refuse("scraping from a stash-box")
        raise AnswerError("scraper_id or stash_box_index must be set")
    if scraper != _FREEONES:
        raise AnswerError(f"scraper not found: id {scraper}")
    text = input.get("query")
    given: Input | None = input.get("performer_input")
    if given is not None:
        _require_network(info, by="fragment")
        return _details(info, given)
    if text is not None:
        _require_network(info, by="name")
        found = [each for each in PEOPLE if text.casefold() in each["name"].casefold()]
        return [_complete(info, only_name(person)) for person in found]
    raise AnswerError("not implemented")


@query("scrapePerformerURL")
def scrape_performer_url(_parent: None, info: Info, *, url: str) -> dict[str, Any] | None:
    _require_network(info, by="url")
    person = next((each for each in PEOPLE if url in each["urls"]), None)
    return None if person is None else _complete(info, person)


def _complete(info: Info, person: dict[str, Any]) -> dict[str, Any]:
    scraped = info.schema.type_map["ScrapedPerformer"]
    assert isinstance(scraped, GraphQLObjectType)
    return {**dict.fromkeys(scraped.fields), **person}


def _details(info: Info, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    name = str(given.get("name") or "").casefold()
    named: list[str] = given.get("urls") or []
    urls = {str(given.get("url") or ""), *named}
    person = next(
        (each for each in PEOPLE if each["name"].casefold() == name or each["url"] in urls), None
    )
    return [] if person is None else [_complete(info, person)]


def _require_network(info: Info, *, by: str) -> None:
    if context_of(info).state.options.offline:
        address = "https://www.freeones.com/..."
        raise AnswerError(
            f"error while {by} scraping with scraper {_FREEONES}: failed to load URL"
            f' "{address}": Get "{address}": dial tcp: lookup www.freeones.com: no such host'
        )
