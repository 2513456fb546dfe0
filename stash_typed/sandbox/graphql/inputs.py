"""Translating inputs into changes: an absent field stays, null clears, a list replaces."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from ..clock import now_nanoseconds
from ..errors import AnswerError, PanicError, refuse
from ..store.changes import Changes, ListChange, Mode
from ..store.database import SqlValue
from ..store.kind import Column, IdList, Kind
from ..store.moments import parse_date, parse_time

MOST_CHARACTERS = 44_000_000
"""The most characters of a picture as base64, which is 33 MB."""

_LABELS = {"parent_ids": "parent tag ids", "child_ids": "child tag ids"}
_NULL_REFUSED = {"flag": "bool", "float": "float64"}
_NULLABLE = ("end_seconds", "penis_length")
_DATA = re.compile(r"data:.[^/]*/.+", re.DOTALL)
_NUMBER = re.compile(r"[+-]?[0-9]+", re.ASCII)


def number(text: str, doing: str = "") -> int:
    """Parse an id; `doing` is the server's name for the step, such as "converting id"."""
    problem = "invalid syntax"
    if _NUMBER.fullmatch(text):
        value = int(text)
        if -(1 << 63) <= value < 1 << 63:
            return value
        problem = "value out of range"
    start = f"{doing}: " if doing else ""
    raise AnswerError(f'{start}strconv.Atoi: parsing "{text}": {problem}')


def numbers(texts: Sequence[str] | None, doing: str = "") -> list[int]:
    return [number(text, doing) for text in texts or ()]


def unique_numbers(texts: Sequence[str]) -> list[int]:
    """Parse the ids of a find query; no id may occur twice."""
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            raise AnswerError(f"validating ids: duplicate id found: {text}")
        seen.add(text)
    return numbers(texts, "converting ids")


def changes_from(
    kind: Kind, given: Mapping[str, Any], *, new: bool = False, skip: Sequence[str] = ()
) -> Changes:
    """Translate the columns and lists of an input, except those that the caller handles (`skip`).

    For a new object null is the same as absent.
    """
    changes = Changes()
    for column in kind.columns:
        if column.name in given and column.name not in skip:
            _add_column(changes, column, given[column.name], new)
    for link in kind.id_lists:
        if link.name in given and (change := _ids(link, given[link.name])) is not None:
            changes.ids[link.name] = change
    for texts in kind.text_lists:
        if texts.name in given and texts.name not in skip:
            change_of_texts = list_change(given[texts.name], new)
            if change_of_texts is not None:
                changes.texts[texts.name] = change_of_texts
    if "urls" not in given and "url" in given and "urls" not in skip:
        url = given["url"]
        if url is not None or not new:
            changes.texts["urls"] = ListChange([] if url is None else [url.strip()])
    if kind.stash_ids and "stash_ids" in given:
        changes.stash_ids = _stash_ids(given["stash_ids"] or ())
    custom = given.get("custom_fields")
    if kind.custom_fields and custom is not None:
        changes.custom_fields = {"full": custom} if new else custom
    return changes


def complete(kind: Kind, changes: Changes, given: Mapping[str, Any], *, new: bool) -> None:
    """Add the primary file and the pictures, which the server handles last."""
    primary = given.get("primary_file_id")
    if kind.files and primary:
        changes.primary_file_id = number(
            primary, f"converting primary file id: converting {primary} to int"
        )
    for name in kind.blobs:
        field = name if name == "image" else f"{name}_image"
        if field in given:
            data = image_data(given[field], field.replace("_", " "))
            # An empty picture clears the old one, except for the cover of a scene.
            if data or not (new or name == "cover"):
                changes.blobs[name] = data


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
    doing = f"converting {_LABELS.get(link.name, link.name.replace('_', ' '))}"
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
    """Decode a `data:image/…;base64,` URL; other URLs are refused: the sandbox fetches nothing."""
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
