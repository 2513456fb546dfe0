"""Reads text and TOML files, with findings for those that cannot be read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from .findings import CodegenError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["read_text", "read_toml"]


def read_text(path: Path, name: str | None = None) -> str:
    """Read a text file; findings refer to it by `name`."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"cannot be read ({error.strerror})"
        raise CodegenError.at(name or path, message) from error
    except UnicodeDecodeError as error:
        raise CodegenError.at(name or path, "is not UTF-8 text") from error


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file."""
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CodegenError.at(path, f"is not TOML ({error})") from error
