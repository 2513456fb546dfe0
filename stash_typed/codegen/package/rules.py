"""Validation rules beyond GraphQL's own, which keep the generated types correct."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from graphql import (
    ASTValidationRule,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    NamedTypeNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationRule,
)

from ..documents.check import check, errors_in
from ..documents.documents import Documents
from ..findings import Finding, where
from .name_rules import check_document_names

__all__ = ["check_documents"]

_COMPOSITE = (GraphQLObjectType, GraphQLInterfaceType, GraphQLUnionType)


def check_documents(
    documents: Documents, schema: GraphQLSchema, scalars: Mapping[str, str] | None = None
) -> list[Finding]:
    """Check operations and fragments against a schema and the rules of the generator."""
    findings = check(documents, schema)
    if findings:
        return findings
    errors = errors_in(documents, schema, [_Names, _Mixins, _ConditionalFragments, _Duplicates])
    return [
        *check_document_names(documents, schema, scalars or {}),
        # Nested selections are visited more than once: report each error once.
        *dict.fromkeys(Finding(where((e.nodes or [])[0]), e.message) for e in errors),
    ]


class _Names(ASTValidationRule):
    """Refuses operations without a name."""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        if node.name is None:
            message = "the operation has no name. Fix: name it after its root field."
            self.report_error(GraphQLError(message, node))


class _Mixins(ASTValidationRule):
    """Refuses `@mixin`, which makes ariadne-codegen import any Python that a document names."""

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value == "mixin":
            message = "@mixin would import code into the client. Fix: remove it."
            self.report_error(GraphQLError(message, node))


class _ConditionalFragments(ValidationRule):
    """Refuses conditional fragments, because their types would not show that fields may be absent."""

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: object) -> None:
        parent = self.context.get_parent_type()
        # graphql-core types it as always there; `... @include(if: $x) { … }` has none.
        if cast("NamedTypeNode | None", node.type_condition) is None and parent:
            message = (
                "an inline fragment without a type cannot become a class."
                f" Fix: write `... on {parent.name}`."
            )
            self.report_error(GraphQLError(message, node))
        self._refuse_conditions(node)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self._refuse_conditions(node)

    def _refuse_conditions(self, node: InlineFragmentNode | FragmentSpreadNode) -> None:
        for name in (directive.name.value for directive in node.directives):
            if name in {"include", "skip"}:
                message = (
                    f"@{name} on a fragment would make its types say that its fields are always"
                    f" there. Fix: put @{name} on the fields."
                )
                self.report_error(GraphQLError(message, node))


class _Duplicates(ValidationRule):
    """Refuses response keys that one selection asks for twice, spreads and inline fragments followed."""

    def enter_selection_set(self, node: SelectionSetNode, *_: object) -> None:
        parent = self.context.get_parent_type()
        if parent is None:
            return
        seen: list[tuple[str, GraphQLCompositeType]] = []
        for top, key, owner in self._keys(node, parent):
            if any(key == other and self._overlap(owner, of) for other, of in seen):
                message = (
                    f'"{key}" is selected twice here, once through another selection.'
                    " Fix: leave it in one of the two."
                )
                self.report_error(GraphQLError(message, top))
            seen.append((key, owner))

    def _keys(
        self, selections: SelectionSetNode, owner: GraphQLCompositeType
    ) -> Iterator[tuple[Node, str, GraphQLCompositeType]]:
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                yield selection, (selection.alias or selection.name).value, owner
                continue
            inner: Node | None = selection
            if isinstance(selection, FragmentSpreadNode):
                inner = self.context.get_fragment(selection.name.value)
            if not isinstance(inner, InlineFragmentNode | FragmentDefinitionNode):
                continue
            condition = cast("NamedTypeNode | None", inner.type_condition)
            on = owner if condition is None else self.context.schema.get_type(condition.name.value)
            if isinstance(on, _COMPOSITE):
                for _, key, of in self._keys(inner.selection_set, on):
                    yield selection, key, of

    def _overlap(self, one: GraphQLCompositeType, other: GraphQLCompositeType) -> bool:
        return bool(self._possible(one) & self._possible(other))

    def _possible(self, type_: GraphQLCompositeType) -> set[str]:
        if isinstance(type_, GraphQLObjectType):
            return {type_.name}
        return {possible.name for possible in self.context.schema.get_possible_types(type_)}
