"""Reads `.graphql` files and checks them before anything is generated: each finding has file:line and a fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLCompositeType,
    GraphQLEnumType,
    GraphQLError,
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
    Source,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    concat_ast,
    get_location,
    parse,
    validate,
    visit,
)

__all__ = ["CodegenError", "Finding", "check_documents", "read_documents"]


@dataclass(frozen=True)
class Finding:
    """One thing that stands in the way of generating.

    Attributes:
        where: `file:line`.
        message: what is wrong there, and what to do.
    """

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class CodegenError(Exception):
    """Nothing was generated; the findings say why.

    Attributes:
        findings: one for each place to mend.
    """

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings)
        self.findings = findings

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


def read_documents(folders: Iterable[Path], root: Path) -> DocumentNode:
    """Read every `.graphql` file below some folders.

    Args:
        folders: folders, or single files.
        root: file names in findings are given relative to this folder.

    Returns:
        One document of all operations and fragments, in the order of the files' names.

    Raises:
        CodegenError: a folder has no such file, or a file is not GraphQL.
    """
    documents: list[DocumentNode] = []
    for folder in folders:
        paths = [folder] if folder.is_file() else sorted(folder.rglob("*.graphql"))
        if not paths:
            raise CodegenError(
                [Finding(str(folder), "no .graphql file here; name the folder of your operations")]
            )
        for path in paths:
            name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
            text = path.read_text(encoding="utf-8")
            if not _has_definitions(text):
                continue
            try:
                documents.append(parse(Source(text, name)))
            except GraphQLError as error:
                raise CodegenError([_finding(error)]) from error
    return concat_ast(documents)


def _has_definitions(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def check_documents(document: DocumentNode, schema: GraphQLSchema) -> list[Finding]:
    """Check operations and fragments against a schema, and for what breaks generated types.

    Args:
        document: as `read_documents` gives it.
        schema: the server's.

    Returns:
        Findings in the order of the files; empty when all is well.
    """
    findings = [_finding(error) for error in validate(schema, document)]
    if findings:
        return findings
    return [
        *_unnamed_operations(document),
        *_taken_names(document, schema),
        *_duplicate_selections(document, schema),
    ]


def where(node: Node) -> str:
    """Give `file:line` of a node that was read by `read_documents`."""
    if node.loc is None:
        return "<document>"
    return f"{node.loc.source.name}:{get_location(node.loc.source, node.loc.start).line}"


_FIXES = {
    "is never used": "delete the fragment, or spread it in an operation",
    "Cannot query field": "remove the field, or regenerate from a server that has it",
    "Unknown argument": "remove the argument, or regenerate from a server that has it",
    "Unknown type": "correct the type's name",
    "Unknown fragment": "correct the fragment's name, or add its file",
    "There can be only one": "rename one of the two",
    "Syntax Error": "correct the document",
}


def _finding(error: GraphQLError) -> Finding:
    place = "<document>"
    if error.nodes:
        place = where(error.nodes[0])
    elif error.source and error.locations:
        place = f"{error.source.name}:{error.locations[0].line}"
    fix = next((fix for start, fix in _FIXES.items() if start in error.message), None)
    return Finding(place, f"{error.message}{f' Fix: {fix}.' if fix else ''}")


def _unnamed_operations(document: DocumentNode) -> Iterator[Finding]:
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode) and node.name is None:
            yield Finding(
                where(node), "the operation has no name. Fix: name it after its root field."
            )


def _taken_names(document: DocumentNode, schema: GraphQLSchema) -> Iterator[Finding]:
    """A fragment's class shares one namespace with enums, inputs and the base classes."""
    base_names = {"Client", "SyncClient", "BaseModel", "InputModel", "OpenEnum", "Upload", "UNSET"}
    for node in document.definitions:
        if isinstance(node, FragmentDefinitionNode):
            name = node.name.value
            taken = schema.get_type(name)
            if name in base_names or isinstance(taken, GraphQLEnumType | GraphQLInputObjectType):
                yield Finding(
                    where(node),
                    f'fragment "{name}" would make a class of a name that is taken.'
                    " Fix: rename the fragment.",
                )


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
