"""What operations have to keep to so that good types come of them, beyond what GraphQL asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import cast

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLEnumType,
    GraphQLInputObjectType,
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

from .check import check
from .documents import Finding, where
from .introspection_bounds import LONGEST_NAME
from .naming import argument_name, class_name, method_name, reserved_class_names

__all__ = ["check_documents", "check_schema_names"]


def check_schema_names(
    schema: GraphQLSchema, scalars: Mapping[str, str], origin: str
) -> list[Finding]:
    """Find the enums and inputs of a schema whose classes would stand in for something else.

    Args:
        schema: the server's.
        scalars: its scalars and the Python types for them.
        origin: what findings call the schema.

    Returns:
        Findings in the order of the names; empty when all is well.
    """
    reserved = reserved_class_names(scalars.values())
    return [
        Finding(
            origin,
            f'the type "{name}" would make a class of a name that generated modules need, or that'
            " is none in Python. No client can be generated from this schema.",
        )
        for name, type_ in schema.type_map.items()
        if isinstance(type_, GraphQLEnumType | GraphQLInputObjectType) and name in reserved
    ]


def check_documents(
    document: DocumentNode, schema: GraphQLSchema, scalars: Mapping[str, str] | None = None
) -> list[Finding]:
    """Check operations and fragments against a schema, and for what breaks generated types.

    Args:
        document: as `read_documents` gives it.
        schema: the server's.
        scalars: its scalars and the Python types for them.

    Returns:
        Findings in the order of the files; empty when all is well.
    """
    findings = check(document, schema)
    if findings:
        return findings
    return [
        *_unnamed_operations(document),
        *_foreign_directives(document),
        *_long_names(document),
        *_taken_names(document, schema, reserved_class_names((scalars or {}).values())),
        *_taken_modules(document),
        *_taken_arguments(document),
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


def _long_names(document: DocumentNode) -> Iterator[Finding]:
    """Definitions become files."""
    for node in document.definitions:
        if (
            isinstance(node, OperationDefinitionNode | FragmentDefinitionNode)
            and node.name
            and len(node.name.value) > LONGEST_NAME
        ):
            message = f"a name has at most {LONGEST_NAME} characters here. Fix: rename it."
            yield Finding(where(node), message)


def _taken_names(
    document: DocumentNode, schema: GraphQLSchema, reserved: Collection[str]
) -> Iterator[Finding]:
    """A fragment's class shares one namespace with enums, inputs and what modules import."""
    classes: set[str] = set()
    for node in document.definitions:
        if isinstance(node, FragmentDefinitionNode):
            name = class_name(node.name.value)
            taken = schema.get_type(name)
            if (
                name in reserved
                or name in classes
                or not name.isidentifier()
                or node.name.value.startswith("__")
                or isinstance(taken, GraphQLEnumType | GraphQLInputObjectType)
            ):
                yield Finding(
                    where(node),
                    f'fragment "{node.name.value}" would make a class of a name that is taken.'
                    " Fix: rename the fragment.",
                )
            classes.add(name)


_MODULES = frozenset(
    {
        "base_client",
        "base_model",
        "client",
        "document_parts",
        "enums",
        "fragments",
        "input_types",
        "schema_types",
        "sync_client",
        "task_arguments",
    }
)


def _taken_modules(document: DocumentNode) -> Iterator[Finding]:
    """An operation becomes a module and a method: `findScene` and `FindScene` are one name."""
    taken: dict[str, str] = {}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode) and node.name:
            name = node.name.value
            # File systems may take upper and lower case for the same.
            module = method_name(name).lower()
            if name.startswith("_"):
                other = "what the client and its package keep to themselves"
            elif module in _MODULES:
                other = f"the module {module}.py of every package"
            elif module in taken:
                other = f'the operation "{taken[module]}"'
            else:
                taken[module] = name
                continue
            yield Finding(
                where(node),
                f'operation "{name}" would take the place of {other}. Fix: rename the operation.',
            )


def _taken_arguments(document: DocumentNode) -> Iterator[Finding]:
    """Variables become arguments: `$sceneID` and `$scene_id` are one name."""
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            taken: dict[str, str] = {}
            for definition in node.variable_definitions or ():
                name = definition.variable.name.value
                other = taken.setdefault(argument_name(name), name)
                if other != name or name.startswith("__"):
                    message = (
                        f"the variable ${name} would be the same argument as ${other}."
                        if other != name
                        else f"the variable ${name} would be a private argument."
                    )
                    yield Finding(where(definition), f"{message} Fix: rename the variable.")


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
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
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
