"""Reads the top level of a GraphQL document: which operations, of which kind, with which root fields.

Only as much of the language as decides about sending a request again, and of that much exactly what
the specification says. Whether the rest of the document is right, the server says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Definition", "NotUnderstood", "read_document", "root_keys", "tokens_of"]

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


class NotUnderstood(Exception):
    """The text is no document, or says what this module does not know."""


def read_document(text: str) -> list[Definition] | None:
    """Return the definitions of a document, None when it is not understood."""
    try:
        reader = _Reader(tokens_of(text))
        found: list[Definition] = []
        while not reader.sees(""):
            found.append(reader.definition())
    except NotUnderstood:
        return None
    return found


def root_keys(text: str) -> frozenset[str] | None:
    """Return the keys of the one operation's root fields, None when they cannot be told."""
    operations = [each for each in read_document(text) or () if each.kind != "fragment"]
    if len(operations) != 1 or operations[0].keys is None:
        return None
    return frozenset(operations[0].keys)


def tokens_of(text: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of a document, or raise NotUnderstood."""
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise NotUnderstood(f"no token of GraphQL at {at}")
        at = token.end()
        if token.lastgroup != "ignored":
            yield token


class _Reader:
    def __init__(self, tokens: Iterator[re.Match[str]]) -> None:
        self._tokens = tokens
        self._step()

    def _step(self) -> None:
        token = next(self._tokens, None)
        self._next = token.group() if token else ""
        self._sort = token.lastgroup if token else None

    def sees(self, token: str) -> bool:
        """Whether this token comes next; an empty one stands for the end."""
        return self._next == token

    def definition(self) -> Definition:
        """Read one definition, which may have a description."""
        if self.sees("{"):
            return Definition("query", "", self._selection())
        if self._sort == "text":
            self._step()
        word = self._name()
        if word == "fragment":
            name = self._name()
            self._group_of("(")
            if self._name() != "on":
                raise NotUnderstood
            self._name()
            return Definition("fragment", name, self._selection())
        if word not in _OPERATIONS:
            raise NotUnderstood
        name = self._name() if self._sort == "name" else ""
        self._group_of("(")
        return Definition(_OPERATIONS[word], name, self._selection())

    def _name(self) -> str:
        if self._sort != "name":
            raise NotUnderstood
        name = self._next
        self._step()
        return name

    def _directives(self) -> None:
        while self.sees("@"):
            self._step()
            self._name()
            self._group_of("(")

    def _group_of(self, bracket: str) -> None:
        """Skip from a bracket to the one that closes it; nothing, when something else comes next."""
        if not self.sees(bracket):
            return
        waiting: list[str] = []
        while True:
            token = self._next
            if token in _CLOSING:
                waiting.append(_CLOSING[token])
            elif not token or (token in _CLOSING.values() and waiting.pop() != token):
                raise NotUnderstood
            self._step()
            if not waiting:
                return

    def _selection(self) -> tuple[str, ...] | None:
        """Read directives and a selection; give its keys, or None when a fragment is among them."""
        self._directives()
        if not self.sees("{"):
            raise NotUnderstood
        self._step()
        keys: dict[str, None] = {}
        told = True
        while not self.sees("}"):
            if self.sees("..."):
                told = False
                self._fragment()
            else:
                keys[self._name()] = None
                self._rest_of_field()
        if told and not keys:
            raise NotUnderstood
        self._step()
        return tuple(keys) if told else None

    def _rest_of_field(self) -> None:
        if self.sees(":"):
            self._step()
            self._name()
        self._group_of("(")
        self._directives()
        self._group_of("{")

    def _fragment(self) -> None:
        self._step()
        if self._sort == "name" and self._name() != "on":
            self._directives()
            return
        if self._sort == "name":
            self._name()
        self._directives()
        if not self.sees("{"):
            raise NotUnderstood
        self._group_of("{")
