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
    """What a user's client is generated from, and what became of the shipped definitions."""

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
    """Add the shipped operations and fragments to the user's, where they are included."""
    return _merged(shipped_documents(), own) if project.include_shipped else own


def project_documents(project: Project, schema: GraphQLSchema) -> ProjectDocuments:
    """Return what a user's client is generated from, checked against a schema.

    The shipped definitions are pruned to what the schema has. One of the user's takes the place
    of a shipped one of the same name. Nothing of the user's is cut: what does not fit is found.
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
    """Return all findings; where there is a better one for the same place, that one."""
    places = {finding.where for finding in better}
    others = [f for f in check_documents(documents, schema) if f.where not in places]
    if better:  # What the shipped definitions suffer from it goes with it.
        others = [f for f in others if not f.where.startswith(SHIPPED_PREFIX)]
    return (*better, *others)


def _merged(shipped: Documents, own: Documents) -> Documents:
    taken = {_key(node) for node in own.node.definitions}
    kept = (node for node in shipped.node.definitions if _key(node) not in taken)
    return Documents.of((*kept, *own.node.definitions))


def _key(node: DefinitionNode) -> tuple[bool, str]:
    """Return what is there only once: a query and a mutation of one name are two of it."""
    is_fragment = isinstance(node, FragmentDefinitionNode)
    return is_fragment, definition_name(node).partition(" ")[2]


def _without_spare(documents: Documents, own: Documents) -> Documents:
    """Leave out shipped fragments that nothing spreads any more; a user's stays to be found."""
    used = {
        name
        for node in (*documents.every_operation, *own.node.definitions)
        for name in documents.spreads_in(node)
    }
    kept = used | own.fragments.keys()
    spare = {id(node) for name, node in documents.fragments.items() if name not in kept}
    return Documents.of(n for n in documents.node.definitions if id(n) not in spare)


def _excluded(own: Documents, shipped: Documents) -> list[Finding]:
    """Find spreads of shipped fragments where the shipped ones are not included."""
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
    """Find spreads of shipped fragments that this schema leaves nothing of."""
    reasons = {cut.definition: cut.reason for cut in cuts}
    return [
        Finding(
            where(node),
            f"the shipped fragment {node.name.value} is left out:"
            f" {reasons.get(f'fragment {node.name.value}', 'nothing of it is left')}."
            " Fix: write a fragment that fits this server.",
        )
        for node in own.spreads
        if node.name.value in shipped.fragments.keys() - documents.fragments.keys()
    ]


def _elsewhere(own: Documents, shipped: Documents) -> list[Finding]:
    """Find fragments with the name of a shipped one that are on another type."""
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
