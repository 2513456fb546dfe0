"""Saved filters."""

from __future__ import annotations

from typing import Any

from ..graphql.context import Info, Input, context_of
from ..graphql.inputs import number
from ..graphql.registry import mutation, query
from ..store.filters import FIND_FIELDS, PARTS, SavedFilters

_NOTHING = {"filter": "", **dict.fromkeys(PARTS)}
_Filter = dict[str, Any]


def _filters(info: Info) -> SavedFilters:
    return context_of(info).store.saved_filters


@query("findSavedFilter")
def find_saved_filter(_parent: None, info: Info, *, id: str) -> _Filter | None:
    return _filters(info).get(number(id))


@query("findSavedFilters")
def find_saved_filters(_parent: None, info: Info, *, mode: str | None = None) -> list[_Filter]:
    return _filters(info).of_mode(mode)


@mutation("saveFilter")
def save_filter(_parent: None, info: Info, *, input: Input) -> _Filter | None:
    filters = _filters(info)
    key = None if input.get("id") is None else number(input["id"], "converting id")
    name = input["name"].strip()
    saved = filters.save(key, input["mode"], name, input)
    # An id that nothing has is answered as if it were there: nothing was kept.
    return filters.get(saved) or {**_NOTHING, **input, "name": name}


@mutation("destroySavedFilter")
def destroy_saved_filter(_parent: None, info: Info, *, input: Input) -> bool:
    _filters(info).destroy(number(input["id"], "converting id"))
    return True


@query("findDefaultFilter")
def find_default_filter(_parent: None, info: Info, *, mode: str) -> _Filter | None:
    """Return the filter that the web page begins with; it is kept among its settings."""
    found = _defaults(info).get(mode.lower())
    return None if found is None else {"id": "0", "name": "", **_NOTHING, **found}


@mutation("setDefaultFilter")
def set_default_filter(_parent: None, info: Info, *, input: Input) -> bool:
    """Set that filter, or take it away where nothing but the mode is given."""
    config = context_of(info).state.config
    defaults = _defaults(info)
    name = input["mode"].lower()
    given = {part: input[part] for part in PARTS if input.get(part) is not None}
    defaults.pop(name, None)
    if given:
        if "find_filter" in given:
            given["find_filter"] = {each: given["find_filter"].get(each) for each in FIND_FIELDS}
        defaults[name] = {"mode": input["mode"], **given}
    config.replace("ui", {**config.sections["ui"], "defaultFilters": defaults})
    return True


def _defaults(info: Info) -> dict[str, Any]:
    settings = context_of(info).state.config.sections["ui"]
    return dict(settings.get("defaultFilters") or {})
