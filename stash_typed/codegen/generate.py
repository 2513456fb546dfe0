"""The pipeline: schema and operations in, a package out, or nothing at all."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from graphql import (
    DocumentNode,
    GraphQLScalarType,
    GraphQLSchema,
    is_specified_scalar_type,
    print_ast,
    print_schema,
)

from .documents import CodegenError, Finding, check_documents, read_documents, where
from .introspect import load_schema, stash_version_of
from .provenance import provenance
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["generate", "write_package"]


def generate(settings: Settings) -> list[Path]:
    """Generate a package, all of it or nothing.

    It is written beside its place and moved there when it is whole, so that files of operations
    that are gone do not stay, and an error or Ctrl-C leaves what was there.

    Args:
        settings: what to generate, from what, to where.

    Returns:
        The files of the package, sorted.

    Raises:
        CodegenError: the schema or an operation cannot be used; says where and what to do.
    """
    schema = load_schema(settings.schema)
    document = read_documents(settings.operations, settings.schema.parent)
    settings.target.mkdir(parents=True, exist_ok=True)
    final = settings.target / settings.package
    with tempfile.TemporaryDirectory(dir=settings.target, prefix=f".{settings.package}-") as folder:
        write_package(settings, schema, document, Path(folder))
        _replace(Path(folder) / settings.package, final)
        sdl = settings.schema.read_text(encoding="utf-8")
        (settings.target / "PROVENANCE.toml").write_text(
            provenance(sdl, print_ast(document), stash_version_of(sdl), settings.scalars),
            encoding="utf-8",
        )
    return sorted(path for path in final.rglob("*") if path.is_file() and path.suffix != ".pyc")


def write_package(
    settings: Settings, schema: GraphQLSchema, document: DocumentNode, folder: Path
) -> None:
    """Check the operations and write the package into an empty folder.

    Args:
        settings: what to generate; its target is not touched.
        schema: the schema to generate from.
        document: all operations and fragments.
        folder: an empty folder; the package becomes a folder in it.

    Raises:
        CodegenError: a scalar is unknown, or an operation does not fit.
    """
    findings = [*_unknown_scalars(schema, settings), *check_documents(document, schema)]
    if findings:
        raise CodegenError(findings)
    schema_file, queries_file = folder / "schema.graphql", folder / "operations.graphql"
    schema_file.write_text(print_schema(schema), encoding="utf-8")
    queries_file.write_text(print_ast(document), encoding="utf-8")
    _run_ariadne_codegen(_configuration(settings, schema_file, queries_file, folder))


def _configuration(settings: Settings, schema: Path, queries: Path, target: Path) -> dict[str, Any]:
    from .plugin import SECTION

    return {
        "tool": {
            "ariadne-codegen": {
                "schema_path": str(schema),
                "queries_path": str(queries),
                "target_package_path": str(target),
                "target_package_name": settings.package,
                "plugins": ["stash_typed.codegen.plugin.StashTypedPlugin"],
                "base_client_name": "AsyncBaseClient",
                "base_client_file_path": str(Path(__file__).with_name("base_client.py")),
                "include_comments": "stable",
                "default_optional_fields_to_none": True,
                "defer_model_build": True,
                "show_deprecation_warnings": False,
                "scalars": {name: {"type": python} for name, python in settings.scalars.items()},
            },
            SECTION: {
                "header": settings.header,
                "arguments_of": list(settings.arguments_of),
                "optional": list(settings.optional),
            },
        }
    }


def _run_ariadne_codegen(configuration: dict[str, Any]) -> None:
    """Run it in this process; it has no other interface than its command line's function."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        from ariadne_codegen import main

        # ariadne-codegen has no types here.
        cast("Callable[[dict[str, Any]], None]", main.client)(configuration)  # pyright: ignore[reportUnknownMemberType]


def _replace(new: Path, final: Path) -> None:
    """Put a finished package in its place; the old one goes as a whole."""
    if final.exists():
        old = new.parent / "old"
        os.replace(final, old)
        shutil.rmtree(old)
    os.replace(new, final)


def _unknown_scalars(schema: GraphQLSchema, settings: Settings) -> list[Finding]:
    findings: list[Finding] = []
    for name, type_ in schema.type_map.items():
        if not isinstance(type_, GraphQLScalarType) or is_specified_scalar_type(type_):
            continue
        if name not in settings.scalars:
            place = (
                f"{settings.schema.name}:{where(type_.ast_node).rpartition(':')[2]}"
                if type_.ast_node
                else settings.schema.name
            )
            findings.append(
                Finding(
                    place,
                    f'no Python type is known for the scalar "{name}". Fix: add'
                    f' [tool.ariadne-codegen.scalars.{name}] with type = "…".',
                )
            )
    return findings
