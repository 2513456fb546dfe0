"""`python -m stash_typed.codegen`: generate this project's own package (what `make generate` runs)."""

from __future__ import annotations

import sys
from pathlib import Path

from .documents import CodegenError
from .generate import generate
from .settings import read_settings


def main() -> int:
    """Generate what `[tool.ariadne-codegen]` of the pyproject.toml in this folder names.

    Returns:
        0, or 1 with the findings on standard error.
    """
    try:
        files = generate(read_settings(Path("pyproject.toml")))
    except CodegenError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"wrote {len(files)} files into {files[0].parent}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
