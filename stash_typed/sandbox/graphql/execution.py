"""Executing operations, with errors in the server's form: a message and a path."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, cast

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, subscribe
from graphql.execution import (
    execute_sync,  # pyright: ignore[reportUnknownVariableType]  # a bare Tuple in its signature
)

from ..errors import AnswerError
from ..logbook import Logbook
from .context import SandboxContext
from .documents import ServerError, find_operation, read_document
from .registry import read_field, read_type
from .variables import check_variables

Answer = dict[str, object]
"""A GraphQL response: `errors` if there are any, then `data`."""

_KEPT = 400  # documents to cache, since clients repeat them


@dataclass(frozen=True)
class Request:
    query: str
    operation_name: str | None
    variables: Mapping[str, object]


class Executor:
    """Executes operations on the served schema; an invalid one raises InvalidDocumentError."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._document = lru_cache(maxsize=_KEPT)(partial(read_document, schema))

    def kind(self, request: Request) -> str:
        document = self._document(request.query)
        return find_operation(document, request.operation_name).operation.value

    def execute(self, request: Request, context: SandboxContext) -> Answer:
        arguments = self._arguments(request, context)
        result = execute_sync(self.schema, **arguments, type_resolver=read_type)
        return _answer(result, context.state.log)

    async def answers(self, request: Request, context: SandboxContext) -> AsyncIterator[Answer]:
        """Execute an operation of any kind; a subscription yields a response for each event."""
        if self.kind(request) != "subscription":
            yield self.execute(request, context)
            return
        log = context.state.log
        stream = await subscribe(self.schema, **self._arguments(request, context))
        if isinstance(stream, ExecutionResult):
            yield _answer(stream, log)
            return
        async with aclosing(cast("AsyncGenerator[ExecutionResult]", stream)) as events:
            async for result in events:
                yield _answer(result, log)

    def _arguments(self, request: Request, context: SandboxContext) -> dict[str, Any]:
        document = self._document(request.query)
        operation = find_operation(document, request.operation_name)
        return {
            "document": document,
            "context_value": context,
            "variable_values": check_variables(self.schema, operation, request.variables),
            "operation_name": request.operation_name or None,
            "field_resolver": read_field,
        }


def _answer(result: ExecutionResult, log: Logbook) -> Answer:
    if not result.errors:
        return {"data": result.data}
    return {"errors": [_error(each, log) for each in result.errors], "data": result.data}


def _error(error: GraphQLError, log: Logbook) -> ServerError:
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
    log.add("Error", f"{path[0] if path else ''}: input: {message}")
    return {"message": message, "path": path} if path else {"message": message}
