"""`stash-typed query`: executes any GraphQL document."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, cast

from ..command import Server, argument, connected, option
from ..errors import CommandError, UsageError
from ..terminal.output import print_json


@connected
async def query(
    server: Server,
    *,
    document: Annotated[
        str, argument("A file, the document itself, or - for standard input.", "DOCUMENT")
    ],
    variables: Annotated[str | None, option("Variables as a JSON object.", metavar="JSON")] = None,
    var: Annotated[
        list[str] | None,
        option(
            "A variable; may be repeated. VALUE is parsed as JSON, or used as text if it is not.",
            metavar="NAME=VALUE",
        ),
    ] = None,
) -> None:
    """Run a GraphQL document and print its data. Exits with 1 if the server reports errors."""
    from stash_typed._runtime.operation import Operation
    from stash_typed.errors import GraphQLError

    text = _document(document)
    values = _variables(variables, var or [])
    if Operation.from_document(text).kind == "subscription":
        raise CommandError(
            "`query` runs queries and mutations, not subscriptions."
            " To follow a job, use `stash-typed jobs watch`."
        )
    async with server.client() as stash:
        try:
            data = await stash.graphql(text, values)
        except GraphQLError as error:
            # Partial data is printed before the error.
            if error.data is not None:
                print_json(error.data)
            raise
    print_json(data)


def _document(argument: str) -> str:
    if "{" in argument:
        return argument
    try:
        text = sys.stdin.read() if argument == "-" else Path(argument).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CommandError(
            f"there is no file {argument!r}. Name a file, write a document such as"
            " '{ version { version } }', or use - to read it from standard input."
        ) from None
    except UnicodeDecodeError:
        raise CommandError(f"{argument} is not UTF-8 text.") from None
    if not text.strip():
        where = "standard input" if argument == "-" else argument
        raise CommandError(f"{where} is empty: it should contain a GraphQL document.")
    return text


def _variables(given: str | None, single: list[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    if given is not None:
        try:
            parsed: object = json.loads(given)
        except ValueError as error:
            raise UsageError(f"--variables is not JSON: {error}.") from None
        if not isinstance(parsed, dict):
            raise UsageError("--variables must be a JSON object, such as '{\"id\": 5}'.")
        values.update(cast("dict[str, object]", parsed))
    for pair in single:
        name, equals, text = pair.partition("=")
        if not (equals and name):
            raise UsageError(f"--var {pair!r} is not NAME=VALUE.")
        try:
            values[name] = json.loads(text)
        except ValueError:
            values[name] = text
    return values
