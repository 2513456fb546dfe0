"""Creating, changing and destroying performers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.errors import AnswerError, PanicError
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import mutation
from stash_typed.sandbox.store.changes import Changes, ListChange
from stash_typed.sandbox.store.items import Item
from stash_typed.sandbox.store.kinds import PERFORMER
from stash_typed.sandbox.store.performers import Performers

from ..graphql.inputs import changes_from, image_data, list_change
from .ids import number, numbers
from .performers import INSTAGRAM, TWITTER

__all__: list[str] = []

_Input = Mapping[str, Any]
_LEGACY = ("url", "twitter", "instagram")
_SITES = {
    "twitter": (TWITTER, "https://twitter.com"),
    "instagram": (INSTAGRAM, "https://instagram.com"),
}


def _performers(info: GraphQLResolveInfo) -> Performers:
    return context_of(info).store.performers


def _address(name: str, text: str) -> str:
    """Make a link of what the older fields take: a link, or a name at the site."""
    if name == "url" or re.match(r"https?://", text):
        return text
    return f"{_SITES[name][1]}/{text}"


def _performer_changes(given: _Input, *, new: bool = False) -> Changes:
    changes = changes_from(PERFORMER, given, new=new, skip=("urls", "url"))
    if new:
        urls = [
            _address(name, given[name].strip()) for name in _LEGACY if given.get(name) is not None
        ]
        urls.extend(url.strip() for url in given.get("urls") or ())
        changes.texts["urls"] = ListChange(urls)
    elif "urls" in given:
        for name in _LEGACY:
            if name in given:
                raise AnswerError(f"{name} field must not be included if urls is included")
        change = list_change(given["urls"])
        if change is not None:
            changes.texts["urls"] = change
    custom = given.get("custom_fields")
    if custom is not None:
        changes.custom_fields = {"full": custom} if new else custom
    if "image" in given:
        data = image_data(given["image"])
        if data or not new:
            changes.blobs["image"] = data
    return changes


def _with_legacy_links(
    performers: Performers, key: int, changes: Changes, given: _Input
) -> Changes:
    """Put what the older fields give into the list of links, each in the place of its like."""
    if not any(name in given for name in _LEGACY):
        return changes
    urls = performers.database.column(
        "select url from performer_urls where performer_id = ? order by position", (key,)
    )
    if performers.get(key) is None:
        raise PanicError
    for name in _LEGACY:
        if name not in given:
            continue
        value = _address(name, (given[name] or "").strip())
        for place, url in enumerate(urls):
            if name == "url":
                same = not TWITTER.match(url) and not INSTAGRAM.match(url)
            else:
                same = _SITES[name][0].match(url) is not None
            if same:
                urls[place] = value
                break
        else:
            urls.append(value)
    return replace(changes, texts={**changes.texts, "urls": ListChange(urls)})


@mutation("performerCreate")
def performer_create(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Add a performer."""
    performers = _performers(info)
    return performers.get(performers.create(_performer_changes(input, new=True)))


@mutation("performerUpdate")
def performer_update(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> Item | None:
    """Change a performer."""
    performers = _performers(info)
    key = number(input["id"], "converting id")
    changes = _performer_changes(input)
    with performers.database.transaction():
        performers.update(key, _with_legacy_links(performers, key, changes, input))
    return performers.get(key)


@mutation("bulkPerformerUpdate")
def bulk_performer_update(
    _parent: None, info: GraphQLResolveInfo, *, input: _Input
) -> list[Item] | None:
    """Change performers in the same way, all or none."""
    performers = _performers(info)
    keys = numbers(input.get("ids"), "converting ids")
    changes = _performer_changes(input)
    with performers.database.transaction():
        for key in keys:
            performers.update(key, _with_legacy_links(performers, key, changes, input))
    return performers.read(keys) or None


@mutation("performerDestroy")
def performer_destroy(_parent: None, info: GraphQLResolveInfo, *, input: _Input) -> bool:
    """Destroy a performer."""
    _performers(info).destroy([number(input["id"], "converting id")])
    return True


@mutation("performersDestroy")
def performers_destroy(_parent: None, info: GraphQLResolveInfo, *, ids: Sequence[str]) -> bool:
    """Destroy performers, all or none."""
    _performers(info).destroy(numbers(ids, "converting ids"))
    return True
