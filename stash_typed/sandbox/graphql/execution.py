"""Running an operation and putting its errors into the server's form: a message and a path."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, subscribe
from graphql.execution import (
    execute_sync,  # pyright: ignore[reportUnknownVariableType]  # a bare Tuple in its signature
)

from ..errors import AnswerError
from ..logbook import Logbook
from .context import SandboxContext
from .documents import Documents, InvalidDocumentError, ServerError
from .registry import read_field, read_type
from .variables import check_variables

__all__ = ["Answer", "Executor", "Request", "invalid"]

Answer = dict[str, object]
"""A GraphQL answer: `errors` where there are any, then `data`."""


@dataclass(frozen=True)
class Request:
    """What a client asks: a text, the operation's name if it has several, the variables."""

    query: str
    operation_name: str | None
    variables: Mapping[str, object]


class Executor:
    """The served schema, ready to run operations."""

    def __init__(self, schema: GraphQLSchema, log: Logbook) -> None:
        self.schema = schema
        self._documents = Documents(self.schema)
        self._log = log

    def kind(self, request: Request) -> str:
        """Give `query`, `mutation` or `subscription`.

        Raises:
            InvalidDocumentError: the document is not valid.
        """
        document = self._documents.get(request.query)
        return document.operation(request.operation_name).operation.value

    def execute(self, request: Request, context: SandboxContext) -> Answer:
        """Run a query or mutation.

        Raises:
            InvalidDocumentError: the document or its variables are not what the schema allows.
        """
        document = self._documents.get(request.query)
        operation = document.operation(request.operation_name)
        variables = check_variables(self.schema, operation, request.variables)
        result = execute_sync(
            self.schema,
            document.node,
            context_value=context,
            variable_values=variables,
            operation_name=request.operation_name or None,
            field_resolver=read_field,
            type_resolver=read_type,
        )
        return self._answer(result)

    async def subscribe(self, request: Request, context: SandboxContext) -> AsyncIterator[Answer]:
        """Run a subscription: an answer for each event.

        Raises:
            InvalidDocumentError: the document or its variables are not what the schema allows.
        """
        document = self._documents.get(request.query)
        operation = document.operation(request.operation_name)
        variables = check_variables(self.schema, operation, request.variables)
        stream = await subscribe(
            self.schema,
            document.node,
            context_value=context,
            variable_values=variables,
            operation_name=request.operation_name or None,
            field_resolver=read_field,
        )
        if isinstance(stream, ExecutionResult):
            yield self._answer(stream)
            return
        events = stream
        try:
            async for result in events:
                yield self._answer(result)
        finally:
            close = getattr(events, "aclose", None)
            if close is not None and inspect.ismethod(close):
                await cast("Any", close)()

    def _answer(self, result: ExecutionResult) -> Answer:
        if not result.errors:
            return {"data": result.data}
        return {"errors": [self._error(each) for each in result.errors], "data": result.data}

    def _error(self, error: GraphQLError) -> ServerError:
        original = error.original_error
        if original is None:
            message = error.message
        elif isinstance(original, (AnswerError, sqlite3.OperationalError)):
            message = str(original)
        elif str(original).startswith("Cannot return null for non-nullable field"):
            message = "the requested element is null which the schema does not allow"
        else:
            message = f"Internal system error. Error <{original!r}>"
        path = list(error.path or [])
        self._log.add("Error", f"{path[0] if path else ''}: input: {message}")
        shown: ServerError = {"message": message}
        return {**shown, "path": path} if path else shown


def invalid(error: InvalidDocumentError) -> Answer:
    """Give the answer to a request that could not be run."""
    return {"errors": error.errors, "data": None}
