"""Where the served schema's text comes from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

__all__ = ["load_sdl"]


def load_sdl(schema: str | Path | None = None) -> str:
    """Give the SDL text of the schema to serve.

    Args:
        schema: a file, or SDL text itself (recognised by its line breaks); None for the schema
            that this package was built for.

    Returns:
        SDL text.

    Raises:
        FileNotFoundError: there is no such file, or the package lies here without its schema.
    """
    if isinstance(schema, str) and "\n" in schema:
        return schema
    if schema is not None:
        return Path(schema).read_text(encoding="utf-8")
    packaged = files("stash_typed").joinpath("schema.graphql")
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    # An editable install has no copy beside the modules, but the file that copies are made from.
    checkout = Path(__file__).resolve().parents[2] / "schema.graphql"
    if checkout.is_file():
        return checkout.read_text(encoding="utf-8")
    raise FileNotFoundError(
        f"schema.graphql lies neither in the package nor at {checkout};"
        " install stash-typed again or give schema=FILE"
    )
