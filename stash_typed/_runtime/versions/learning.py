"""Lives with servers of other versions: learns what a server knows when it refuses a document. No I/O
of its own but the cache's files."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ..base_model import UNSET
from ..errors import StashError, StashVersionWarning, ValidationFailedError
from .adaptation import (
    Adapted,
    ServerSchema,
    adapt,
    is_about_the_document,
    is_shipped,
    shown_version,
)
from .cache import SchemaCache

if TYPE_CHECKING:
    from ..endpoint import Endpoint
    from ..operation import Operation

__all__ = ["Versions"]

T = TypeVar("T")


class Fetch(Protocol):
    """Sends an operation and reads its answer as a model."""

    def __call__(self, operation: Operation, result: type[T], /) -> Generator[Any, Any, T]: ...


Learn = Callable[[Generator[Any, Any, None]], Generator[Any, Any, None]]
"""Performs steps while no other request learns."""

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
        self._kept: ServerSchema | None = None
        self._adapted: dict[tuple[str, frozenset[str]], Adapted] = {}
        self._warned: set[str] = set()

    def ask(
        self,
        send: Callable[[Operation, Mapping[str, object]], Generator[Any, Any, T]],
        learn: Learn,
        fetch: Fetch,
        operation: Operation,
        variables: Mapping[str, object],
    ) -> Generator[Any, Any, T]:
        """Send an operation, and what is left of it when the server lacks some.

        Args:
            send: sends an operation and reads its answer.
            learn, fetch: as their types say.
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
        wrong = self._schema if known else None
        while True:
            yield from self._learnt(learn, fetch, wrong, refusal)
            used = self._schema
            try:
                known = self._adapt(operation, variables, refusal)
                if operation.kind == "mutation":
                    # Where warnings are errors, this one ends the call: before the change, not after.
                    self._warn(known)
                answer = yield from send(known.operation, variables)
            except ValidationFailedError:
                if used is not self._kept:
                    raise
                # What was kept of this server is not so: ask the server itself.
                wrong = used
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
        learn: Learn,
        fetch: Fetch,
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
        while True:
            yield from self._learnt(learn, fetch, wrong, refusal)
            used = self._schema
            try:
                known = self._adapt(operation, variables, refusal)
                if known.operation.document == tried.document:
                    raise refusal
                break
            except ValidationFailedError:
                if used is not self._kept:
                    raise
                wrong = used
        self._adapted[_key(operation, variables)] = known
        self._warn(known)
        return known.operation

    def _adapt(
        self, operation: Operation, variables: Mapping[str, object], refusal: ValidationFailedError
    ) -> Adapted:
        if self._schema is None:
            raise refusal
        return adapt(operation, variables, self._schema, refusal)

    def _learnt(
        self,
        learn: Learn,
        fetch: Fetch,
        wrong: ServerSchema | None,
        refusal: ValidationFailedError,
    ) -> Generator[Any, Any, None]:
        """Learn the server's schema; an error there shows what it was learnt for."""
        try:
            yield from learn(self._learn(fetch, wrong))
        except StashError as error:
            raise error from refusal

    def _learn(self, fetch: Fetch, wrong: ServerSchema | None) -> Generator[Any, Any, None]:
        """Learn the server's schema, unless another request has done so meanwhile."""
        from .introspection import SCHEMA_QUERY, VERSION_QUERY, SchemaAnswer, VersionAnswer

        if self._schema is not None and self._schema is not wrong:
            return
        told = (yield from fetch(VERSION_QUERY, VersionAnswer)).version
        version = shown_version(told.version)
        build = f"{told.version} {told.hash}"
        kept = None if wrong is not None else self._cache.load(self._endpoint.url, version, build)
        if kept is not None:
            self._schema = self._kept = kept
            return
        answer = yield from fetch(SCHEMA_QUERY, SchemaAnswer)
        self._schema = answer.of(version)
        self._cache.keep(self._endpoint.url, build, self._schema)

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
