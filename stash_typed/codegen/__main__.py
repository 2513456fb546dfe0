"""The command `python -m stash_typed.codegen`, which generates this project's own package."""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
from pathlib import Path

from .atomic import differences
from .findings import CodegenError
from .generate import generate
from .settings import read_settings


def main(arguments: list[str] | None = None) -> int:
    """Generate the package of `[tool.ariadne-codegen]` in this folder's pyproject.toml."""
    parser = argparse.ArgumentParser(prog="python -m stash_typed.codegen")
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; fail when the package is not up to date",
    )
    check: bool = parser.parse_args(arguments).check
    try:
        settings = read_settings(Path("pyproject.toml"))
        if check:
            with tempfile.TemporaryDirectory() as folder:
                generate(dataclasses.replace(settings, target=Path(folder)))
                changed = differences(settings.target, Path(folder))
            if changed:
                changed.append(f"{settings.target.name}/ is out of date: run `{settings.command}`")
            for line in changed:
                print(line, file=sys.stderr)
            return int(bool(changed))
        files = generate(settings)
    except CodegenError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"wrote {len(files)} files into {files[0].parent}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
