"""What the files of an export have to be, so that a stranger's is refused in words about the file."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from ..errors import AnswerError
from ..graphql.inputs import MOST_CHARACTERS
from ..store.dates import parse_date
from ..store.kind import ColumnType, Kind
from ..store.kinds import GROUP, PERFORMER
from ..store.moments import parse_time
from .item_json import PICTURES, SPELT

__all__ = ["read_object"]

_MOST_VALUES: Final = 200_000  # in one file: a megabyte of brackets is a hundred of lists
_MOST_INT: Final = (1 << 31) - 1
_ENUMS: Final[Mapping[str, frozenset[str]]] = {
    "gender": frozenset(
        ("FEMALE", "INTERSEX", "MALE", "NON_BINARY", "TRANSGENDER_FEMALE", "TRANSGENDER_MALE")
    ),
    "circumcised": frozenset(("CUT", "UNCUT")),
}
_LISTS: Final = ("tags", "performers", "parents", "files", "zip_files", "urls", "aliases")
_TEXTS: Final = ("studio", "parent_studio", "url")
_HALF: Final = re.compile("[\ud800-\udfff]")


def read_object(kind: Kind, data: bytes) -> dict[str, Any]:
    if sum(map(data.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        raise AnswerError(f"has more than {_MOST_VALUES} values")
    try:
        content: object = json.loads(data, parse_constant=_no_number)
    except RecursionError:
        raise AnswerError("is nested too deeply") from None
    except ValueError as problem:
        raise AnswerError(f"is not JSON: {problem}") from None
    if not isinstance(content, dict):
        raise AnswerError(f"is {_named(content)}, an object is expected")
    given = cast("dict[str, Any]", content)
    if not kind.files and not str(given.get("name") or "").strip():
        raise AnswerError("'name' is missing")
    for name, check in _checks(kind).items():
        if given.get(name) is not None:
            check(name, given[name])
    return given


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _checks(kind: Kind) -> dict[str, Callable[[str, Any], None]]:
    checks: dict[str, Callable[[str, Any], None]] = {
        **dict.fromkeys(_LISTS, _texts),
        **dict.fromkeys(_TEXTS, _text),
        **dict.fromkeys(("created_at", "updated_at"), _moment),
        **{name: _picture for name, blob in PICTURES.items() if blob in kind.blobs},
        "stash_ids": _stash_ids,
    }
    for column in kind.columns:
        if column.type != "ref":
            checks[SPELT.get(column.name, column.name)] = _OF_TYPE[column.type]
    if kind is PERFORMER:
        checks["height"] = _height
        checks["custom_fields"] = _object
    if kind is GROUP:
        checks["aliases"] = _text
    return checks


def _text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise AnswerError(f"{name!r} is {_named(value)}, a text is expected")
    if _HALF.search(value):
        raise AnswerError(f"{name!r} is no text: it holds half a character")


def _texts(name: str, value: object) -> None:
    if not isinstance(value, list):
        raise AnswerError(f"{name!r} is {_named(value)}, a list of texts is expected")
    for each in cast("list[object]", value):
        if not isinstance(each, str):
            raise AnswerError(f"{name!r} holds {_named(each)}, a list of texts is expected")
        _text(name, each)


def _enum(name: str, value: object) -> None:
    _text(name, value)
    if value and value not in _ENUMS[name]:
        raise AnswerError(f"{name!r} is none of {', '.join(sorted(_ENUMS[name]))}")


def _int(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise AnswerError(f"{name!r} is {_named(value)}, a whole number is expected")
    if abs(value) > _MOST_INT:
        raise AnswerError(f"{name!r} is larger than {_MOST_INT}")


def _height(name: str, value: object) -> None:
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,6}\s*", value, re.ASCII):
        return
    _int(name, value)


def _float(name: str, value: object) -> None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise AnswerError(f"{name!r} is {_named(value)}, a number is expected")
    if isinstance(value, int):
        _int(name, value)
    elif not math.isfinite(value):
        raise AnswerError(f"{name!r} is too large a number")


def _flag(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise AnswerError(f"{name!r} is {_named(value)}, true or false is expected")


def _day(name: str, value: object) -> None:
    _text(name, value)
    if value:
        _named_after(name, parse_date, cast("str", value))


def _moment(name: str, value: object) -> None:
    _text(name, value)
    if value:
        _named_after(name, parse_time, cast("str", value))


def _named_after(name: str, read: Callable[[str], object], text: str) -> None:
    try:
        read(text)
    except AnswerError as problem:
        raise AnswerError(f"{name!r}: {problem}") from None


def _picture(name: str, value: object) -> None:
    _text(name, value)
    text = cast("str", value)
    if len(text) > MOST_CHARACTERS:
        raise AnswerError(f"{name!r} is larger than {MOST_CHARACTERS} characters")
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise AnswerError(f"{name!r} is no base64: {problem}") from None


def _object(name: str, value: object) -> None:
    if not isinstance(value, dict):
        raise AnswerError(f"{name!r} is {_named(value)}, an object is expected")
    for key, each in cast("dict[str, object]", value).items():
        _text(name, key)
        if isinstance(each, str):
            _text(f"{name}.{key}", each)
        elif isinstance(each, (int, float)) and not isinstance(each, bool):
            _float(f"{name}.{key}", each)


def _stash_ids(name: str, value: object) -> None:
    if not isinstance(value, list):
        raise AnswerError(f"{name!r} is {_named(value)}, a list of objects is expected")
    for each in cast("list[object]", value):
        if not isinstance(each, dict):
            raise AnswerError(f"{name!r} holds {_named(each)}, a list of objects is expected")
        given = cast("dict[str, object]", each)
        for key in ("endpoint", "stash_id"):
            if key not in given:
                raise AnswerError(f"{name!r} holds an object without {key!r}")
            _text(f"{name}.{key}", given[key])
        if given.get("updated_at") is not None:
            _moment(f"{name}.updated_at", given["updated_at"])


_OF_TYPE: Final[Mapping[ColumnType, Callable[[str, Any], None]]] = {
    "text": _text,
    "enum": _enum,
    "int": _int,
    "float": _float,
    "flag": _flag,
    "date": _day,
    "time": _moment,
}


def _named(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"
