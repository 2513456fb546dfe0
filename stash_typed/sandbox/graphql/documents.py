"""Parsing and validating documents, with the server's error messages."""

from __future__ import annotations

import re

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    validate,
)

ServerError = dict[str, object]
"""One entry of `errors`, as sent."""


class InvalidDocumentError(Exception):
    """A document or its variables do not fit the schema: a 400 with these errors."""

    def __init__(self, errors: list[ServerError]) -> None:
        super().__init__(str(errors))
        self.errors = errors


def read_document(schema: GraphQLSchema, text: str) -> DocumentNode:
    if not text:
        raise InvalidDocumentError([_coded("no operation provided")])
    try:
        node = parse(text)
        errors = validate(schema, node)
    except GraphQLSyntaxError as error:
        raise InvalidDocumentError([_syntax_error(error)]) from None
    except RecursionError:
        raise InvalidDocumentError([_coded("the document is nested too deeply")]) from None
    if errors:
        raise InvalidDocumentError([_validation_error(each) for each in errors])
    return node


def find_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operation = get_operation_ast(document, name or None)
    if operation is None:
        raise InvalidDocumentError([_coded(f"operation {name or ''} not found")])
    return operation


def _coded(message: str) -> ServerError:
    return {"message": message, "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}


def _syntax_error(error: GraphQLSyntaxError) -> ServerError:
    message = error.message.removeprefix("Syntax Error: ").removesuffix(".")
    message = re.sub(r"(?<=Name )'([^']*)'", r'"\1"', message)
    message = re.sub(r"'([^'\w]+)'", r"\1", message)
    if "Unterminated string" in message or "Invalid character" in message:
        message = "Expected Name, found <Invalid>"
    return _located(message, error, 0, "GRAPHQL_PARSE_FAILED")


def _validation_error(error: GraphQLError) -> ServerError:
    message = re.sub(r"'([^']*)'", r'"\1"', error.message)
    # The server points at one place: where two clash, at the second.
    clash = message.startswith(("Fields ", "There can be only one"))
    return _located(message, error, -1 if clash else 0, "GRAPHQL_VALIDATION_FAILED")


def _located(message: str, error: GraphQLError, index: int, code: str) -> ServerError:
    places = [{"line": each.line, "column": each.column} for each in error.locations or ()]
    places = [places[index]] if places else []
    return {"message": message, "locations": places, "extensions": {"code": code}}
