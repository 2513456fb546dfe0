"""What a stub is for: an operation by its name, or a document."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel

from stash_typed._runtime.operation import Operation

from ..errors import StubError
from .documents import Document, read_document

if TYPE_CHECKING:
    from .schema import Schema

__all__ = ["Target", "find_target"]

_SHIPPED = "stash_typed_graphql"
_LONGEST = 60
_SUBSCRIPTION = (
    "subscriptions run over a WebSocket, which stash_mock does not answer: use stash_sandbox"
)


@dataclass(frozen=True)
class Target:
    """What a stub answers.

    Attributes:
        name: the operation's name; empty for a document that has none.
        document: what it asks for.
        root_field: requests for this root field and nothing else are meant as well, whatever they
            are called: collections name theirs in their own way. None where the document decides.
        result: the generated type of the data, when there is one.
    """

    name: str
    document: Document
    root_field: str | None = None
    result: type[BaseModel] | None = None

    def __str__(self) -> str:
        if self.name:
            return self.name
        text = " ".join(self.document.text.split())
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

    def is_meant(self, name: str, document: Document) -> bool:
        """Whether a request is for this operation.

        Args:
            name: the operation's name in the request.
            document: the request's document.
        """
        if self.root_field is None:
            return document.key == self.document.key
        return name == self.name or set(document.root_fields) == {self.root_field}


def find_target(operation: str | Operation, schema: Schema) -> Target:
    """Find what a stub is for.

    Args:
        operation: a name, as of the method (`find_scenes`), of the operation (`FindScenes`) or of
            the root field (`findScenes`); or a whole document; or the `OPERATION` of a module that
            was generated from operations of your own.
        schema: what documents are checked against.

    Returns:
        The target.

    Raises:
        StubError: there is no such operation, the document does not fit the schema, or it is a
            subscription.
    """
    __tracebackhide__ = True
    if isinstance(operation, Operation):
        module = _modules(operation.package or _SHIPPED).get(_bare(operation.name))
        result = _result(operation, operation.package or _SHIPPED, module)
        document = read_document(operation.document, operation.name or None)
        return _checked(Target(operation.name, document, operation.root_field, result), schema)
    if "{" in operation:
        document = read_document(operation)
        return _checked(Target(document.name, document), schema)
    module = _modules(_SHIPPED).get(_bare(operation))
    if module is not None:
        shipped = cast("Operation", import_module(f"{_SHIPPED}.{module}").OPERATION)
        document = read_document(shipped.document)
        result = _result(shipped, _SHIPPED, module)
        return _checked(Target(shipped.name, document, shipped.root_field, result), schema)
    raise _unknown(operation)


def _checked(target: Target, schema: Schema) -> Target:
    __tracebackhide__ = True
    document = target.document
    if document.kind == "subscription":
        raise StubError(_SUBSCRIPTION, operation=str(target))
    faults = schema.faults(document)
    if faults:
        raise StubError(
            f"the document does not fit the schema: {' '.join(faults)}",
            operation=target.name or None,
            hint="Stubs are checked against the schema that this package was made for; the fixture"
            " stash_sandbox_options may name another.",
        )
    return target


def _result(operation: Operation, package: str, module: str | None) -> type[BaseModel] | None:
    if module is None:
        return None
    found = getattr(import_module(f"{package}.{module}"), f"{operation.name}Data", None)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


@lru_cache(maxsize=8)
def _modules(package: str) -> dict[str, str]:
    """Give the modules of a generated package's operations by their bare names."""
    found = import_module(package)
    classes = {_bare(name) for name in found.__all__}
    names = [each.name for each in iter_modules(found.__path__)]
    return {_bare(name): name for name in names if f"{_bare(name)}data" in classes}


def _unknown(name: str) -> StubError:
    known = _modules(_SHIPPED)
    near = [known[each] for each in get_close_matches(_bare(name), known, n=3)]
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    return StubError(
        f"there is no operation {name!r}",
        hint=f"{hint}For an operation of your own give its document, or the OPERATION of its"
        " generated module.",
    )


def _bare(name: str) -> str:
    return name.replace("_", "").lower()
