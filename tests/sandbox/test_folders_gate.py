"""No module of the sandbox goes to the disk by itself: all go through the one gate."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import stash_typed.sandbox

_ROOT = Path(stash_typed.sandbox.__file__).parent

_MODULES = {"glob", "os", "shutil", "tempfile"}
_HARMLESS = {
    "os.path.expanduser",
    "os.path.normpath",
    "shutil.which",
}
_CALLS = {"open", "FileResponse", "connect", "run", "Popen"}
_METHODS = {
    *("chmod", "exists", "glob", "hardlink_to", "is_dir", "is_file", "iterdir", "lstat", "mkdir"),
    *("open", "read_bytes", "read_text", "rename", "resolve", "rglob", "rmdir", "samefile"),
    *("stat", "symlink_to", "touch", "unlink", "write_bytes", "write_text", "ZipFile"),
}
# What of it a module may do, and why that is safe.
_ALLOWED: dict[str, set[str]] = {
    "content/folders.py": {"*"},  # the gate
    "web/media.py": {"FileResponse"},  # behind the gate
    "schema.py": {"*"},  # the package's own schema, or the file that the constructor names
    "state.py": {"tempfile.mkdtemp", "mkdir", "shutil.rmtree", "exists", "open"},  # its own folder
    "store/database.py": {"connect", "exists", "stat", "unlink"},  # paths out of the gate
    "content/probing.py": {"run"},  # ffprobe, on a path out of the gate
    "content/archives.py": {"ZipFile", "is_dir", "open"},  # of an archive that is open already
    "tasks/objects.py": {"ZipFile"},  # an export, at a path out of the gate
}


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _uses(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        start, _, method = name.rpartition(".")
        through_gate = start.split(".")[-1] in {"folders", "_folders", "disk"}
        if name in _HARMLESS or through_gate or start == "self":
            continue
        if name.partition(".")[0] in _MODULES or name in _CALLS:
            found.add(name)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
            found.add(node.func.attr)
        elif start in {"subprocess", "sqlite3"} and method in _CALLS:
            found.add(method)
    return found


@pytest.mark.parametrize(
    "module", sorted(each.relative_to(_ROOT).as_posix() for each in _ROOT.rglob("*.py"))
)
def test_a_module_touches_the_disk_through_the_gate_alone(module: str) -> None:
    allowed = _ALLOWED.get(module, set())
    assert "*" in allowed or _uses(_ROOT / module) <= allowed


@pytest.mark.parametrize("path", sorted(_ROOT.rglob("*.py")), ids=lambda path: path.name)
def test_a_module_asks_nobody_on_the_network(path: Path) -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module)
    clients = {"ftplib", "http.client", "httpx", "requests", "urllib.request", "aiohttp", "ssl"}
    assert not imported & clients
    # The one socket is that which it listens on.
    assert "socket" not in imported or path.name == "loopback.py"


def test_the_walk_sees_what_it_looks_for(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text(
        "import os, shutil\nfrom pathlib import Path\n"
        "os.remove('x')\nshutil.rmtree('x')\nPath('x').unlink()\nopen('x')\nPath('x').read_text()\n"
        "sqlite3.connect('x')\nstate.folders.open('x')\n",
        encoding="utf-8",
    )
    assert _uses(bad) == {"os.remove", "shutil.rmtree", "unlink", "open", "read_text", "connect"}
