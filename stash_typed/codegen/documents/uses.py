"""Finds where documents use a schema coordinate, and which operations reach it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from graphql import (
    ArgumentNode,
    DirectiveNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLInputObjectType,
    GraphQLSchema,
    NamedTypeNode,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableDefinitionNode,
    Visitor,
    print_ast,
    visit,
)

from ..findings import where
from .coordinates import coordinates_of, innermost
from .documents import Documents, definition_name

__all__ = ["Use", "Uses"]


@dataclass(frozen=True)
class Use:
    """An operation or fragment that uses a schema coordinate.

    An operation may reach it through a fragment, or through a nested input of a variable.
    """

    where: str
    definition: str
    through: str = ""

    def __str__(self) -> str:
        through = f" through {self.through}" if self.through else ""
        return f"{self.where}: {self.definition}{through}"

    def to_json(self) -> dict[str, str]:
        return asdict(self)


class _Collector(Visitor):
    """Collects uses by coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `@name`."""

    def __init__(self, schema: GraphQLSchema, documents: Documents, info: TypeInfo) -> None:
        super().__init__()
        self._schema = schema
        self._info = info
        self._coordinates = coordinates_of(documents, schema)
        self._definition = ""
        self.found: dict[str, dict[Use, None]] = {}

    def enter(self, node: Node, *_: object) -> None:
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode):
            self._definition = definition_name(node)
        if isinstance(node, FieldNode | ArgumentNode | ObjectFieldNode):
            self._add(self._coordinates[id(node)].what, node)
        if isinstance(node, FieldNode):
            if result := self._info.get_type():  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
                self._add(innermost(result), node)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(node, VariableDefinitionNode):
            own, *nested = self._reached(innermost(print_ast(node.type)))
            self._add(own, node)
            for name in nested:
                self._add(name, node, through=own)
        elif isinstance(node, NamedTypeNode):
            self._add(node.name.value, node)
        elif isinstance(node, DirectiveNode):
            self._add(f"@{node.name.value}", node)
        elif isinstance(node, EnumValueNode) and (enum := self._info.get_input_type()):  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            self._add(f"{innermost(enum)}.{node.value}", node)  # pyright: ignore[reportUnknownArgumentType]

    def _add(self, what: str, node: Node, through: str = "") -> None:
        use = Use(where(node), self._definition, through)
        self.found.setdefault(what, {})[use] = None

    def _reached(self, name: str) -> list[str]:
        """Return the inputs, enums and scalars that a value of the type can contain."""
        found: dict[str, None] = {}
        waiting = [name]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = None
                type_ = self._schema.get_type(name)
                if isinstance(type_, GraphQLInputObjectType):
                    waiting += [innermost(field.type) for field in type_.fields.values()]
        return list(found)


class Uses:
    """The uses of a schema in documents, by coordinate."""

    def __init__(self, documents: Documents, schema: GraphQLSchema) -> None:
        info = TypeInfo(schema)
        collector = _Collector(schema, documents, info)
        visit(documents.node, TypeInfoVisitor(info, collector))
        self._found = collector.found
        self._spread_by: dict[str, list[OperationDefinitionNode]] = {}
        for operation in documents.every_operation:
            for name in documents.spreads_in(operation):
                self._spread_by.setdefault(f"fragment {name}", []).append(operation)

    def of(self, coordinates: Iterable[str]) -> tuple[Use, ...]:
        """List the uses of any of the coordinates."""
        met: dict[Use, None] = {}
        for coordinate in coordinates:
            met |= self._found.get(coordinate, {})
        own = [use for use in met if not use.through]
        reaching = [use for use in met if use.through]
        for use in own:
            for operation in self._spread_by.get(use.definition, ()):
                reaching.append(Use(where(operation), definition_name(operation), use.definition))
        told = {use.definition for use in own}
        for use in reaching:
            if use.definition not in told:
                told.add(use.definition)
                own.append(use)
        return tuple(own)
