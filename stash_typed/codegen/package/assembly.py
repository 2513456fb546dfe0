"""Assembles a package from ariadne-codegen's classes and the texts of operations and fragments."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping

from graphql import GraphQLSchema

from ..documents.documents import Documents
from ..naming import class_name, method_name, snake_case
from .definitions import Definitions
from .layout import formatted
from .plugin import SPLIT
from .result_module import keep_forward_references, with_names
from .split_module import SplitModule

__all__ = ["assembled"]


def assembled(
    contents: Mapping[str, bytes],
    documents: Documents,
    schema: GraphQLSchema,
    optional: Collection[str],
    header: str,
) -> dict[str, bytes]:
    """Return the files of the assembled package."""
    constants = _constants(documents.fragments)
    definitions = Definitions(documents, schema, optional, constants)
    split = {
        name: SplitModule.of(
            contents.get(f"{name}.py", b"").decode(),
            name,
            title,
            map(class_name, documents.fragments) if name == "fragments" else (),
        )
        for name, title in SPLIT.items()
    }
    fragments = split["fragments"]
    home = {name: fragments.home[class_name(name)] for name in documents.fragments}

    def imports(names: Iterable[str], package: str, own: str = "") -> list[str]:
        return [
            f"from {package}{home[name]} import {constants[name]}"
            for name in names
            if home[name] != own
        ]

    for name, node in documents.fragments.items():
        module = home[name]
        lines, code = fragments.lines.setdefault(
            module, (["from ..base_model import Fragment"], [])
        )
        lines += imports(documents.spread_by(node), ".", module)
        code.append(definitions.fragment(name))
    written: dict[str, str] = {}
    for name, operation in documents.operations.items():
        path = f"{method_name(name)}.py"
        module_ = ast.parse(contents[path])
        keep_forward_references(module_)
        _import_directly(module_, fragments.home)
        lines = [
            "from typing import Annotated",
            "from .base_model import Named, Operation",
            *imports(documents.spread_by(operation), ".fragments."),
            ast.unparse(with_names(module_)),
            definitions.operation(name),
        ]
        written[path] = "\n\n".join(lines)
    for each in split.values():
        if each.modules:
            written |= each.files()
    gone = {f"{name}.py" for name, module in split.items() if module.modules}
    kept = {name: content for name, content in contents.items() if name not in gone}
    return dict(sorted({**kept, **formatted(written, header)}.items()))


def _constants(fragments: Iterable[str]) -> dict[str, str]:
    """Return a unique constant name for each fragment."""
    constants: dict[str, str] = {}
    for name in fragments:
        constant = snake_case(class_name(name)).upper().rstrip("_")
        while f"{constant}_FRAGMENT" in constants.values():
            constant += "_"
        constants[name] = f"{constant}_FRAGMENT"
    return constants


def _import_directly(module: ast.Module, home: Mapping[str, str]) -> None:
    """Import fragment classes from their own modules."""
    body: list[ast.stmt] = []
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and node.module == "fragments":
            for alias in node.names:
                source = f"fragments.{home[alias.name]}" if alias.name in home else "fragments"
                body.append(ast.ImportFrom(module=source, names=[alias], level=1))
        else:
            body.append(node)
    module.body = body
