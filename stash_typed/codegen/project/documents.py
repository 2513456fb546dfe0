"""The documents that a user's client is generated from: their operations, and the shipped ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import DefinitionNode, FragmentDefinitionNode, GraphQLSchema

from ..documents.documents import Documents, definition_name
from ..documents.prune import Cut, State, operation_states, prune
from ..documents.read import read_documents
from ..findings import Finding, where
from ..package.rules import check_documents
from ..shipped import SHIPPED_PREFIX, shipped_documents
from .project import Project

__all__ = ["ProjectDocuments", "all_documents", "own_documents", "project_documents"]


@dataclass(frozen=True)
class ProjectDocuments:
    """The documents of a user's client, and the outcome for the shipped definitions."""

    documents: Documents
    own: Documents
    findings: tuple[Finding, ...]
    replaced: tuple[str, ...] = ()
    cuts: tuple[Cut, ...] = ()
    states: dict[str, State] = field(default_factory=dict[str, State])


def own_documents(project: Project) -> Documents:
    """Read the user's operations and fragments."""
    return read_documents(project.operations, project.root)


def all_documents(project: Project, own: Documents) -> Documents:
    """Return the user's definitions, with the shipped ones if the settings include them."""
    return _merged(shipped_documents(), own) if project.include_shipped else own


def project_documents(project: Project, schema: GraphQLSchema) -> ProjectDocuments:
    """Return the documents of a user's client, checked against a schema.

    Shipped definitions are pruned to the schema, and replaced by the user's of the same name. The
    user's definitions are never cut: errors in them become findings.
    """
    own, shipped = own_documents(project), shipped_documents()
    if not project.include_shipped:
        return ProjectDocuments(own, own, _judged(own, _excluded(own, shipped), schema))
    spread = {node.name.value for node in own.spreads}
    pruned = prune(shipped, schema, keep=spread & shipped.fragments.keys())
    documents = _without_spare(_merged(pruned.documents, own), own)
    taken = {_key(node) for node in own.node.definitions}
    replaced = [definition_name(n) for n in shipped.node.definitions if _key(n) in taken]
    better = [*_left_out(own, documents, shipped, pruned.cuts), *_elsewhere(own, shipped)]
    states = operation_states(shipped, pruned.documents)
    return ProjectDocuments(
        documents,
        own,
        _judged(documents, better, schema),
        tuple(sorted(replaced)),
        tuple(cut for cut in pruned.cuts if cut.definition not in replaced),
        {name: state for name, state in states.items() if name not in own.operations},
    )


def _judged(
    documents: Documents, better: list[Finding], schema: GraphQLSchema
) -> tuple[Finding, ...]:
    """Return all findings, preferring the better ones for the same place."""
    places = {finding.where for finding in better}
    others = [f for f in check_documents(documents, schema) if f.where not in places]
    if better:  # Errors in shipped definitions are consequences of these.
        others = [f for f in others if not f.where.startswith(SHIPPED_PREFIX)]
    return (*better, *others)


def _merged(shipped: Documents, own: Documents) -> Documents:
    taken = {_key(node) for node in own.node.definitions}
    kept = (node for node in shipped.node.definitions if _key(node) not in taken)
    return Documents.of((*kept, *own.node.definitions))


def _key(node: DefinitionNode) -> tuple[bool, str]:
    """Return the unique key of a definition: operations of any kind share one namespace."""
    is_fragment = isinstance(node, FragmentDefinitionNode)
    return is_fragment, definition_name(node).partition(" ")[2]


def _without_spare(documents: Documents, own: Documents) -> Documents:
    """Leave out unused shipped fragments; the user's stay, so that they are reported."""
    used = {
        name
        for node in (*documents.every_operation, *own.node.definitions)
        for name in documents.spreads_in(node)
    }
    kept = used | own.fragments.keys()
    spare = {id(node) for name, node in documents.fragments.items() if name not in kept}
    return Documents.of(n for n in documents.node.definitions if id(n) not in spare)


def _excluded(own: Documents, shipped: Documents) -> list[Finding]:
    """Find spreads of shipped fragments that the settings do not include."""
    return [
        Finding(
            where(node),
            f"{node.name.value} is a fragment of stash-typed. Fix: set include_shipped = true in"
            " your pyproject.toml, or write a fragment of that name.",
        )
        for node in own.spreads
        if node.name.value in shipped.fragments.keys() - own.fragments.keys()
    ]


def _left_out(
    own: Documents, documents: Documents, shipped: Documents, cuts: tuple[Cut, ...]
) -> list[Finding]:
    """Find spreads of shipped fragments that were pruned away."""
    reasons = {cut.definition: cut.reason for cut in cuts}
    return [
        Finding(
            where(node),
            f"the shipped fragment {node.name.value} is left out:"
            f" {reasons.get(f'fragment {node.name.value}', 'nothing is left of it')}."
            " Fix: write a fragment that fits this server.",
        )
        for node in own.spreads
        if node.name.value in shipped.fragments.keys() - documents.fragments.keys()
    ]


def _elsewhere(own: Documents, shipped: Documents) -> list[Finding]:
    """Find fragments that share a shipped fragment's name but not its type."""
    found: list[Finding] = []
    for name in own.fragments.keys() & shipped.fragments.keys():
        node = own.fragments[name]
        on, shipped_on = (each.fragments[name].type_condition.name.value for each in (own, shipped))
        if on != shipped_on:
            message = (
                f"{name} would take the place of a shipped fragment, which is on {shipped_on} and"
                f" not on {on}. Fix: rename the fragment."
            )
            found.append(Finding(where(node), message))
    return sorted(found, key=str)
