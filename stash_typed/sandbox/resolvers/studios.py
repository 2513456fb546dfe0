"""Studios, and the links of studios and performers, which older fields give in another way."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import AnswerError
from ..graphql.context import Input
from ..graphql.inputs import list_change
from ..store import Changes, ListChange
from ..store.kinds import STUDIO
from .declaring import Declaration, Mode


def add_links(changes: Changes, given: Input, mode: Mode, older: Sequence[str]) -> bool:
    """Add the links of an input; tell whether the older fields are left to the caller."""
    if mode == "create":
        first = [given[name].strip() for name in older if given.get(name) is not None]
        changes.texts["urls"] = ListChange(
            [*first, *(url.strip() for url in given.get("urls") or ())]
        )
        return False
    if "urls" not in given:
        return True
    for name in older:
        if name in given:
            raise AnswerError(f"{name} field must not be included if urls is included")
    change = list_change(given["urls"])
    if change is not None:
        changes.texts["urls"] = change
    return False


def _changes(changes: Changes, given: Input, mode: Mode) -> None:
    if add_links(changes, given, mode, ("url",)) and "url" in given:
        changes.texts["urls"] = ListChange([given["url"]] if given["url"] is not None else [])


Declaration(
    STUDIO,
    "Studios",
    everything="select id from studios order by name",
    skip=("urls",),
    changes=_changes,
).declare()
