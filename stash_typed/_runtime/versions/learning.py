"""Learns the schema of a server of another version once it has refused a document."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..base_model import UNSET
from ..errors import StashError, StashVersionWarning, ValidationFailedError
from ..steps import Ask, Lock, Locked, Procedure
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
    from .introspection import SchemaAnswer, VersionAnswer

_OURS = frozenset({"stash_typed", "stash_typed_graphql"})


class Versions:
    """The server version and schema learnt by one connection."""

    def __init__(self, endpoint: Endpoint, cache: SchemaCache | None = None) -> None:
        self.adapted: dict[tuple[str, frozenset[str]], Adapted] = {}
        self.schema: ServerSchema | None = None
        self.kept: ServerSchema | None = None
        """The schema from the cache, not yet confirmed by the server."""
        self._endpoint = endpoint
        self._cache = cache or SchemaCache()
        self._lock = Lock("schema", endpoint.url)
        self._warned: set[str] = set()

    def learn(self, wrong: ServerSchema | None, refusal: ValidationFailedError) -> Procedure[None]:
        """Learn the server's schema; an error there shows what it was learnt for."""
        try:
            yield Locked(self._learn(wrong), self._lock)
        except StashError as error:
            raise error from refusal

    def _learn(self, wrong: ServerSchema | None) -> Procedure[None]:
        """Learn the server's schema, unless another request has done so meanwhile."""
        from .introspection import SCHEMA_QUERY, VERSION_QUERY, SchemaAnswer, VersionAnswer

        if self.schema is not None and self.schema is not wrong:
            return
        told: VersionAnswer = yield Ask(VERSION_QUERY, VersionAnswer)
        version = shown_version(told.version.version)
        build = f"{told.version.version} {told.version.hash}"
        kept = None if wrong is not None else self._cache.load(self._endpoint.url, version, build)
        if kept is not None:
            self.schema = self.kept = kept
            return
        answer: SchemaAnswer = yield Ask(SCHEMA_QUERY, SchemaAnswer)
        self.schema = answer.of(version)
        self._cache.keep(self._endpoint.url, build, self.schema)

    def warn(self, adapted: Adapted) -> None:
        """Warn about omitted parts, once for each part of the schema."""
        new = [name for name in adapted.cut if name not in self._warned]
        if not new or self.schema is None:
            return
        warnings.warn(
            f"{self._endpoint.url} is Stash {self.schema.version}, which does not know"
            f" {', '.join(new)}; left out of {adapted.operation.name}, so None there says nothing."
            " `stash-typed codegen` makes a client for that version.",
            StashVersionWarning,
            stacklevel=_levels_to_the_caller(),
        )
        self._warned.update(new)


class Attempts:
    """The attempts for one operation: the whole document, then the supported parts."""

    def __init__(
        self, versions: Versions, operation: Operation, variables: Mapping[str, object]
    ) -> None:
        given = frozenset(name for name, value in variables.items() if value is not UNSET)
        self._key = operation.document, given
        self._versions = versions
        self._whole = operation
        self._variables = variables
        self._known = versions.adapted.get(self._key)
        self._used = versions.schema if self._known else None
        self._refusal: ValidationFailedError | None = None

    @property
    def operation(self) -> Operation:
        """The operation to try next."""
        return self._known.operation if self._known else self._whole

    def adapt(self, refusal: ValidationFailedError) -> Procedure[None]:
        """Choose the next attempt after a refusal, or raise it."""
        versions = self._versions
        if self._refusal is None:
            if not (is_shipped(self._whole) and is_about_the_document(refusal)):
                raise refusal
            self._refusal = refusal
        elif self._used is not versions.kept:
            raise refusal
        while True:
            # What was kept of this server may not be so any more: then the server itself is asked.
            yield from versions.learn(self._used, self._refusal)
            self._used = versions.schema
            if self._used is None:
                raise self._refusal
            try:
                self._known = adapt(self._whole, self._variables, self._used, self._refusal)
                break
            except ValidationFailedError:
                if self._used is not versions.kept:
                    raise
        if self._whole.kind != "query":
            # Where warnings are errors, this one ends the call: before the change, not after. A
            # subscription may have nothing to say for hours.
            versions.warn(self._known)

    def succeeded(self) -> None:
        """Record a successful response, and warn about omitted parts."""
        if self._refusal is not None and self._known is not None:
            self._versions.adapted[self._key] = self._known
            self._versions.warn(self._known)


def _levels_to_the_caller() -> int:
    """Count the frames up to the first outside of this package, whose line the warning names."""
    frame = inspect.currentframe()
    levels = 0
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _OURS:
        frame = frame.f_back
        levels += 1
    return max(levels, 1)
