"""What operations have to keep to so that good types come of them, beyond what GraphQL asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    NamedTypeNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    visit,
)

from ..documents.check import check
from ..documents.coordinates import fragments_of
from ..findings import Finding, where
from .name_rules import check_document_names

__all__ = ["check_documents"]


def check_documents(
    document: DocumentNode, schema: GraphQLSchema, scalars: Mapping[str, str] | None = None
) -> list[Finding]:
    """Check operations and fragments against a schema, and for what breaks generated types."""
    findings = check(document, schema)
    if findings:
        return findings
    return [
        *_unnamed_operations(document),
        *_foreign_directives(document),
        *check_document_names(document, schema, scalars or {}),
        *_conditional_fragments(document, schema),
        *_duplicate_selections(document, schema),
    ]


def _unnamed_operations(document: DocumentNode) -> Iterator[Finding]:
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode) and node.name is None:
            yield Finding(
                where(node), "the operation has no name. Fix: name it after its root field."
            )


class _Mixins(Visitor):
    """Finds `@mixin`, by which ariadne-codegen imports whatever Python a document names."""

    def __init__(self) -> None:
        super().__init__()
        self.findings: list[Finding] = []

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value == "mixin":
            message = "@mixin would import code into the client. Fix: remove it."
            self.findings.append(Finding(where(node), message))


def _foreign_directives(document: DocumentNode) -> list[Finding]:
    visitor = _Mixins()
    visit(document, visitor)
    return visitor.findings


class _ConditionalFragments(Visitor):
    """Finds fragments whose fields may stay away as a whole: their types would not say so."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.findings: list[Finding] = []

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: object) -> None:
        parent = self._info.get_parent_type()
        # graphql-core types it as always there; `... @include(if: $x) { … }` has none.
        if cast("NamedTypeNode | None", node.type_condition) is None and parent:
            self._find(
                node,
                "a selection without a type has no class that could hold it."
                f" Fix: write `... on {parent.name}`.",
            )
        self._judge(node, node.directives)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self._judge(node, node.directives)

    def _judge(self, node: Node, directives: Iterable[DirectiveNode]) -> None:
        for directive in directives:
            name = directive.name.value
            if name in {"include", "skip"}:
                self._find(
                    node,
                    f"@{name} on a fragment would make its types say that its fields are always"
                    f" there. Fix: put @{name} on the fields.",
                )

    def _find(self, node: Node, message: str) -> None:
        self.findings.append(Finding(where(node), message))


def _conditional_fragments(document: DocumentNode, schema: GraphQLSchema) -> list[Finding]:
    info = TypeInfo(schema)
    visitor = _ConditionalFragments(info)
    visit(document, TypeInfoVisitor(info, visitor))
    return visitor.findings


_COMPOSITE = (GraphQLObjectType, GraphQLInterfaceType, GraphQLUnionType)


class _Duplicates(Visitor):
    """Finds response keys that one selection asks for twice, spreads and inline fragments followed."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, info: TypeInfo) -> None:
        super().__init__()
        self._schema = schema
        self._info = info
        self._fragments = fragments_of(document)
        self.findings: list[Finding] = []

    def enter_selection_set(self, node: SelectionSetNode, *_: object) -> None:
        parent = self._info.get_parent_type()
        if parent is None:
            return
        seen: list[tuple[str, GraphQLCompositeType]] = []
        for top, key, owner in self._keys(node, parent):
            if any(key == other and self._overlap(owner, of) for other, of in seen):
                self.findings.append(
                    Finding(
                        where(top),
                        f'"{key}" is selected twice here, once through another selection.'
                        " Fix: leave it in one of the two.",
                    )
                )
            seen.append((key, owner))

    def _keys(
        self, selections: SelectionSetNode, owner: GraphQLCompositeType
    ) -> Iterator[tuple[Node, str, GraphQLCompositeType]]:
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                yield selection, (selection.alias or selection.name).value, owner
                continue
            if isinstance(selection, InlineFragmentNode):
                # graphql-core types it as always there; `... @include(if: $x) { … }` has none.
                condition = cast("NamedTypeNode | None", selection.type_condition)
                inner = selection.selection_set
            else:
                fragment = self._fragments[selection.name.value]  # type: ignore[attr-defined]  # the third kind is a spread
                condition, inner = fragment.type_condition, fragment.selection_set
            on = owner if condition is None else self._schema.get_type(condition.name.value)
            if isinstance(on, _COMPOSITE):
                for _, key, of in self._keys(inner, on):
                    yield selection, key, of

    def _overlap(self, one: GraphQLCompositeType, other: GraphQLCompositeType) -> bool:
        return bool(self._possible(one) & self._possible(other))

    def _possible(self, type_: GraphQLCompositeType) -> set[str]:
        if not isinstance(type_, GraphQLObjectType):
            return {possible.name for possible in self._schema.get_possible_types(type_)}
        return {type_.name}


def _duplicate_selections(document: DocumentNode, schema: GraphQLSchema) -> list[Finding]:
    info = TypeInfo(schema)
    visitor = _Duplicates(schema, document, info)
    visit(document, TypeInfoVisitor(info, visitor))
    # A selection inside a selection is walked through both: say it once.
    return list(dict.fromkeys(visitor.findings))
