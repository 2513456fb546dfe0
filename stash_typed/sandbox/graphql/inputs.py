"""From the schema's inputs to changes of the data: absent stays, null clears, lists replace."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from stash_typed.sandbox.clock import now_nanoseconds
from stash_typed.sandbox.errors import AnswerError, PanicError, refuse
from stash_typed.sandbox.store.changes import Changes, ListChange, Mode
from stash_typed.sandbox.store.database import SqlValue
from stash_typed.sandbox.store.dates import parse_date
from stash_typed.sandbox.store.kind import Column, IdList, Kind
from stash_typed.sandbox.store.moments import parse_time

from ..resolvers.ids import number, numbers

__all__ = ["MOST_CHARACTERS", "changes_from", "image_data", "list_change"]

MOST_CHARACTERS = 44_000_000
"""Of a picture as base64, which is 33 MB."""

_LABELS = {"parent_ids": "parent tag ids", "child_ids": "child tag ids"}
_NULL_REFUSED = {"flag": "bool", "float": "float64"}
_NULLABLE = ("end_seconds", "penis_length")
_DATA = re.compile(r"data:.[^/]*/.+", re.DOTALL)


def changes_from(
    kind: Kind, given: Mapping[str, Any], *, new: bool = False, skip: Sequence[str] = ()
) -> Changes:
    """Translate an input.

    Args:
        kind: the kind of object that it is about.
        given: a create, update or bulk update input; what it lacks is not changed.
        new: is it for a new object? Then null is the same as absent.
        skip: fields that the caller sees to.

    Raises:
        AnswerError: a value cannot be converted; the text is the server's.
    """
    changes = Changes()
    for column in kind.columns:
        if column.name in given and column.name not in skip:
            _add_column(changes, column, given[column.name], new)
    for link in kind.id_lists:
        if link.name in given and link.name not in skip:
            change = _ids(link, given[link.name])
            if change is not None:
                changes.ids[link.name] = change
    for texts in kind.text_lists:
        if texts.name in given and texts.name not in skip:
            change_of_texts = list_change(given[texts.name], new)
            if change_of_texts is not None:
                changes.texts[texts.name] = change_of_texts
    if "urls" not in given and "url" in given and "url" not in skip:
        url = given["url"]
        if url is not None or not new:
            changes.texts["urls"] = ListChange([] if url is None else [url.strip()])
    if kind.stash_ids and "stash_ids" in given:
        changes.stash_ids = _stash_ids(given["stash_ids"] or ())
    return changes


def _add_column(changes: Changes, column: Column, value: Any, new: bool) -> None:
    name = column.column
    if column.type == "date":
        day: tuple[SqlValue, SqlValue] = (None, None)
        if value:
            try:
                day = parse_date(value)
            except AnswerError as problem:
                label = column.name.replace("_", " ")
                raise AnswerError(f"converting {label}: {problem}") from problem
        changes.columns[name], changes.columns[f"{name}_precision"] = day
    elif value is None:
        if not new and column.type in _NULL_REFUSED and column.name not in _NULLABLE:
            refused = _NULL_REFUSED[column.type]
            raise PanicError(f"null value not allowed in optional {refused}")
        if not new or column.type not in _NULL_REFUSED:
            changes.columns[name] = None
    elif column.type == "ref":
        label = column.name.replace("_", " ")
        if value == "" and new:
            changes.columns[name] = None
        else:
            changes.columns[name] = number(value, f"converting {label}: converting {value} to int")
    elif column.type in ("text", "enum"):
        changes.columns[name] = value.strip() or None
    else:
        changes.columns[name] = value


def _ids(link: IdList, value: Any) -> ListChange[int] | None:
    doing = f"converting {_LABELS.get(link.name, link.label)}"
    if isinstance(value, Mapping):
        bulk = cast("Mapping[str, Any]", value)
        ids: list[str] = bulk.get("ids") or []
        doing = f"{doing}: converting ids [[{' '.join(ids)}]]"
        return ListChange(numbers(ids, doing), cast("Mode", bulk["mode"]))
    return ListChange(numbers(value, doing))


def list_change(value: Any, new: bool = False) -> ListChange[str] | None:
    """Translate a list of texts, or a BulkUpdateStrings input; None changes nothing."""
    if isinstance(value, Mapping):
        bulk = cast("Mapping[str, Any]", value)
        texts = [each.strip() for each in bulk.get("values") or ()]
        return ListChange(texts, cast("Mode", bulk["mode"]))
    if value is None and new:
        return None
    return ListChange([each.strip() for each in value or ()])


def _stash_ids(given: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    unique = {(each["endpoint"], each["stash_id"]): each.get("updated_at") for each in given}
    return [
        (*pair, parse_time(time) if time else now_nanoseconds()) for pair, time in unique.items()
    ]


def image_data(value: str | None, what: str = "image") -> bytes | None:
    """Decode an image of an input.

    Args:
        value: a `data:image/…;base64,` URL; an empty text or None for no image.
        what: the image's name in error texts.

    Raises:
        AnswerError: it is not base64, or it is an address: the sandbox fetches nothing.
    """
    if not value:
        return None
    head, found, encoded = value.rpartition(";base64,")
    if not found or _DATA.fullmatch(head) is None:
        if re.match(r"https?://", value):
            raise refuse(f"images from an address ({what})")
        raise AnswerError(
            f'processing {what}: Get "{value[:1000]}": unsupported protocol scheme ""'
        )
    if len(encoded) > MOST_CHARACTERS:
        raise AnswerError(f"processing {what}: it is larger than {MOST_CHARACTERS} characters")
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error as problem:
        valid = re.match(r"[A-Za-z0-9+/]*", encoded)
        place = valid.end() if valid else 0
        raise AnswerError(
            f"processing {what}: illegal base64 data at input byte {place}"
        ) from problem
