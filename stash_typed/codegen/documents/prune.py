"""Prunes documents to what a server's schema supports, and reports the cuts."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Literal

from graphql import (
    GraphQLError,
    GraphQLSchema,
    NoUnusedFragmentsRule,
    NoUnusedVariablesRule,
    OperationDefinitionNode,
    VariableNode,
    print_ast,
    specified_rules,
    validate,
)

from ..findings import CodegenError, where
from .coordinates import Coordinate, coordinates_of
from .documents import Documents, definition_name
from .removal import without, without_unused
from .variables import retype_variables

__all__ = ["Cut", "Pruned", "State", "operation_states", "prune"]

State = Literal["as it is", "pruned", "absent"]
"""The outcome of pruning an operation."""

_RULES = [
    rule for rule in specified_rules if rule not in (NoUnusedFragmentsRule, NoUnusedVariablesRule)
]


@dataclass(frozen=True)
class Cut:
    """A part removed from a document, or a variable whose type was changed."""

    where: str
    definition: str
    kind: str
    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.definition}: {self.what}: {self.reason}"

    def to_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Pruned:
    """The pruned documents and the cuts."""

    documents: Documents
    cuts: tuple[Cut, ...]


def prune(documents: Documents, schema: GraphQLSchema, keep: Collection[str] = ()) -> Pruned:
    """Remove the parts of documents that a schema does not support, and unused fragments not in `keep`.

    Each validation error removes the smallest part around it: an argument, a field, a selection on
    a type, or else the whole operation. Parts left empty or unused are removed too. A variable
    whose type has another name in the schema takes the type of its argument.
    """
    original = documents
    cuts: list[tuple[Coordinate, str]] = []
    retyped: list[tuple[Coordinate, str]] = []
    while True:
        documents, changed = retype_variables(documents, schema)
        retyped += changed
        chosen = _next_cuts(documents, schema)
        if not chosen:
            break
        cuts += chosen.values()
        documents = without(documents, schema, chosen, cuts)
        documents = without_unused(documents, set(keep))
    documents = without_unused(documents, set(keep))
    return Pruned(documents, _told(original, documents, cuts, retyped))


def operation_states(documents: Documents, pruned: Documents) -> dict[str, State]:
    """Return the outcome of pruning for each operation."""
    before, after = _texts(documents), _texts(pruned)
    return {
        name: "absent" if name not in after else "as it is" if after[name] == text else "pruned"
        for name, text in before.items()
    }


def _texts(documents: Documents) -> dict[str, list[str]]:
    printed = {name: print_ast(node) for name, node in documents.fragments.items()}
    return {
        name: [print_ast(node), *(printed.get(s, s) for s in sorted(documents.spreads_in(node)))]
        for name, node in documents.operations.items()
    }


def _next_cuts(documents: Documents, schema: GraphQLSchema) -> dict[int, tuple[Coordinate, str]]:
    """Return the next parts to remove, with reasons, by the `id()` of their nodes."""
    errors = validate(schema, documents.node, _RULES, max_errors=sys.maxsize)
    rootless = [n for n in documents.every_operation if not schema.get_root_type(n.operation)]
    if not errors and not rootless:
        return {}
    coordinates = coordinates_of(documents, schema)
    found: dict[int, tuple[Coordinate, str]] = {}
    for error in errors:
        coordinate = _coordinate_of(error, coordinates)
        found.setdefault(id(coordinate.node), (coordinate, _reason(error)))
    for node in rootless:
        found[id(node)] = (coordinates[id(node)], f"this schema has no {node.operation.value}s")
    first = min(_rank(coordinate) for coordinate, _ in found.values())
    return {key: cut for key, cut in found.items() if _rank(cut[0]) == first}


def _rank(coordinate: Coordinate) -> int:
    """Return the order of removal.

    Operations come before the contents of their fragments. Variables come last, because removing
    an argument often leaves its variable unused, and the report is shorter.
    """
    if coordinate.kind in ("operation", "variable"):
        return 0 if coordinate.kind == "operation" else 3
    return 2 if coordinate.definition.startswith("fragment ") else 1


def _coordinate_of(error: GraphQLError, coordinates: dict[int, Coordinate]) -> Coordinate:
    nodes = error.nodes or []
    # An error for a variable in the wrong position has the definition first, then the use.
    uses = [node for node in nodes if isinstance(node, VariableNode)]
    found = next((coordinates[id(n)] for n in [*uses, *nodes] if id(n) in coordinates), None)
    if found is None:
        raise CodegenError.at("<document>", f"{error.message} Fix: correct the document.")
    if found.kind == "field" and found.outer and found.outer.kind == "operation":
        operation = found.outer.node
        if isinstance(operation, OperationDefinitionNode) and (
            len(operation.selection_set.selections) == 1
        ):
            return found.outer
    return found


def _reason(error: GraphQLError) -> str:
    message = error.message.partition(" Did you mean")[0]
    if message.startswith(("Cannot query field", "Unknown argument")):
        return "this schema does not have it"
    if message.startswith("Unknown type"):
        return f"this schema has no {message.split(chr(39))[1]}"
    return message


def _told(
    original: Documents,
    documents: Documents,
    cuts: list[tuple[Coordinate, str]],
    retyped: list[tuple[Coordinate, str]],
) -> tuple[Cut, ...]:
    """Return the cuts in document order, except those inside a larger cut."""
    kept = {definition_name(node) for node in documents.node.definitions}
    variables = {
        (definition_name(node), f"${variable.variable.name.value}")
        for node in documents.every_operation
        for variable in node.variable_definitions or ()
    }
    told = [
        *(cut for cut in cuts if cut[0].outer is None or cut[0].definition in kept),
        *(cut for cut in retyped if (cut[0].definition, cut[0].what) in variables),
    ]
    order = {definition_name(node): i for i, node in enumerate(original.node.definitions)}

    def position(cut: tuple[Coordinate, str]) -> tuple[int, int]:
        location = cut[0].node.loc
        return order[cut[0].definition], location.start if location else 0

    return tuple(
        Cut(where(each.node), each.definition, each.kind, each.what, reason)
        for each, reason in sorted(told, key=position)
    )
