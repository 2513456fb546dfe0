"""Takes out of a document what a server does not know, and says what was taken out."""

from __future__ import annotations

import sys
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Literal

from graphql import (
    DocumentNode,
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
from .coordinates import Place, definition_name, fragments_of, operations_of, places_of, spreads_in
from .removal import without, without_unused
from .variables import Retyped, retype_variables

__all__ = ["Cut", "Pruned", "State", "operation_states", "prune"]

State = Literal["as it is", "pruned", "absent"]
"""What became of an operation."""

_RULES = [
    rule for rule in specified_rules if rule not in (NoUnusedFragmentsRule, NoUnusedVariablesRule)
]


@dataclass(frozen=True)
class Cut:
    """Something that was taken out of a document, or changed in it.

    Attributes:
        where: `file:line`.
        definition: the operation or fragment that it was in: `query FindScenes`, `fragment Scene`.
        kind: `operation`, `field`, `argument`, `input field`, `type` (what was selected on it),
            or `variable`, of which only the type was changed.
        what: `Scene.title`, `Query.findScenes(ids:)`, `VideoFile`, `$filter`; for an operation
            its root field.
        reason: why.
    """

    where: str
    definition: str
    kind: str
    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.where}: {self.definition}: {self.what}: {self.reason}"

    def to_json(self) -> dict[str, str]:
        """Return it as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Pruned:
    """What is left of a document."""

    document: DocumentNode
    cuts: tuple[Cut, ...]


def prune(document: DocumentNode, schema: GraphQLSchema, keep: Collection[str] = ()) -> Pruned:
    """Take out of a document what a schema does not know.

    Of each error that the schema finds, the smallest part around it goes: an argument, a field, a
    selection on a type, else the whole operation; with it goes what is left empty or unused. A
    variable whose type is spelt otherwise there takes the type of the argument that it is given to.
    """
    original = document
    cuts: list[tuple[Place, str]] = []
    retyped: list[Retyped] = []
    while True:
        document, changed = retype_variables(document, schema)
        retyped += changed
        chosen = _next_cuts(document, schema)
        if not chosen:
            break
        cuts += chosen.values()
        document = without(document, schema, set(chosen), cuts)
        document = without_unused(document, set(keep))
    document = without_unused(document, set(keep))
    return Pruned(document, _told(original, document, cuts, retyped))


def operation_states(document: DocumentNode, pruned: DocumentNode) -> dict[str, State]:
    """Say what became of each operation of a document."""
    before, after = _texts(document), _texts(pruned)
    return {
        name: "absent" if name not in after else "as it is" if after[name] == text else "pruned"
        for name, text in before.items()
    }


def _texts(document: DocumentNode) -> dict[str, str]:
    fragments = fragments_of(document)
    printed = {name: print_ast(node) for name, node in fragments.items()}
    return {
        name: "\n".join(
            [print_ast(node), *(printed.get(s, s) for s in sorted(spreads_in(node, fragments)))]
        )
        for name, node in operations_of(document).items()
    }


def _next_cuts(document: DocumentNode, schema: GraphQLSchema) -> dict[int, tuple[Place, str]]:
    """Decide what goes next and why, by the ids of the nodes.

    Whole operations go before what their fragments hold, and a variable goes last: with the
    argument that it was given to it goes by itself, and there is less to tell.
    """
    errors = validate(schema, document, _RULES, max_errors=sys.maxsize)
    rootless = [
        node
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode) and not schema.get_root_type(node.operation)
    ]
    if not errors and not rootless:
        return {}
    places = places_of(document, schema)
    found: dict[int, tuple[Place, str]] = {}
    for error in errors:
        place = _place_of(error, places)
        found.setdefault(id(place.node), (place, _reason(error)))
    for node in rootless:
        found[id(node)] = (places[id(node)], f"this schema has no {node.operation.value}s")
    for choice in (_is_whole_operation, _is_inside_operation, _is_no_variable, _is_anything):
        chosen = {key: found[key] for key in found if choice(found[key][0])}
        if chosen:
            return chosen
    return {}


def _is_whole_operation(place: Place) -> bool:
    return place.kind == "operation"


def _is_inside_operation(place: Place) -> bool:
    return not place.definition.startswith("fragment ") and _is_no_variable(place)


def _is_no_variable(place: Place) -> bool:
    return place.kind != "variable"


def _is_anything(place: Place) -> bool:
    return True


def _place_of(error: GraphQLError, places: dict[int, Place]) -> Place:
    nodes = error.nodes or []
    # An error of a variable in a wrong position names the variable's definition, then the use.
    uses = [node for node in nodes if isinstance(node, VariableNode)]
    place = next((places[id(node)] for node in [*uses, *nodes] if id(node) in places), None)
    if place is None:
        raise CodegenError.at("<document>", f"{error.message} Fix: correct the document.")
    if place.kind == "field" and place.outer and place.outer.kind == "operation":
        operation = place.outer.node
        if isinstance(operation, OperationDefinitionNode) and (
            len(operation.selection_set.selections) == 1
        ):
            return place.outer
    return place


def _reason(error: GraphQLError) -> str:
    message = error.message.partition(" Did you mean")[0]
    if message.startswith(("Cannot query field", "Unknown argument")):
        return "this schema does not have it"
    if message.startswith("Unknown type"):
        return f"this schema has no {message.split(chr(39))[1]}"
    return message


def _told(
    original: DocumentNode,
    document: DocumentNode,
    cuts: list[tuple[Place, str]],
    retyped: list[Retyped],
) -> tuple[Cut, ...]:
    """Tell the cuts in the order of the document, without those that went with something larger."""
    kept = {definition_name(node) for node in document.definitions}
    variables = {
        (definition_name(node), variable.variable.name.value)
        for node in operations_of(document).values()
        for variable in node.variable_definitions or ()
    }
    told = [
        (place.node, Cut(where(place.node), place.definition, place.kind, place.what, reason))
        for place, reason in cuts
        if place.outer is None or place.definition in kept
    ]
    told += [
        (
            change.node,
            Cut(
                where(change.node),
                change.definition,
                "variable",
                f"${change.name}",
                f"is {change.new} in this schema, not {change.old}",
            ),
        )
        for change in retyped
        if (change.definition, change.name) in variables
    ]
    order = {definition_name(node): i for i, node in enumerate(original.definitions)}
    told.sort(
        key=lambda entry: (order[entry[1].definition], entry[0].loc.start if entry[0].loc else 0)
    )
    return tuple(cut for _, cut in told)
