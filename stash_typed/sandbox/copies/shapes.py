"""The required form of the files of an export; others are refused with messages about the file."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

from ..errors import AnswerError
from ..graphql.inputs import MOST_CHARACTERS
from ..store.kind import ColumnType, Kind
from ..store.kinds import GROUP, PERFORMER
from ..store.moments import parse_date, parse_time
from .item_json import PICTURES, SPELT

_Check = Callable[[str, Any], None]
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


def _checks(kind: Kind) -> dict[str, _Check]:
    checks: dict[str, _Check] = {
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


def _expect(name: str, value: object, types: type | tuple[type, ...], words: str) -> None:
    if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
        raise AnswerError(f"{name!r} is {_named(value)}, {words} is expected")


def _text(name: str, value: object) -> None:
    _expect(name, value, str, "a text")
    if _HALF.search(cast("str", value)):
        raise AnswerError(f"{name!r} is no text: it holds half a character")


def _items(name: str, value: object, types: type, words: str) -> Iterator[Any]:
    _expect(name, value, list, words)
    for each in cast("list[object]", value):
        if not isinstance(each, types):
            raise AnswerError(f"{name!r} holds {_named(each)}, {words} is expected")
        yield each


def _texts(name: str, value: object) -> None:
    for each in _items(name, value, str, "a list of texts"):
        _text(name, each)


def _enum(name: str, value: object) -> None:
    _text(name, value)
    if value and value not in _ENUMS[name]:
        raise AnswerError(f"{name!r} is none of {', '.join(sorted(_ENUMS[name]))}")


def _int(name: str, value: Any) -> None:
    _expect(name, value, int, "a whole number")
    if abs(value) > _MOST_INT:
        raise AnswerError(f"{name!r} is larger than {_MOST_INT}")


def _height(name: str, value: object) -> None:
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,6}\s*", value, re.ASCII):
        return
    _int(name, value)


def _float(name: str, value: Any) -> None:
    _expect(name, value, (int, float), "a number")
    if isinstance(value, int):
        _int(name, value)
    elif not math.isfinite(value):
        raise AnswerError(f"{name!r} is too large a number")


def _flag(name: str, value: object) -> None:
    _expect(name, value, bool, "true or false")


def _read_by(read: Callable[[str], object]) -> _Check:
    def check(name: str, value: Any) -> None:
        _text(name, value)
        try:
            if value:
                read(value)
        except AnswerError as problem:
            raise AnswerError(f"{name!r}: {problem}") from None

    return check


_moment = _read_by(parse_time)


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
    _expect(name, value, dict, "an object")
    for key, each in cast("dict[str, object]", value).items():
        _text(name, key)
        if isinstance(each, str):
            _text(f"{name}.{key}", each)
        elif isinstance(each, (int, float)) and not isinstance(each, bool):
            _float(f"{name}.{key}", each)


def _stash_ids(name: str, value: object) -> None:
    for each in _items(name, value, dict, "a list of objects"):
        for key in ("endpoint", "stash_id"):
            if key not in each:
                raise AnswerError(f"{name!r} holds an object without {key!r}")
            _text(f"{name}.{key}", each[key])
        if each.get("updated_at") is not None:
            _moment(f"{name}.updated_at", each["updated_at"])


_OF_TYPE: Final[Mapping[ColumnType, _Check]] = {
    "text": _text,
    "enum": _enum,
    "int": _int,
    "float": _float,
    "flag": _flag,
    "date": _read_by(parse_date),
    "time": _moment,
}


_NAMES: Final[Mapping[type, str]] = {
    type(None): "null",
    str: "a text",
    list: "a list",
    int: "a number",
    float: "a number",
}


def _named(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _NAMES.get(type(value), "an object")
