"""The target of a stub: an operation by its name, or a document."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from graphql import GraphQLSchema, OperationType
from pydantic import BaseModel

from stash_typed._runtime.operation import Operation

from ..errors import StubError
from .documents import Document, read_document
from .schema import document_faults

_SHIPPED = "stash_typed_graphql"
_LONGEST = 60


@dataclass(frozen=True)
class Target:
    """The operation that a stub answers; `result` is the generated type of its data, if any."""

    name: str
    document: Document
    # Requests for this root field alone match as well, whatever their operation name:
    # collections name theirs in their own way. None where the document decides.
    root_field: str | None = None
    result: type[BaseModel] | None = None

    def __str__(self) -> str:
        if self.name:
            return self.name
        text = " ".join(self.document.text.split())
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

    def is_meant(self, name: str, document: Document) -> bool:
        if self.root_field is None:
            return document.key == self.document.key
        return name == self.name or set(document.root_fields) == {self.root_field}


def find_target(operation: str | Operation, schema: GraphQLSchema) -> Target:
    """Return the target that `StashMock.on` names; raise `StubError` if no stub can answer it."""
    __tracebackhide__ = True
    if isinstance(operation, str) and "{" in operation:
        document = read_document(operation)
        target = Target(document.name, document)
    else:
        target = _generated(operation if isinstance(operation, Operation) else _shipped(operation))
    if target.document.operation.operation is OperationType.SUBSCRIPTION:
        raise StubError(
            "subscriptions run over a WebSocket, which stash_mock does not answer: use"
            " stash_sandbox",
            operation=str(target),
        )
    faults = document_faults(schema, target.document)
    if faults:
        raise StubError(
            f"the document does not fit the schema: {' '.join(faults)}",
            operation=target.name or None,
            hint="Stubs are checked against the schema that this package was made for; the fixture"
            " stash_sandbox_options may name another.",
        )
    return target


def _generated(operation: Operation) -> Target:
    package = operation.package or _SHIPPED
    document = read_document(operation.document, operation.name or None)
    module = _modules(package).get(_bare(operation.name))
    found: object = None
    if module is not None:
        found = getattr(import_module(f"{package}.{module}"), f"{operation.name}Data", None)
    result = found if isinstance(found, type) and issubclass(found, BaseModel) else None
    return Target(operation.name, document, operation.root_field, result)


def _shipped(name: str) -> Operation:
    __tracebackhide__ = True
    known = _modules(_SHIPPED)
    module = known.get(_bare(name))
    if module is not None:
        return cast("Operation", import_module(f"{_SHIPPED}.{module}").OPERATION)
    near = [known[each] for each in get_close_matches(_bare(name), known, n=3)]
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    raise StubError(
        f"there is no operation {name!r}",
        hint=f"{hint}For an operation of your own give its document, or the OPERATION of its"
        " generated module.",
    )


@lru_cache(maxsize=8)
def _modules(package: str) -> dict[str, str]:
    """Return the operation modules of a generated package by their bare names."""
    found = import_module(package)
    classes = {_bare(name) for name in found.__all__}
    names = [each.name for each in iter_modules(found.__path__)]
    return {_bare(name): name for name in names if f"{_bare(name)}data" in classes}


def _bare(name: str) -> str:
    return name.replace("_", "").lower()
