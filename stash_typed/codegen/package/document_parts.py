"""Writes `document_parts.py`: where in each document stands what another server may lack.

The client reads it when a server refuses a document, so that it can leave out what that server does
not know without a GraphQL parser at run time.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    ListTypeNode,
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    TypeNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    is_non_null_type,
    parse,
    visit,
)

from ..generated_text import literal
from ..stash_version import known_version

__all__ = ["DocumentParts"]


class DocumentParts:
    """Collects the parts of every definition that goes into a package."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._parts: dict[str, list[str]] = {}

    def add(self, document: str) -> None:
        """Add the definitions of one operation's document, fragments included.

        Args:
            document: the text that is sent; its definitions are set apart by an empty line.
        """
        conditions = {
            node.name.value: node.type_condition.name.value
            for node in parse(document).definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        for text in document.split("\n\n"):
            definition = parse(text).definitions[0]
            if isinstance(definition, FragmentDefinitionNode):
                key = f"fragment {definition.name.value}"
            elif isinstance(definition, OperationDefinitionNode) and definition.name:
                key = definition.name.value
            else:
                continue
            if key not in self._parts:
                info = TypeInfo(self._schema)
                visitor = _Parts(info, conditions, self._schema)
                visit(definition, TypeInfoVisitor(info, visitor))
                self._parts[key] = visitor.parts

    def module(self, stash_version: str | None) -> str:
        """Write the module.

        Args:
            stash_version: the release that the schema belongs to; None when unknown.

        Returns:
            The module's text, unformatted.
        """
        lines = [
            f"    {literal(key)}: {literal(' '.join(parts))},"
            for key, parts in sorted(self._parts.items())
        ]
        return "\n".join(
            [
                '"""What another server may lack, by definition: `start-end:coordinate` in its text."""',
                f"STASH_VERSION = {literal(known_version(stash_version))}",
                "PARTS = {",
                *lines,
                "}",
            ]
        )


class _Parts(Visitor):
    """Reads the parts off one definition.

    A part is `start-end:coordinate`, with `!` behind it when the result cannot do without, and with
    `=variable` when it passes one on. The coordinate is `Type.field`, `Type.field(argument)`,
    `Type` for what applies to a type, or `$variable:Type`.
    """

    def __init__(self, info: TypeInfo, conditions: dict[str, str], schema: GraphQLSchema) -> None:
        super().__init__()
        self._roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
        self._info = info
        self._conditions = conditions
        self.parts: list[str] = []

    def _add(self, node: Node, coordinate: str) -> None:
        if node.loc is not None:
            self.parts.append(f"{node.loc.start}-{node.loc.end}:{coordinate}")

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent, field = self._info.get_parent_type(), self._info.get_field_def()
        if parent is not None and field is not None and not node.name.value.startswith("__"):
            # graphql-core leaves type arguments out
            optional = not is_non_null_type(field.type)  # pyright: ignore[reportUnknownMemberType]
            # Without its root field there is nothing to ask for.
            needed = "" if optional and parent not in self._roots else "!"
            self._add(node, f"{parent.name}.{node.name.value}{needed}")

    def enter_argument(self, node: ArgumentNode, *ancestry: Any) -> None:
        parent, field = self._info.get_parent_type(), ancestry[-1][-1]
        if parent is None or not isinstance(field, FieldNode):
            return
        passed = f"={node.value.name.value}" if isinstance(node.value, VariableNode) else "!"
        self._add(node, f"{parent.name}.{field.name.value}({node.name.value}){passed}")

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        self._add(node, f"${node.variable.name.value}:{_named(node.type)}")

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> None:
        self._add(node, node.type_condition.name.value)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self._add(node, self._conditions[node.name.value])


def _named(type_: TypeNode) -> str:
    while isinstance(type_, ListTypeNode | NonNullTypeNode):
        type_ = type_.type
    return type_.name.value if isinstance(type_, NamedTypeNode) else ""
