"""Documents as a stub sees them: one operation, its fragments, and what it asks of each type."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLSyntaxError,
    GraphQLUnionType,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from ..errors import StubError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import (
        DocumentNode,
        GraphQLObjectType,
        GraphQLSchema,
        InlineFragmentNode,
        NamedTypeNode,
    )

__all__ = ["Asked", "Document", "read_document"]


@dataclass(frozen=True)
class Asked:
    """A field that a document asks for, under one name in the answer.

    Attributes:
        name: the schema's name of it.
        selections: what is asked of its value, from every place that asks for it.
        optional: whether a directive may take it out.
    """

    name: str
    selections: tuple[SelectionSetNode, ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Document:
    """One operation with its fragments.

    Attributes:
        text: as it was written.
        node: the whole, parsed.
        operation: its one operation.
        fragments: those that it may spread, by name.
        key: the same for texts that differ in layout alone.
    """

    text: str
    node: DocumentNode
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    key: str

    @property
    def name(self) -> str:
        """The operation's name; empty when it has none."""
        return self.operation.name.value if self.operation.name else ""

    @property
    def kind(self) -> str:
        """`query`, `mutation` or `subscription`."""
        return self.operation.operation.value

    @property
    def root_fields(self) -> list[str]:
        """The schema's names of the fields that it asks for, a name for each time."""
        nodes = self.operation.selection_set.selections
        return [each.name.value for each in nodes if isinstance(each, FieldNode)]

    @property
    def variables(self) -> list[str]:
        """The names of the operation's variables."""
        return [each.variable.name.value for each in self.operation.variable_definitions or ()]

    def is_laid_out_like(self, text: str) -> bool:
        """Whether a text is this document in another layout."""
        try:
            return read_document(text, self.name or None).key == self.key
        except StubError:
            return False

    def asked(
        self,
        selections: Iterable[SelectionSetNode],
        owner: GraphQLObjectType,
        schema: GraphQLSchema,
    ) -> dict[str, Asked]:
        """Collect what selections ask of an object.

        Args:
            selections: they are merged, as a server does.
            owner: the object's type.
            schema: knows which fragments are about that type.

        Returns:
            The fields by their names in the answer.
        """
        found: dict[str, Asked] = {}
        for selection in selections:
            self._collect(selection, owner, schema, found, optional=False)
        return found

    def _collect(
        self,
        selection_set: SelectionSetNode,
        owner: GraphQLObjectType,
        schema: GraphQLSchema,
        found: dict[str, Asked],
        *,
        optional: bool,
    ) -> None:
        for node in selection_set.selections:
            may_go = optional or any(
                each.name.value in ("skip", "include") for each in node.directives or ()
            )
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                before = found.get(key, Asked(node.name.value, optional=True))
                below = (node.selection_set,) if node.selection_set else ()
                found[key] = Asked(
                    node.name.value, before.selections + below, before.optional and may_go
                )
                continue
            fragment: InlineFragmentNode | FragmentDefinitionNode
            if isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
            else:
                fragment = cast("InlineFragmentNode", node)
            if _is_about(fragment, owner, schema):
                self._collect(fragment.selection_set, owner, schema, found, optional=may_go)


def _is_about(
    fragment: InlineFragmentNode | FragmentDefinitionNode,
    owner: GraphQLObjectType,
    schema: GraphQLSchema,
) -> bool:
    # An inline fragment may have none, whatever its declared type.
    condition = cast("NamedTypeNode | None", fragment.type_condition)
    if condition is None or condition.name.value == owner.name:
        return True
    wider = schema.type_map.get(condition.name.value)
    return isinstance(wider, (GraphQLInterfaceType, GraphQLUnionType)) and schema.is_sub_type(
        wider, owner
    )


@lru_cache(maxsize=400)
def read_document(text: str, name: str | None = None) -> Document:
    """Read a document.

    Args:
        text: GraphQL with one operation, or with several.
        name: which of several.

    Returns:
        The document.

    Raises:
        StubError: the text is not GraphQL, or has no such operation.
    """
    try:
        node = parse(text)
    except GraphQLSyntaxError as error:
        line, column = error.locations[0] if error.locations else (1, 1)
        raise StubError(f"{error.message} (line {line}, column {column})", operation=name) from None
    operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
    named = [each for each in operations if each.name and each.name.value == name]
    chosen = named or operations
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
