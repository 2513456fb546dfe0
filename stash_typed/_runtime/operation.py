"""What a generated operation is: its name, its kind, its document. Plain data, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Operation", "OperationKind", "operation_name"]

OperationKind = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True)
class Operation:
    """One GraphQL operation, as written in a `.graphql` file and checked against the schema.

    Attributes:
        name: the operation's name, sent as `operationName`.
        kind: `query`, `mutation` or `subscription`.
        root_field: the schema's root field that it asks for, such as `findScenes`; once, or several
            times under aliases.
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
        What is not understood counts as a mutation, which is never sent twice.

        Args:
            document: GraphQL text with one operation, which may be the short `{ … }`.

        Returns:
            The operation; one without a name is sent without one. Of several, the first name, and
            the kind that asks for the most care: mutation, subscription, query.
        """
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
