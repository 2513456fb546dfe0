"""Generates a package from a schema and operations, completely or not at all."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import threading
import warnings
from pathlib import Path
from subprocess import SubprocessError
from typing import TYPE_CHECKING, Any, cast

from ariadne_codegen.exceptions import CodeGenException
from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    is_specified_scalar_type,
    print_ast,
)

from stash_typed._runtime.nearest import nearest

from .atomic import contents_of, put_in_place
from .documents.documents import Documents, with_typenames
from .documents.read import read_documents
from .findings import CodegenError, Finding, where
from .package.audit import audit
from .package.name_rules import check_schema_names
from .package.rules import check_documents
from .provenance import provenance
from .schema.introspect import load_schema, printed, stash_version_of
from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


__all__ = ["generate", "render_package"]

_UNFIT = (CodeGenException, GraphQLError, RuntimeError, SubprocessError, SyntaxError)
"""Errors of ariadne-codegen and ruff for unsupported input; RecursionError is a RuntimeError."""

_ONE_AT_A_TIME = threading.Lock()
"""The working directory, standard output and warning filters are global to the process."""


def generate(settings: Settings) -> list[Path]:
    """Generate a package, completely or not at all.

    Files of removed operations are deleted. An error or Ctrl-C leaves the existing package intact.
    """
    schema = load_schema(settings.schema)
    documents = read_documents(settings.operations, settings.schema.parent)
    final = settings.target / settings.package
    sdl = settings.schema.read_text(encoding="utf-8")
    version = stash_version_of(sdl)
    contents = render_package(settings, schema, documents, version, settings.schema.name)
    origin = provenance(sdl, print_ast(documents.node), version, settings.scalars)
    put_in_place({final: contents, settings.target / "PROVENANCE.toml": origin.encode()})
    return [final / name for name in sorted(contents)]


def render_package(
    settings: Settings,
    schema: GraphQLSchema,
    documents: Documents,
    stash_version: str | None,
    origin: str,
) -> dict[str, bytes]:
    """Check the operations and render a package in memory."""
    findings = [
        *_unknown_scalars(schema, settings, origin),
        *check_schema_names(schema, settings.scalars, origin),
        *_unfit_root_fields(schema, documents, settings),
        *check_documents(documents, schema, settings.scalars),
    ]
    if findings:
        raise CodegenError(findings)
    try:
        return _rendered(settings, schema, documents, stash_version, origin)
    except _UNFIT as error:
        message = f"no package can be generated from this schema and these operations ({error})"
        raise CodegenError.at(origin, message) from error


def _rendered(
    settings: Settings,
    schema: GraphQLSchema,
    documents: Documents,
    stash_version: str | None,
    origin: str,
) -> dict[str, bytes]:
    documents = with_typenames(documents, schema)
    with tempfile.TemporaryDirectory(prefix="stash-typed-") as name:
        folder = Path(name)
        schema_file, queries_file = folder / "schema.graphql", folder / "operations.graphql"
        schema_file.write_text(printed(schema, origin), encoding="utf-8")
        queries_file.write_text(print_ast(documents.node), encoding="utf-8")
        _run_ariadne_codegen(
            _configuration(settings, stash_version, schema_file, queries_file, folder)
        )
        contents = contents_of(folder / settings.package)
    findings = audit(contents, settings.scalars.values())
    if not findings:
        from .package.assembly import assembled

        contents = assembled(contents, documents, schema, settings.optional, settings.header)
        findings = audit(contents, settings.scalars.values())
    if findings:
        raise CodegenError(findings)
    return contents


def _configuration(
    settings: Settings, stash_version: str | None, schema: Path, queries: Path, target: Path
) -> dict[str, Any]:
    from .package.plugin import SECTION

    return {
        "tool": {
            "ariadne-codegen": {
                "schema_path": str(schema),
                "queries_path": str(queries),
                "target_package_path": str(target),
                "target_package_name": settings.package,
                "plugins": ["stash_typed.codegen.package.plugin.StashTypedPlugin"],
                "base_client_name": "AsyncBaseClient",
                "base_client_file_path": str(Path(__file__).parent / "package" / "base_client.py"),
                "include_comments": "stable",
                "default_optional_fields_to_none": True,
                "defer_model_build": True,
                "show_deprecation_warnings": False,
                # The operations have already been validated. The plugin makes fields optional,
                # so types that matched in the original schema may differ in this one.
                "skip_validation_rules": ["NoUnusedFragments", "OverlappingFieldsCanBeMerged"],
                "scalars": {name: {"type": python} for name, python in settings.scalars.items()},
            },
            SECTION: {"settings": settings, "stash_version": stash_version},
        }
    }


def _run_ariadne_codegen(configuration: dict[str, Any]) -> None:
    """Run ariadne-codegen's command-line entry point in this process.

    Its formatter treats packages beside the working directory as first-party, so it runs in the
    output folder: the same input gives the same bytes wherever the command is run.
    """
    folder = configuration["tool"]["ariadne-codegen"]["target_package_path"]
    with (
        _ONE_AT_A_TIME,
        _working_in(folder),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        from ariadne_codegen import main

        # ariadne-codegen does not type this function.
        cast("Callable[[dict[str, Any]], None]", main.client)(configuration)  # pyright: ignore[reportUnknownMemberType]


@contextlib.contextmanager
def _working_in(folder: str) -> Generator[None, None, None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _unknown_scalars(schema: GraphQLSchema, settings: Settings, origin: str) -> list[Finding]:
    findings: list[Finding] = []
    for name, type_ in schema.type_map.items():
        if not isinstance(type_, GraphQLScalarType) or is_specified_scalar_type(type_):
            continue
        if name not in settings.scalars:
            node = type_.ast_node if origin.endswith(".graphql") else None
            line = f":{where(node).rpartition(':')[2]}" if node else ""
            findings.append(
                Finding(
                    f"{origin}{line}",
                    f'no Python type is known for the scalar "{name}". Fix: add'
                    f' [{settings.section}.scalars.{name}] with type = "…".',
                )
            )
    return findings


def _unfit_root_fields(
    schema: GraphQLSchema, documents: Documents, settings: Settings
) -> list[Finding]:
    """Check the root fields that `jobs`, `without_method` and `tasks` name."""
    asked = {
        root.name.value
        for operation in documents.operations.values()
        for root in operation.selection_set.selections
        if isinstance(root, FieldNode)
    }
    root = schema.mutation_type
    fields = cast("dict[str, Any]", root.fields) if root else {}
    ids = {n for n, f in fields.items() if str(f.type).rstrip("!") in ("ID", "String")}
    tasks = {name: root_field for name, (root_field, _) in settings.tasks.items()}
    named = [
        *(("jobs", name, name) for name in settings.jobs),
        *(("without_method", name, name) for name in settings.without_method),
        *((f"tasks.{name}", name, root_field) for name, root_field in tasks.items()),
    ]
    findings: list[Finding] = []
    for key, name, root_field in named:
        place = f"pyproject.toml: [{settings.section}] {key}"
        if root_field not in asked:
            near = nearest(root_field, asked)
            fix = f'name "{near}"' if near else "write one, or remove the name"
            findings.append(Finding(place, f'no operation asks for "{root_field}". Fix: {fix}.'))
        elif key == "jobs" and name not in ids:
            message = f'"{name}" is not a mutation that returns an id. Fix: remove the name.'
            findings.append(Finding(place, message))
        elif key != "without_method" and root_field in settings.without_method:
            message = f'"{root_field}" is in without_method too. Fix: leave it in one of the two.'
            findings.append(Finding(place, message))
    return findings
