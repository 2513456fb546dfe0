"""Where a document uses what of a schema: each with file:line, and the operations that reach it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
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
    visit,
)

from ..findings import where
from ..type_shapes import innermost, input_type_here, output_type_here
from .coordinates import definition_name, fragments_of, places_of, spreads_in

__all__ = ["Use", "Uses"]


@dataclass(frozen=True)
class Use:
    """An operation or a fragment that uses something of the schema.

    Attributes:
        where: `file:line` of the use; for one through a fragment, of the operation.
        definition: `query FindScene` or `fragment Scene`.
        through: what an operation reaches it through: `fragment Scene`, or the input of a variable
            that can hold it further inside; empty for a use of its own.
    """

    where: str
    definition: str
    through: str = ""

    def __str__(self) -> str:
        return (
            f"{self.where}: {self.definition}{f' through {self.through}' if self.through else ''}"
        )

    def to_json(self) -> dict[str, str]:
        """Return it as plain data."""
        return asdict(self)


class _Collector(Visitor):
    """Collects nodes by what they stand for: `Type`, `Type.field`, `Type.field(argument:)`, `@name`."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, info: TypeInfo) -> None:
        super().__init__()
        self._schema = schema
        self._info = info
        self._places = places_of(document, schema)
        self._definition = ""
        self.found: dict[str, dict[Use, None]] = {}

    def enter(self, node: Node, *_: object) -> None:
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode):
            self._definition = definition_name(node)
        if isinstance(node, FieldNode):
            self._add(self._places[id(node)].what, node)
            if result := output_type_here(self._info):
                self._add(innermost(result), node)
        elif isinstance(node, ArgumentNode | ObjectFieldNode):
            self._add(self._places[id(node)].what, node)
        elif isinstance(node, VariableDefinitionNode):
            own, *nested = self._reached(node)
            self._add(own, node)
            for name in nested:
                self._add(name, node, through=own)
        elif isinstance(node, NamedTypeNode):
            self._add(node.name.value, node)
        elif isinstance(node, DirectiveNode):
            self._add(f"@{node.name.value}", node)
        elif isinstance(node, EnumValueNode) and (enum := input_type_here(self._info)):
            self._add(f"{innermost(enum)}.{node.value}", node)

    def _add(self, what: str, node: Node, through: str = "") -> None:
        use = Use(where(node), self._definition, through)
        self.found.setdefault(what, {})[use] = None

    def _reached(self, variable: VariableDefinitionNode) -> list[str]:
        """The inputs, enums and scalars that a value of this variable can hold."""
        node = variable.type
        while not isinstance(node, NamedTypeNode):
            node = node.type  # type: ignore[attr-defined]  # the other two kinds are wrappers
        found: dict[str, None] = {}
        waiting = [node.name.value]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = None
                type_ = self._schema.get_type(name)
                if isinstance(type_, GraphQLInputObjectType):
                    waiting += [innermost(field.type) for field in type_.fields.values()]
        return list(found)


class Uses:
    """What a document uses of a schema."""

    def __init__(self, document: DocumentNode, schema: GraphQLSchema) -> None:
        info = TypeInfo(schema)
        collector = _Collector(schema, document, info)
        visit(document, TypeInfoVisitor(info, collector))
        self._found = collector.found
        fragments = fragments_of(document)
        self._spread_by: dict[str, list[OperationDefinitionNode]] = {}
        for operation in document.definitions:
            if isinstance(operation, OperationDefinitionNode):
                for name in spreads_in(operation, fragments):
                    self._spread_by.setdefault(f"fragment {name}", []).append(operation)

    def of(self, coordinates: Iterable[str]) -> tuple[Use, ...]:
        """List the uses of something."""
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
