"""Documents, parsed and validated, with the errors in the server's words.

The server's parser and the one used here follow the same reference, but word some errors
differently: this module turns one wording into the other.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    parse,
    validate,
)

__all__ = ["Document", "Documents", "InvalidDocumentError", "ServerError"]

ServerError = dict[str, object]
"""One entry of `errors`, as it goes out."""

_KEPT = 400


class InvalidDocumentError(Exception):
    """A document or its variables are not what the schema allows: a 400 with these errors."""

    def __init__(self, errors: list[ServerError]) -> None:
        super().__init__(str(errors))
        self.errors = errors


@dataclass(frozen=True)
class Document:
    """A valid document."""

    node: DocumentNode

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Give the operation to be run.

        Args:
            name: `operationName` of the request; None or empty where there is but one.

        Raises:
            InvalidDocumentError: there is none of that name, or no name among several.
        """
        operations = [
            each for each in self.node.definitions if isinstance(each, OperationDefinitionNode)
        ]
        if not name and len(operations) == 1:
            return operations[0]
        for each in operations:
            if name and each.name is not None and each.name.value == name:
                return each
        raise InvalidDocumentError([_coded(f"operation {name or ''} not found")])


class Documents:
    """Parses and validates texts for one schema; keeps the latest, since clients repeat them."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[str, Document] = OrderedDict()

    def get(self, text: str) -> Document:
        """Give the document of a text.

        Raises:
            InvalidDocumentError: the text is empty, not GraphQL, or does not fit the schema.
        """
        document = self._kept.get(text)
        if document is not None:
            self._kept.move_to_end(text)
            return document
        if not text:
            raise InvalidDocumentError([_coded("no operation provided")])
        try:
            node = parse(text)
            errors = validate(self._schema, node)
        except GraphQLSyntaxError as error:
            raise InvalidDocumentError([_syntax_error(error)]) from None
        except RecursionError:
            raise InvalidDocumentError([_coded("the document is nested too deeply")]) from None
        if errors:
            raise InvalidDocumentError([_validation_error(each) for each in errors])
        document = self._kept[text] = Document(node)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return document


def _coded(message: str, code: str = "GRAPHQL_VALIDATION_FAILED") -> ServerError:
    return {"message": message, "extensions": {"code": code}}


def _syntax_error(error: GraphQLSyntaxError) -> ServerError:
    message = error.message.removeprefix("Syntax Error: ").removesuffix(".")
    message = re.sub(r"(?<=Name )'([^']*)'", r'"\1"', message)
    message = re.sub(r"'([^'\w]+)'", r"\1", message)
    if "Unterminated string" in message or "Invalid character" in message:
        message = "Expected Name, found <Invalid>"
    located: ServerError = {"message": message, "locations": _location(error, 0)}
    return {**located, "extensions": {"code": "GRAPHQL_PARSE_FAILED"}}


def _validation_error(error: GraphQLError) -> ServerError:
    message = re.sub(r"'([^']*)'", r'"\1"', error.message)
    # The server points at one place: where two clash, at the second.
    clash = message.startswith(("Fields ", "There can be only one"))
    located: ServerError = {"message": message, "locations": _location(error, -1 if clash else 0)}
    return {**located, "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}


def _location(error: GraphQLError, index: int) -> list[dict[str, int]]:
    if not error.locations:
        return []
    place = error.locations[index]
    return [{"line": place.line, "column": place.column}]
