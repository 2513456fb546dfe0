"""What a generated operation is: its name, its kind, its document. Plain data, no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["Operation", "OperationKind", "operation_name"]

OperationKind = Literal["query", "mutation", "subscription"]

_NOISE = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|#[^\n]*')
_TOP_LEVEL = re.compile(r"\b(query|mutation|subscription)\b\s*([_A-Za-z][_0-9A-Za-z]*)?")
_KINDS: dict[str, OperationKind] = {
    "query": "query",
    "mutation": "mutation",
    "subscription": "subscription",
}


@dataclass(frozen=True)
class Operation:
    """One GraphQL operation, as written in a `.graphql` file and checked against the schema.

    Attributes:
        name: the operation's name, sent as `operationName`.
        kind: `query`, `mutation` or `subscription`.
        root_field: the schema's root field that it asks for, such as `findScenes`.
        document: the text that is sent, fragments included.
        package: the generated package that says where in the document stands what another server
            may lack; empty for a document that was written by hand.
        parts: the same for a document whose selection was written at run time, in the form of that
            package's `document_parts`.
    """

    name: str
    kind: OperationKind
    root_field: str
    document: str
    package: str = ""
    parts: str = ""

    @classmethod
    def from_document(cls, document: str) -> Operation:
        """Read name and kind off a document that was written by hand.

        Only what decides about retries is looked for; whether the document is right, the server says.

        Args:
            document: GraphQL text with one operation, which may be the short `{ … }`.

        Returns:
            The operation; one without a name is sent without one.
        """
        top: list[str] = []
        depth = 0
        for character in _NOISE.sub(" ", document):
            if character in "{(":
                depth += 1
            if depth == 0:
                top.append(character)
            if character in "})":
                depth -= 1
                top.append(" ")
        found = _TOP_LEVEL.search("".join(top))
        if found is None:
            return cls(name="", kind="query", root_field="", document=document)
        return cls(
            name=found.group(2) or "",
            kind=_KINDS[found.group(1)],
            root_field="",
            document=document,
        )


def operation_name(root_field: str) -> str:
    """Name an operation after its root field, as the shipped ones are: `findScenes` is `FindScenes`."""
    return f"{root_field[0].upper()}{root_field[1:]}"
