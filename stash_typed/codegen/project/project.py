"""Reads `[tool.stash-typed]` of a user's pyproject.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from keyword import iskeyword
from pathlib import Path
from typing import Any, cast

from stash_typed._runtime.nearest import nearest

from ..findings import CodegenError, Finding
from ..reading import read_toml

__all__ = ["SECTION", "Project", "read_project"]

SECTION = "tool.stash-typed"
_EXAMPLE = (
    f'Fix: add [{SECTION}] with url = "http://localhost:9999" (or schema = "schema.graphql"),'
    ' operations = ["queries"] and package = "my_stash".'
)
_OURS = frozenset({"stash_typed", "stash_typed_graphql"})


@dataclass(frozen=True)
class Project:
    """Settings for the client generated in a user's project."""

    pyproject: Path
    package: str  # `my_stash`; `my_app.stash` is a package inside another
    schema: Path | None = None  # SDL, or the JSON of an introspection result
    url: str | None = None  # if schema is set too, only an upgrade contacts the server
    operations: tuple[Path, ...] = ()
    target: Path = Path()
    include_shipped: bool = False
    # Python types of scalars that stash-typed does not know.
    scalars: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def root(self) -> Path:
        """The project's folder, which file names in findings are relative to."""
        return self.pyproject.parent

    @property
    def package_folder(self) -> Path:
        """The folder of the generated package."""
        return self.target.joinpath(*self.package.split("."))


def read_project(pyproject: Path) -> Project:
    """Read a user's settings."""
    tool: dict[str, Any] = read_toml(pyproject).get("tool", {})
    if "stash-typed" not in tool:
        raise CodegenError.at(pyproject, f"there is no [{SECTION}]. {_EXAMPLE}")
    table = _Table(pyproject, cast("dict[str, object]", tool["stash-typed"]))
    root = pyproject.resolve().parent
    schema, url = table.text("schema"), table.text("url")
    operations = table.texts("operations")
    include_shipped = table.flag("include_shipped")
    package, target = table.text("package"), table.text("target")
    scalars = table.scalars()
    table.finish()
    if schema is None and url is None:
        table.complain("", f"neither schema nor url is given. {_EXAMPLE}")
    if not operations and not include_shipped:
        table.complain(
            "operations",
            'there are no operations to generate from. Fix: name folders in operations = ["…"],'
            " or set include_shipped = true.",
        )
    if package is None:
        table.complain("", f"no package is named. {_EXAMPLE}")
    elif not _is_dotted_name(package):
        table.complain("package", f'"{package}" is not a valid Python package name.')
    elif package.split(".")[0] in _OURS:
        table.complain("package", f"{package} is taken by stash-typed itself. Fix: rename it.")
    if table.findings:
        raise CodegenError(table.findings)
    return Project(
        pyproject=pyproject.resolve(),
        package=package or "",
        schema=root / schema if schema else None,
        url=url,
        operations=tuple(root / folder for folder in operations),
        target=root / (target or ""),
        include_shipped=include_shipped,
        scalars=scalars,
    )


def _is_dotted_name(text: str) -> bool:
    return all(part.isidentifier() and not iskeyword(part) for part in text.split("."))


class _Table:
    """Reads values of the table, and collects findings."""

    def __init__(self, pyproject: Path, values: dict[str, object]) -> None:
        self._pyproject = pyproject
        self._values = values
        self._known: list[str] = []
        self.findings: list[Finding] = []

    def text(self, key: str) -> str | None:
        value = self._take(key)
        if value is None or (isinstance(value, str) and value):
            return value
        self.complain(key, f'{key} must be a string: {key} = "…".')
        return None

    def texts(self, key: str) -> list[str]:
        value = self._take(key)
        items = cast("list[object]", value) if isinstance(value, list) else None
        if value is None:
            return []
        if items is None or not all(isinstance(item, str) and item for item in items):
            self.complain(key, f'{key} must be a list of folders: {key} = ["…"].')
            return []
        return cast("list[str]", items)

    def flag(self, key: str) -> bool:
        value = self._take(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.complain(key, f"{key} must be true or false.")
        return False

    def scalars(self) -> dict[str, str]:
        """Return the tables `[tool.stash-typed.scalars.NAME]` with a `type` each."""
        value = self._take("scalars")
        table = cast("dict[str, object]", value) if isinstance(value, dict) else {}
        result: dict[str, str] = {}
        for name, entry in table.items():
            type_ = (
                cast("dict[str, object]", entry).get("type") if isinstance(entry, dict) else None
            )
            if isinstance(type_, str) and _is_dotted_name(type_):
                result[name] = type_
            elif isinstance(type_, str):
                self.complain(
                    name, f'{type_!r} is not a type: write "str", or "package.module.Type".'
                )
            else:
                self.complain(name, f'[{SECTION}.scalars.{name}] needs type = "…".')
        return result

    def finish(self) -> None:
        """Add a finding for each unknown key."""
        for key in self._values:
            if key not in self._known:
                near = nearest(key, self._known)
                meant = (
                    f"Did you mean {near}?" if near else f"Known keys are {', '.join(self._known)}."
                )
                self.complain(key, f"{key} is not a key of [{SECTION}]. {meant}")

    def complain(self, key: str, message: str) -> None:
        """Add a finding at a key, or at the table when the key is empty."""
        self.findings.append(Finding(f"{self._pyproject}:{self._line_of(key)}", message))

    def _take(self, key: str) -> object:
        self._known.append(key)
        return self._values.get(key)

    def _line_of(self, key: str) -> int:
        """Return the line of a key, which the TOML parser does not report."""
        lines = self._pyproject.read_text(encoding="utf-8").splitlines()
        header = next((i for i, line in enumerate(lines) if line.startswith(f"[{SECTION}")), 0)
        of_key = re.compile(rf"""\s*(\[.*\.)?["']?{re.escape(key)}["']?\s*[=\]]""")
        if key:
            for number, line in enumerate(lines[header:], header + 1):
                if of_key.match(line):
                    return number
        return header + 1
