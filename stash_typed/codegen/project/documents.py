"""The document that a user's client is generated from: their operations, and the shipped ones."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

from graphql import (
    DefinitionNode,
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    OperationDefinitionNode,
    Visitor,
    visit,
)

from ..documents.coordinates import definition_name, fragments_of, operations_of, spreads_in
from ..documents.prune import Cut, State, operation_states, prune
from ..documents.read import read_documents
from ..findings import Finding, where
from ..package.rules import check_documents
from ..shipped import SHIPPED_PREFIX, shipped_documents
from .project import Project

__all__ = ["ProjectDocuments", "all_documents", "own_documents", "project_documents"]


@dataclass(frozen=True)
class ProjectDocuments:
    """What a user's client is generated from."""

    document: DocumentNode
    own: frozenset[str]
    replaced: tuple[str, ...]
    cuts: tuple[Cut, ...]
    states: dict[str, State]
    findings: tuple[Finding, ...]


def own_documents(project: Project) -> DocumentNode:
    """Read the caller's operations and fragments."""
    return read_documents(project.operations, project.root)


def all_documents(project: Project, own: DocumentNode) -> DocumentNode:
    """Add the shipped operations and fragments to the caller's, where they are included."""
    if not project.include_shipped:
        return own
    return _merged(shipped_documents(), own)


def project_documents(project: Project, schema: GraphQLSchema) -> ProjectDocuments:
    """Put together what a user's client is generated from, and hold it against a schema.

    The shipped definitions are pruned to what the schema has. One of the caller's takes the place
    of a shipped one of the same name. Nothing of the caller's is cut: what does not fit is found.
    """
    own = own_documents(project)
    names = frozenset(definition_name(node) for node in own.definitions)
    shipped = shipped_documents()
    if not project.include_shipped:
        findings = _judged(own, _excluded(own, shipped), schema)
        return ProjectDocuments(own, names, (), (), {}, findings)
    spread = {node.name.value for node in _spread_nodes(own)}
    pruned = prune(shipped, schema, keep=spread & fragments_of(shipped).keys())
    document = _without_spare(_merged(pruned.document, own), names)
    taken = {_key(node) for node in own.definitions}
    replaced = [definition_name(node) for node in shipped.definitions if _key(node) in taken]
    extra = [*_left_out(own, document, shipped, pruned.cuts), *_elsewhere(own, shipped)]
    return ProjectDocuments(
        document,
        names,
        tuple(sorted(replaced)),
        tuple(cut for cut in pruned.cuts if cut.definition not in replaced),
        {
            name: state
            for name, state in operation_states(shipped, pruned.document).items()
            if name not in operations_of(own)
        },
        _judged(document, extra, schema),
    )


def _judged(
    document: DocumentNode, better: list[Finding], schema: GraphQLSchema
) -> tuple[Finding, ...]:
    """Return all findings; where there is a better one for the same place, that one."""
    places = {finding.where for finding in better}
    others = [f for f in check_documents(document, schema) if f.where not in places]
    if better:  # What the shipped definitions suffer from it goes with it.
        others = [f for f in others if not f.where.startswith(SHIPPED_PREFIX)]
    return (*better, *others)


def _merged(shipped: DocumentNode, own: DocumentNode) -> DocumentNode:
    taken = {_key(node) for node in own.definitions}
    document = copy(own)
    document.definitions = (
        *(node for node in shipped.definitions if _key(node) not in taken),
        *own.definitions,
    )
    return document


def _key(node: DefinitionNode) -> tuple[bool, str]:
    """Return what is there only once: a query and a mutation of one name are two of it."""
    is_fragment = isinstance(node, FragmentDefinitionNode)
    return is_fragment, definition_name(node).partition(" ")[2]


def _without_spare(document: DocumentNode, own: frozenset[str]) -> DocumentNode:
    """Leave out shipped fragments that nobody spreads any more; a caller's stays to be found."""
    fragments = fragments_of(document)
    used = {
        name
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
        or (isinstance(node, FragmentDefinitionNode) and definition_name(node) in own)
        for name in spreads_in(node, fragments)
    }

    def needed(node: DefinitionNode) -> bool:
        return (
            not isinstance(node, FragmentDefinitionNode)
            or node.name.value in used
            or definition_name(node) in own
        )

    smaller = copy(document)
    smaller.definitions = tuple(node for node in document.definitions if needed(node))
    return smaller


class _Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.nodes: list[FragmentSpreadNode] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.nodes.append(node)


def _spread_nodes(document: DocumentNode) -> list[FragmentSpreadNode]:
    visitor = _Spreads()
    visit(document, visitor)
    return visitor.nodes


def _excluded(own: DocumentNode, shipped: DocumentNode) -> list[Finding]:
    """The caller spreads a shipped fragment, and did not ask for the shipped ones."""
    known = fragments_of(own)
    return [
        Finding(
            where(node),
            f"{node.name.value} is a fragment of stash-typed. Fix: set include_shipped = true in"
            " your pyproject.toml, or write a fragment of that name.",
        )
        for node in _spread_nodes(own)
        if node.name.value not in known and node.name.value in fragments_of(shipped)
    ]


def _left_out(
    own: DocumentNode, document: DocumentNode, shipped: DocumentNode, cuts: tuple[Cut, ...]
) -> list[Finding]:
    """The caller spreads a shipped fragment that this schema leaves nothing of."""
    known, reasons = fragments_of(document), {cut.definition: cut.reason for cut in cuts}
    return [
        Finding(
            where(node),
            f"the shipped fragment {node.name.value} is left out:"
            f" {reasons.get(f'fragment {node.name.value}', 'nothing of it is left')}."
            " Fix: write a fragment that fits this server.",
        )
        for node in _spread_nodes(own)
        if node.name.value not in known and node.name.value in fragments_of(shipped)
    ]


def _elsewhere(own: DocumentNode, shipped: DocumentNode) -> list[Finding]:
    """The caller's fragment has the name of a shipped one, and is on another type."""
    originals = fragments_of(shipped)
    return [
        Finding(
            where(node),
            f"{name} would take the place of a shipped fragment, which is on"
            f" {originals[name].type_condition.name.value} and not on"
            f" {node.type_condition.name.value}. Fix: rename the fragment.",
        )
        for name, node in fragments_of(own).items()
        if name in originals
        and originals[name].type_condition.name.value != node.type_condition.name.value
    ]
