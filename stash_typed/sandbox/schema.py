"""The schema that a sandbox serves: its SDL, and the resolvers and tasks behind it."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from pkgutil import iter_modules

from graphql import GraphQLSchema

from . import resolvers, tasks
from .graphql.registry import bind


@lru_cache(maxsize=4)
def executable_schema(sdl: str) -> GraphQLSchema:
    """Return an executable schema for an SDL text, shared by all sandboxes of a process."""
    for package in (resolvers, tasks):
        for module in iter_modules(package.__path__):
            import_module(f"{package.__name__}.{module.name}")
    return bind(sdl)


def load_sdl(schema: str | Path | None = None) -> str:
    """Return the SDL: a file's, the text itself (if it has line breaks), or the package's own."""
    if isinstance(schema, str) and "\n" in schema:
        return schema
    if schema is not None:
        return Path(schema).read_text(encoding="utf-8")
    packaged = files("stash_typed").joinpath("schema.graphql")
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    # An editable install has no copy beside the modules, only the original file.
    checkout = Path(__file__).resolve().parents[2] / "schema.graphql"
    if checkout.is_file():
        return checkout.read_text(encoding="utf-8")
    raise FileNotFoundError(
        f"schema.graphql lies neither in the package nor at {checkout};"
        " install stash-typed again or give schema=FILE"
    )
