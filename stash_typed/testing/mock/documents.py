"""Documents as a stub sees them: one operation, and the fields it selects on each object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
    print_ast,
)
from graphql.execution.collect_fields import does_fragment_condition_match

from ..errors import StubError

_CONDITIONS = ("skip", "include")


@dataclass
class Asked:
    """A selected field; `optional` if a directive may exclude it."""

    name: str
    selections: list[SelectionSetNode] = field(default_factory=list[SelectionSetNode])
    optional: bool = True


@dataclass(frozen=True, eq=False)
class Document:
    """One operation with its fragments. `key` ignores differences in layout."""

    text: str
    node: DocumentNode
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    key: str

    @property
    def name(self) -> str:
        return self.operation.name.value if self.operation.name else ""

    @property
    def root_fields(self) -> list[str]:
        nodes = self.operation.selection_set.selections
        return [each.name.value for each in nodes if isinstance(each, FieldNode)]

    @property
    def variables(self) -> list[str]:
        return [each.variable.name.value for each in self.operation.variable_definitions or ()]

    @property
    def first_key(self) -> str:
        node = self.operation.selection_set.selections[0]
        while not isinstance(node, FieldNode):
            node = self._fragment(node).selection_set.selections[0]
        return _key(node)

    def _fragment(self, node: SelectionNode) -> FragmentDefinitionNode | InlineFragmentNode:
        if isinstance(node, FragmentSpreadNode):
            return self.fragments[node.name.value]
        return cast("InlineFragmentNode", node)

    def asked(
        self,
        selections: Iterable[SelectionSetNode],
        owner: GraphQLObjectType,
        schema: GraphQLSchema,
    ) -> dict[str, Asked]:
        """Collect the fields that selections ask of an object, by response name.

        Unlike the executor, this includes fields that a directive may exclude.
        """
        found: dict[str, Asked] = {}
        for selection in selections:
            for node, may_go in self._fields(selection, owner, schema):
                asked = found.setdefault(_key(node), Asked(node.name.value))
                asked.optional &= may_go
                if node.selection_set:
                    asked.selections.append(node.selection_set)
        return found

    def _fields(
        self,
        selection: SelectionSetNode,
        owner: GraphQLObjectType,
        schema: GraphQLSchema,
        *,
        optional: bool = False,
    ) -> Iterator[tuple[FieldNode, bool]]:
        for node in selection.selections:
            conditions = [each for each in node.directives if each.name.value in _CONDITIONS]
            may_go = optional or bool(conditions)
            if isinstance(node, FieldNode):
                yield node, may_go
                continue
            fragment = self._fragment(node)
            if does_fragment_condition_match(schema, fragment, owner):
                yield from self._fields(fragment.selection_set, owner, schema, optional=may_go)


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def document_key(text: str, name: str) -> str:
    """Return a key that ignores layout; a document that cannot be parsed is its own key."""
    try:
        return read_document(text, name or None).key
    except StubError:
        return text


@lru_cache(maxsize=400)
def read_document(text: str, name: str | None = None) -> Document:
    """Parse a document and pick its operation, by name if it has several; or raise `StubError`."""
    try:
        node = parse(text)
    except GraphQLSyntaxError as error:
        line, column = error.locations[0] if error.locations else (1, 1)
        raise StubError(f"{error.message} (line {line}, column {column})", operation=name) from None
    operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
    chosen = [each for each in operations if each.name and each.name.value == name] or operations
    if len(chosen) != 1:
        names = ", ".join(each.name.value for each in operations if each.name) or "none has a name"
        raise StubError(
            f"expected a document with one operation, got {len(operations)} ({names})",
            operation=name,
        )
    fragments = {
        each.name.value: each
        for each in node.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    return Document(text, node, chosen[0], fragments, print_ast(node))
