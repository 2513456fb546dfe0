"""What a generated operation is: its name, its kind, its document. Plain data, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Operation", "OperationKind", "operation_name"]

OperationKind = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True)
class Operation:
    """One GraphQL operation, as written in a `.graphql` file and checked against the schema."""

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
        What is not understood counts as a mutation, which is never sent twice."""
        from .document_text import read_document

        definitions = read_document(document) or []
        operations = [each for each in definitions if each.kind != "fragment"]
        kinds = {each.kind for each in operations}
        kind: OperationKind = "mutation"
        if kinds and "mutation" not in kinds:
            kind = "subscription" if "subscription" in kinds else "query"
        name = next((each.name for each in operations if each.name), "")
        return cls(name=name, kind=kind, root_field="", document=document)


def operation_name(root_field: str) -> str:
    """Name an operation after its root field, as the shipped ones are: `findScenes` is `FindScenes`."""
    return f"{root_field[0].upper()}{root_field[1:]}"
