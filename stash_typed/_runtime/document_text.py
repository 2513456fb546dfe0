"""Reads the top level of a GraphQL document: which operations, of which kind, with which root fields.

It covers only the part of the language that decides on retries, exactly as specified. The server
validates the rest of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_TOKEN = re.compile(
    r"""
    (?P<ignored>[\ufeff\t\n\r ,]+|\#[^\x00-\x08\x0a-\x1f]*)
    |(?P<name>[_A-Za-z][_0-9A-Za-z]*)
    |(?P<mark>\.\.\.|[!$&()=@:\[\]{|}])
    |(?P<text>
        \"{3}[^"\\\x00-\x08\x0b\x0c\x0e-\x1f]*
        (?:(?:\\(?:\"{3}|(?!\"{3}))|\"(?!\"\"))[^"\\\x00-\x08\x0b\x0c\x0e-\x1f]*)*\"{3}
        |\"(?!\"\")(?:[^"\\\x00-\x08\x0a-\x1f]
            |\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]+\}))*\"
    )
    |(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![.\w]))
    """,
    re.VERBOSE,
)
_CLOSING = {"(": ")", "{": "}", "[": "]"}

DefinitionKind = Literal["query", "mutation", "subscription", "fragment"]
_OPERATIONS: dict[str, DefinitionKind] = {
    "query": "query",
    "mutation": "mutation",
    "subscription": "subscription",
}


@dataclass(frozen=True)
class Definition:
    """One definition; `keys` are those of its root fields, None when a fragment is among them."""

    kind: DefinitionKind
    name: str
    keys: tuple[str, ...] | None


class _NotUnderstood(Exception):
    """The text is not a document, or uses syntax this module does not support."""


def read_document(text: str) -> list[Definition] | None:
    """Return the definitions of a document, or None if it cannot be parsed."""
    try:
        return list(_definitions(text))
    except _NotUnderstood:
        return None


def root_keys(text: str) -> frozenset[str] | None:
    """Return the keys of the only operation's root fields, or None if unknown."""
    operations = [each for each in read_document(text) or () if each.kind != "fragment"]
    if len(operations) != 1 or operations[0].keys is None:
        return None
    return frozenset(operations[0].keys)


def _definitions(text: str) -> Iterator[Definition]:
    head: list[str] = []
    keys: dict[str, None] = {}
    told = True
    waiting: list[str] = []
    before = ""
    for token in _tokens(text):
        word = token.group()
        if not waiting and word not in _CLOSING:
            if head and token.lastgroup not in ("name", "mark"):
                raise _NotUnderstood
            head.append(word)
        elif waiting == ["}"] and word == "...":
            told = False
        elif waiting == ["}"] and token.lastgroup == "name" and before not in (":", "@"):
            keys[word] = None
        if word in _CLOSING:
            waiting.append(_CLOSING[word])
        elif word in _CLOSING.values():
            if not waiting or waiting.pop() != word:
                raise _NotUnderstood
            if not waiting and word == "}":
                if told and not keys:
                    raise _NotUnderstood
                kind, name = _kind_and_name(head)
                yield Definition(kind, name, tuple(keys) if told else None)
                head, keys, told = [], {}, True
        before = word
    if waiting or head:
        raise _NotUnderstood


def _kind_and_name(head: list[str]) -> tuple[DefinitionKind, str]:
    """Read the tokens before a selection set, without those in brackets."""
    if head and head[0][0] == '"':  # a description
        head = head[1:] or [""]
    kind, rest = (head[0], head[1:]) if head else ("query", [])
    name = rest.pop(0) if rest and rest[0] != "@" else ""
    known = _OPERATIONS.get(kind)
    if kind == "fragment" and rest[:1] == ["on"]:
        known, rest = "fragment", rest[2:]
    if known is None or (rest and rest[0] != "@"):
        raise _NotUnderstood
    return known, name


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise _NotUnderstood
        at = token.end()
        if token.lastgroup != "ignored":
            yield token
