"""Which operations of the shipped client a server supports."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from ._runtime.operation import Operation
from ._runtime.steps import Ask
from ._runtime.versions.adaptation import lacking, shown_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._runtime.steps import Procedure
    from ._runtime.versions.adaptation import ServerSchema

__all__ = ["Compatibility", "compatibility", "compatibility_with"]


@dataclass(frozen=True)
class Compatibility:
    """The parts of the shipped operations that a server lacks.

    Attributes:
        client_version: the release that the client was generated for.
        server_version: the server's release.
        left_out: by operation, the parts omitted for this server; the result has None there.
        impossible: by operation, the missing parts that it needs: calling it raises.
    """

    client_version: str
    server_version: str
    left_out: dict[str, list[str]]
    impossible: dict[str, list[str]]

    @property
    def ok(self) -> bool:
        """Whether every operation works, even if with omissions."""
        return not self.impossible

    def __str__(self) -> str:
        lines = [
            *(f"{name}: needs {', '.join(of)}" for name, of in self.impossible.items()),
            *(f"{name}: without {', '.join(of)}" for name, of in self.left_out.items()),
        ]
        head = f"client for Stash {self.client_version}, server Stash {self.server_version}"
        return "\n".join([head, *(lines or ["every operation works as it is"])])


def compatibility() -> Procedure[Compatibility]:
    """Compare the shipped operations with the server's version and schema."""
    from ._runtime.versions.introspection import (
        SCHEMA_QUERY,
        VERSION_QUERY,
        SchemaAnswer,
        VersionAnswer,
    )

    told: VersionAnswer = yield Ask(VERSION_QUERY, VersionAnswer)
    answer: SchemaAnswer = yield Ask(SCHEMA_QUERY, SchemaAnswer)
    return compatibility_with(answer.of(shown_version(told.version.version)))


def compatibility_with(schema: ServerSchema) -> Compatibility:
    """Check the shipped operations against a schema."""
    left_out: dict[str, list[str]] = {}
    impossible: dict[str, list[str]] = {}
    version = ""
    for operation in shipped_operations():
        version = version or operation.stash_version or "of unknown version"
        cut, needed = lacking(operation, schema)
        if needed:
            impossible[operation.name] = needed
        elif cut:
            left_out[operation.name] = cut
    return Compatibility(version, schema.version, left_out, impossible)


def shipped_operations() -> Iterator[Operation]:
    """Yield every operation of the shipped client, by name."""
    package = import_module("stash_typed_graphql")
    for module in sorted(iter_modules(package.__path__), key=lambda found: found.name):
        operation = getattr(import_module(f"stash_typed_graphql.{module.name}"), "OPERATION", None)
        if isinstance(operation, Operation):
            yield operation
