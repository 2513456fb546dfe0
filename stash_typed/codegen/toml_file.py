"""Reads TOML with whatever this Python has for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from .findings import CodegenError, Finding

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["read_toml"]


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CodegenError([Finding(str(path), f"cannot be read ({error.strerror})")]) from error
    except tomllib.TOMLDecodeError as error:
        raise CodegenError([Finding(str(path), f"is not TOML ({error})")]) from error
