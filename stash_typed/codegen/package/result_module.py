"""Rewrites result modules: collapses fragment classes, splits aliases, names result classes."""

from __future__ import annotations

import ast
import dataclasses
from dataclasses import dataclass
from typing import TypeVar

from graphql import FieldNode, OperationDefinitionNode

from ..annotations import mentions, unquote

__all__ = [
    "ResultModule",
    "collapse",
    "keep_forward_references",
    "split_alias",
    "with_names",
]


class _Rename(ast.NodeTransformer):
    """Replaces class names in annotations, quoted or not."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        bare = unquote(node.id)
        if bare in self._names:
            quote = '"' if node.id != bare else ""
            return ast.Name(f"{quote}{self._names[bare]}{quote}")
        return node


def collapse(module: ast.Module, fragments: set[str]) -> tuple[ast.Module, dict[str, str]]:
    """Replace classes that only rename a fragment with the fragment's class."""
    gone: dict[str, str] = {}
    kept: list[ast.stmt] = []
    for node in module.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Name)
        ):
            gone[node.targets[0].id] = node.value.id
        elif isinstance(node, ast.ClassDef) and _only_renames(node) and node.name not in fragments:
            gone[node.name] = ast.unparse(node.bases[0])
        else:
            kept.append(node)
    module.body = [_Rename(gone).visit(node) for node in kept]
    return module, gone


def _only_renames(node: ast.ClassDef) -> bool:
    return (
        len(node.bases) == 1
        and ast.unparse(node.bases[0]) != "BaseModel"
        and len(node.body) == 1
        and isinstance(node.body[0], ast.Pass)
    )


def drop_interface_members(module: ast.Module, interfaces: set[str]) -> list[str]:
    """Drop the interface member from unions that already have all of the interface's types.

    ariadne-codegen adds it, but no server sends it, and callers would have to check the type
    before reading any field of the other members.
    """
    gone = {
        node.name
        for node in module.body
        if isinstance(node, ast.ClassDef)
        and len(node.body) == 1
        and isinstance(node.body[0], ast.AnnAssign)
        and unquote(ast.unparse(node.body[0].annotation).removeprefix("Literal[").rstrip("]"))
        in interfaces
    }
    module.body = [
        _WithoutMembers(gone).visit(node)
        for node in module.body
        if not (isinstance(node, ast.ClassDef) and node.name in gone)
    ]
    return sorted(gone)


class _WithoutMembers(ast.NodeTransformer):
    def __init__(self, names: set[str]) -> None:
        self._names = names

    def visit_Tuple(self, node: ast.Tuple) -> ast.Tuple:
        self.generic_visit(node)
        node.elts = [
            e for e in node.elts if not (isinstance(e, ast.Name) and unquote(e.id) in self._names)
        ]
        return node


def split_alias(implementation: ast.AnnAssign) -> ast.AnnAssign:
    """Replace `alias` with `validation_alias` and `serialization_alias`.

    pyright and mypy treat `alias` as the constructor's argument name and would reject the Python
    name, which this project promises.
    """
    call = implementation.value
    if not isinstance(call, ast.Call):
        return implementation
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    alias, default = keywords.pop("alias", None), keywords.get("default")
    if isinstance(default, ast.Constant) and default.value is None and len(keywords) == 1:
        # An absent field is None.
        implementation.value = ast.Call(ast.Name("Nullable"), [alias], []) if alias else default
    elif alias:
        both = {"validation_alias": alias, "serialization_alias": alias, **keywords}
        call.keywords = [ast.keyword(name, value) for name, value in both.items()]
    return implementation


_Node = TypeVar("_Node", bound=ast.AST)


def with_names(tree: _Node) -> _Node:
    """Move the server's name of a required field into its annotation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Call):
            keywords = {keyword.arg: keyword.value for keyword in node.value.keywords}
            if keywords.keys() == {"validation_alias", "serialization_alias"}:
                named = ast.Call(ast.Name("Named"), [keywords["validation_alias"]], [])
                inside = ast.Tuple([node.annotation, named])
                node.annotation, node.value = ast.Subscript(ast.Name("Annotated"), inside), None
    return tree


@dataclass
class ResultModule:
    """The module of an operation and its result class."""

    module: ast.Module
    operation: OperationDefinitionNode
    class_name: str = dataclasses.field(init=False)
    annotation: ast.expr | None = dataclasses.field(init=False, default=None)
    field: str = dataclasses.field(init=False, default="")

    def __post_init__(self) -> None:
        result = next(node for node in self.module.body if isinstance(node, ast.ClassDef))
        result.name = self.class_name = f"{result.name}Data"
        fields = [node for node in result.body if isinstance(node, ast.AnnAssign)]
        if len(fields) == 1 and isinstance(fields[0].target, ast.Name):
            self.annotation = fields[0].annotation
            self.field = fields[0].target.id

    @property
    def operation_name(self) -> str:
        """The operation's name, as in the `.graphql` file."""
        return self.operation.name.value if self.operation.name else ""

    @property
    def root_fields(self) -> list[str]:
        """The root fields that the operation selects."""
        return [
            selection.name.value
            for selection in self.operation.selection_set.selections
            if isinstance(selection, FieldNode)
        ]

    @property
    def local_classes(self) -> list[str]:
        """The classes that this module defines."""
        return [node.name for node in self.module.body if isinstance(node, ast.ClassDef)]


def keep_forward_references(module: ast.Module) -> None:
    """Re-export the fragments that only inherited annotations refer to.

    pydantic looks them up in the subclass's module, where type checkers see no use of them.
    """
    used = {
        name
        for node in module.body
        if not isinstance(node, ast.ImportFrom)
        for name in mentions(node)
    }
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and node.module == "fragments":
            for alias in node.names:
                if alias.name not in used:
                    alias.asname = alias.name
