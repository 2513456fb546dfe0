"""Performers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..errors import PanicError
from ..graphql.context import Info, Input
from ..graphql.registry import field
from ..store import Changes, Item, ListChange, Store
from ..store.kinds import PERFORMER
from .declaring import Declaration, Mode
from .studios import add_links

_SITES = {
    "twitter": re.compile(r"https?://(?:www\.)?twitter\.com/"),
    "instagram": re.compile(r"https?://(?:www\.)?instagram\.com/"),
}
_OLDER = ("url", *_SITES)


def _address(name: str, text: str) -> str:
    """Make a link of what the older fields take: a link, or a name at the site."""
    if name == "url" or re.match(r"https?://", text):
        return text
    return f"https://{name}.com/{text}"


def _changes(changes: Changes, given: Input, mode: Mode) -> None:
    links = {name: given[name] for name in _OLDER if name in given}
    if mode == "create":
        links = {
            name: _address(name, text.strip()) for name, text in links.items() if text is not None
        }
    add_links(changes, {**given, **links}, mode, _OLDER)


def _with_older_links(
    store: Store, key: int, changes: Changes, given: Input, _mode: Mode
) -> Changes:
    """Put what the older fields give into the list of links, each in the place of its like."""
    if not any(name in given for name in _OLDER):
        return changes
    urls = store.column(
        "select url from performer_urls where performer_id = ? order by position", (key,)
    )
    if store.performers.get(key) is None:
        raise PanicError
    for name in _OLDER:
        if name not in given:
            continue
        value = _address(name, (given[name] or "").strip())
        for place, url in enumerate(urls):
            if name == "url":
                same = not any(site.match(url) for site in _SITES.values())
            else:
                same = _SITES[name].match(url) is not None
            if same:
                urls[place] = value
                break
        else:
            urls.append(value)
    return replace(changes, texts={**changes.texts, "urls": ListChange(urls)})


Declaration(
    PERFORMER,
    "Performers",
    everything="select id from performers order by name",
    skip=("urls",),
    changes=_changes,
    fitted=_with_older_links,
).declare()


def _link(site: re.Pattern[str]) -> Callable[[Item, Info], Any]:
    links = PERFORMER.texts("urls")
    assert links is not None

    def resolve(parent: Item, _info: Info) -> str | None:
        rows = parent.page.texts(links).get(parent.key, [])
        return next((row[0] for row in rows if site.match(row[0])), None)

    return resolve


for _name, _site in _SITES.items():
    field("Performer", _name)(_link(_site))
