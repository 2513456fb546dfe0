"""Lives with servers of other versions: learns what a server knows when it refuses a document. No I/O
of its own but the cache's files."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from .adaptation import (
    SCHEMA_QUERY,
    VERSION_QUERY,
    Adapted,
    ServerSchema,
    adapt,
    is_about_the_document,
    is_shipped,
)
from .base_model import UNSET
from .errors import StashVersionWarning, ValidationFailedError
from .schema_cache import SchemaCache

if TYPE_CHECKING:
    from .endpoint import Endpoint
    from .operation import Operation

__all__ = ["Versions"]

T = TypeVar("T")

_OURS = frozenset({"stash_typed", "stash_typed_graphql"})


class Versions:
    """What one connection has learnt about its server's version.

    Args:
        endpoint: the server, for messages.
        cache: where schemas are kept; by default in the user's cache folder.
    """

    def __init__(self, endpoint: Endpoint, cache: SchemaCache | None = None) -> None:
        self._endpoint = endpoint
        self._cache = cache or SchemaCache()
        self._schema: ServerSchema | None = None
        self._asked = False
        self._adapted: dict[tuple[str, frozenset[str]], Adapted] = {}
        self._warned: set[str] = set()

    def ask(
        self,
        send: Callable[[Operation, Mapping[str, object]], Generator[Any, Any, T]],
        learn: Callable[[Generator[Any, Any, None]], Generator[Any, Any, None]],
        fetch: Callable[[Operation], Generator[Any, Any, dict[str, Any]]],
        operation: Operation,
        variables: Mapping[str, object],
    ) -> Generator[Any, Any, T]:
        """Send an operation, and what is left of it when the server lacks some.

        Args:
            send: sends an operation and reads its answer.
            learn: performs steps while no other request learns.
            fetch: sends an operation of this module's and gives its data.
            operation: what to send.
            variables: its variables.

        Returns:
            The answer.

        Raises:
            ValidationFailedError: what the server lacks is needed.
            StashError: as `send` raises.
        """
        if not is_shipped(operation):
            return (yield from send(operation, variables))
        key = _key(operation, variables)
        known = self._adapted.get(key)
        try:
            return (yield from send(known.operation if known else operation, variables))
        except ValidationFailedError as error:
            if not is_about_the_document(error):
                raise
            refusal = error
        while True:
            was_asked = self._asked
            yield from learn(self._learn(fetch, self._schema if known else None))
            try:
                known = self._adapt(operation, variables, refusal)
                if operation.kind == "mutation":
                    # Where warnings are errors, this one ends the call: before the change, not after.
                    self._warn(known)
                answer = yield from send(known.operation, variables)
            except ValidationFailedError:
                if was_asked or self._asked:
                    raise
                # What was kept of this version is not so: ask the server itself.
                known = Adapted(operation, ())
                continue
            self._adapted[key] = known
            self._warn(known)
            return answer

    def adapted(self, operation: Operation, variables: Mapping[str, object]) -> Operation:
        """Give what is known to be left of an operation for this server; all of it at first."""
        known = self._adapted.get(_key(operation, variables))
        return known.operation if known else operation

    def after(
        self,
        refusal: ValidationFailedError,
        learn: Callable[[Generator[Any, Any, None]], Generator[Any, Any, None]],
        fetch: Callable[[Operation], Generator[Any, Any, dict[str, Any]]],
        operation: Operation,
        variables: Mapping[str, object],
        tried: Operation,
    ) -> Generator[Any, Any, Operation]:
        """Give what to try next with a subscription, which `ask` cannot send.

        Args:
            refusal: the server's answer to what was tried.
            learn, fetch, operation, variables: as for `ask`.
            tried: what was tried: the operation, or what was left of it.

        Raises:
            ValidationFailedError: what the server lacks is needed, or there is nothing else to try.
        """
        if not (is_shipped(operation) and is_about_the_document(refusal)):
            raise refusal
        wrong = None if tried.document == operation.document else self._schema
        yield from learn(self._learn(fetch, wrong))
        known = self._adapt(operation, variables, refusal)
        if known.operation.document == tried.document:
            raise refusal
        self._adapted[_key(operation, variables)] = known
        self._warn(known)
        return known.operation

    def _adapt(
        self, operation: Operation, variables: Mapping[str, object], refusal: ValidationFailedError
    ) -> Adapted:
        if self._schema is None:
            raise refusal
        return adapt(operation, variables, self._schema, refusal)

    def _learn(
        self,
        fetch: Callable[[Operation], Generator[Any, Any, dict[str, Any]]],
        wrong: ServerSchema | None,
    ) -> Generator[Any, Any, None]:
        """Learn the server's schema, unless another request has done so meanwhile."""
        if self._schema is not None and self._schema is not wrong:
            return
        told = (yield from fetch(VERSION_QUERY))["version"]
        version = str(told.get("version") or "of unknown version")
        key = f"{version}-{told.get('hash') or ''}"
        kept = None if wrong is not None else self._cache.load(key)
        if kept is not None:
            self._schema = kept
            return
        data = yield from fetch(SCHEMA_QUERY)
        self._schema = ServerSchema.from_introspection(version, data)
        self._asked = True
        self._cache.keep(key, self._schema)

    def _warn(self, adapted: Adapted) -> None:
        new = [name for name in adapted.cut if name not in self._warned]
        if not new or self._schema is None:
            return
        warnings.warn(
            f"{self._endpoint.url} is Stash {self._schema.version}, which does not know"
            f" {', '.join(new)}; left out of {adapted.operation.name}, so None there says nothing."
            " `stash-typed codegen` makes a client for that version.",
            StashVersionWarning,
            stacklevel=_levels_to_the_caller(),
        )
        self._warned.update(new)


def _key(operation: Operation, variables: Mapping[str, object]) -> tuple[str, frozenset[str]]:
    """What decides about the parts that an operation can do without."""
    given = frozenset(name for name, value in variables.items() if value is not UNSET)
    return operation.document, given


def _levels_to_the_caller() -> int:
    """Count the frames up to the first that is not of this package, whose line the warning names."""
    frame = inspect.currentframe()
    levels = 0
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _OURS:
        frame = frame.f_back
        levels += 1
    return max(levels, 1)
