"""Assigns schema names to Stash's nouns, so that changes can be grouped."""

from __future__ import annotations

import re
from collections.abc import Iterable

from graphql import GraphQLObjectType, GraphQLSchema

from ..documents.coordinates import innermost
from ..naming import snake_case

__all__ = ["Nouns"]

_OTHER = "Other"
_THEMES = {
    "anonymise": "Database",
    "backup": "Database",
    "clean": "Tasks",
    "config": "Configuration",
    "configuration": "Configuration",
    "configure": "Configuration",
    "criterion": "Criteria",
    "database": "Database",
    "dlna": "DLNA",
    "dlnaip": "DLNA",
    "export": "Tasks",
    "file": "File",
    "filter": "SavedFilter",
    "fingerprint": "File",
    "generate": "Tasks",
    "generate_api_key": "Configuration",
    "identify": "Tasks",
    "import": "Tasks",
    "log": "Logs",
    "marker": "SceneMarker",
    "metadata": "Tasks",
    "migrate": "Tasks",
    "package": "Packages",
    "plugin": "Plugin",
    "scan": "Tasks",
    "scrape": "Scraping",
    "scraped": "Scraping",
    "scraper": "Scraping",
    "sql": "Database",
    "stash_box": "StashBox",
    "stash_id": "StashBox",
    "stats": "System",
    "system": "System",
    "version": "System",
}
"""Nouns without an object of their own, which names such as `ScrapedScene` would hide."""

_FIRST = ("stash_box", "scrape", "scraped", "scraper", "config", "configure", "metadata")


class Nouns:
    """The nouns of a schema: its objects with an id, and a few themes."""

    def __init__(self, *schemas: GraphQLSchema) -> None:
        self._words = dict(_THEMES)
        self._results: dict[str, str] = {}
        for schema in schemas:
            roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
            for type_ in schema.type_map.values():
                if isinstance(type_, GraphQLObjectType) and type_ not in roots:
                    words = snake_case(type_.name)
                    own = not words.startswith(_FIRST) and not words.endswith("result_type")
                    if own and "id" in type_.fields:
                        # Every kind of file is a file.
                        theme = _THEMES.get(words.rpartition("_")[2], type_.name)
                        self._words.setdefault(words, theme)
            for root in roots:
                if root:
                    results = {name: innermost(f.type) for name, f in root.fields.items()}
                    self._results.update(results)
        self._first = _pattern(_FIRST)
        self._any = _pattern(sorted(self._words, key=len, reverse=True))

    def of(self, coordinate: str) -> str:
        """Return the noun of a type, field, argument or enum value."""
        owner, _, member = coordinate.partition(".")
        if owner in {"Query", "Mutation", "Subscription"}:
            field = member.partition("(")[0]
            noun = self._in(field)
            return noun if noun != _OTHER else self._in(self._results.get(field, ""))
        return self._in(owner)

    def _in(self, name: str) -> str:
        words = _plain(name)
        match = self._first.search(words) or self._any.search(words)
        if match is None:
            return _OTHER
        word = match.group()
        for singular in (word, word.removesuffix("s"), word.removesuffix("es")):
            if singular in self._words:
                return self._words[singular]
        return _OTHER


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<![^_]){word}(?:e?s)?(?![^_])" for word in words))


def _plain(name: str) -> str:
    return snake_case(name).replace("galleries", "gallery").replace("studios", "studio")
