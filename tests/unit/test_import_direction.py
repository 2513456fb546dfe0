"""Dependencies point one way, and starting up stays cheap."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "stash_typed"

# What the modules of a layer may import of this project. A layer is named by the start of its
# modules' names; the longest start that fits counts.
LEAF = {"stash_typed._runtime"}
GENERATED = LEAF | {"stash_typed_graphql"}
NOUNS = {"stash_typed.models", "stash_typed.inputs", "stash_typed.enums", "stash_typed.errors"}
FACADE_FOLDERS = {"_criteria", "files", "jobs", "library", "saved", "select"}
FACADE = {
    f"stash_typed.{name}"
    for name in {path.stem for path in PACKAGE.glob("*.py")} | FACADE_FOLDERS
    if name not in {"__init__", "client", "pytest_plugin"}
}
ALLOWED: dict[str, set[str]] = {
    "stash_typed._runtime": LEAF,
    "stash_typed_graphql": GENERATED,
    "stash_typed.models": GENERATED,
    "stash_typed.inputs": GENERATED,
    "stash_typed.enums": GENERATED,
    "stash_typed.errors": LEAF,
    "stash_typed.config": LEAF,
    "stash_typed.codegen": LEAF | {"stash_typed.codegen"},
    "stash_typed.sandbox": {"stash_typed.sandbox"},
    "stash_typed": GENERATED | FACADE,
    "stash_typed.client": GENERATED | FACADE,
    "stash_typed.sync": GENERATED | FACADE | {"stash_typed.sync"},
    "stash_typed.cli": GENERATED
    | FACADE
    | {
        "stash_typed",
        "stash_typed.cli",
        "stash_typed.client",
        "stash_typed.sync",
        "stash_typed.codegen",
        "stash_typed.sandbox",
    },
    "stash_typed.testing": GENERATED
    | FACADE
    | {
        "stash_typed",
        "stash_typed.client",
        "stash_typed.sync",
        "stash_typed.sandbox",
        "stash_typed.testing",
    },
    "stash_typed.pytest_plugin": {"stash_typed", "stash_typed.testing", "stash_typed.sandbox"},
}


def _modules() -> list[tuple[str, Path]]:
    roots = ((ROOT, PACKAGE), (ROOT / "generated", ROOT / "generated" / "stash_typed_graphql"))
    return [
        (".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__"), path)
        for base, folder in roots
        for path in sorted(folder.rglob("*.py"))
    ]


def _layer(module: str, layers: set[str]) -> str:
    fitting = [start for start in layers if module == start or module.startswith(f"{start}.")]
    return max(fitting, key=len, default="")


def _imported(module: str, path: Path, tree: ast.Module | None = None) -> set[str]:
    """Every module of this project that a module imports, in functions and for types too."""
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    found: set[str] = set()
    for node in ast.walk(tree or ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{start}.{alias.name}"
                found.add(inner if _is_module(inner) else start)
    return {name for name in found if name.split(".")[0] in {"stash_typed", "stash_typed_graphql"}}


def _is_module(name: str) -> bool:
    base = ROOT if name.startswith("stash_typed.") else ROOT / "generated"
    path = base.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


# What the modules of a folder may import of other folders; those that lie in the package itself are
# in the table above.
RUNTIME = {f"_runtime/{name}" for name in ("auth", "http", "versions", "websocket")} | {"_runtime"}
CODEGEN = {"codegen", "codegen/documents", "codegen/schema", "codegen/package"}
SANDBOX = {f"sandbox/{name}" for name in ("content", "copies", "graphql", "store", "store/find")}
FOLDERS: dict[str, set[str]] = {
    "_runtime": {"_runtime/filters"},
    "_runtime/auth": {"_runtime"},
    "_runtime/filters": {"_runtime"},
    "_runtime/versions": {"_runtime"},
    "_runtime/http": RUNTIME,
    "_runtime/websocket": RUNTIME - {"_runtime/versions"},
    "_criteria": {"_runtime"},
    "select": {"_runtime"},
    "files": {"_runtime", "_runtime/http"},
    "jobs": {"_runtime", "_runtime/websocket"},
    "saved": {"_runtime", "_criteria", "library"},
    "library": {"_runtime", "_runtime/versions", "_criteria", "saved", "select"},
    "sync": RUNTIME | {"files", "jobs", "library"},
    "codegen": {"_runtime"} | CODEGEN,
    "codegen/documents": {"_runtime", "codegen"},
    "codegen/schema": {"_runtime", "codegen", "codegen/documents"},
    "codegen/package": {"_runtime", *CODEGEN},
    "codegen/project": {"_runtime", *CODEGEN},
    "sandbox": {"sandbox/resolvers", "sandbox/tasks", "sandbox/web"} | SANDBOX,
    "sandbox/store": {"sandbox", "sandbox/store/find"},
    "sandbox/store/find": {"sandbox", "sandbox/store"},
    "sandbox/graphql": {"sandbox", "sandbox/store"},
    "sandbox/content": {"sandbox", "sandbox/store"},
    "sandbox/copies": {"sandbox", "sandbox/graphql", "sandbox/store"},
    "sandbox/tasks": {"sandbox", *SANDBOX},
    "sandbox/resolvers": {"sandbox", *SANDBOX},
    "sandbox/web": {"sandbox", *SANDBOX},
    "testing": {"_runtime", "sandbox", "sync", "testing/mock", "testing/recordings"},
    "testing/recordings": {"_runtime", "_runtime/auth", "sandbox/web", "testing"},
    "testing/mock": {"_runtime", "_runtime/http", "sandbox", "testing", "testing/recordings"},
    "cli": {"_runtime", "cli/commands", "cli/demo", "cli/terminal", "codegen"}
    | {"codegen/project", "codegen/schema"},
    "cli/terminal": {"_runtime", "cli", "jobs"},
    "cli/commands": {"_runtime", "_runtime/versions", "cli", "cli/terminal", "jobs", "sandbox"}
    | {"codegen", "codegen/documents", "codegen/project", "codegen/schema"},
    "cli/demo": {"_runtime", "cli", "cli/commands", "cli/terminal", "codegen", "sandbox"},
}


def _folder(path: Path) -> str:
    inside = path.is_relative_to(PACKAGE)
    return path.parent.relative_to(PACKAGE).as_posix() if inside else "generated"


def test_each_folder_says_what_it_imports() -> None:
    folders = {_folder(path) for _, path in _modules()} - {"generated", "."}

    assert {name for name in folders if not name.startswith("generated")} == set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_imports_only_of_those_below(folder: str) -> None:
    paths = dict(_modules())
    found = {
        (module, name)
        for module, path in paths.items()
        if _folder(path) == folder
        for name in _imported(module, path)
        if name in paths and _folder(paths[name]) not in {folder, "generated", "."}
    }

    assert {pair for pair in found if _folder(paths[pair[1]]) not in FOLDERS[folder]} == set()


def _imported_at_once(module: str, path: Path) -> set[str]:
    """What a module imports outside of functions, for types too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = []
    return _imported(module, path, tree)


def _circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The strongly connected components of more than one node."""
    reached = {node: _reached(graph, node) for node in graph}
    circles = {
        frozenset(other for other in reached[node] if node in reached.get(other, ()))
        for node in graph
    }
    return sorted(sorted(circle) for circle in circles if len(circle) > 1)


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for node in graph.get(waiting.pop(), set()) - found:
            found.add(node)
            waiting.append(node)
    return found


def test_no_modules_import_each_other_in_a_circle() -> None:
    modules = dict(_modules())
    graph = {m: (_imported_at_once(m, p) & modules.keys()) - {m} for m, p in modules.items()}

    assert _circles(graph) == []


def test_no_folders_import_each_other_in_a_circle() -> None:
    """What lies in a folder, modules and folders alike, imports what lies beside it in one direction."""
    beside: dict[str, dict[str, set[str]]] = {}
    for module, path in _modules():
        for name in _imported_at_once(module, path):
            ours, theirs = module.split("."), name.split(".")
            same = next(
                (n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), None
            )
            if same:
                graph = beside.setdefault(".".join(ours[:same]), {})
                graph.setdefault(ours[same], set()).add(theirs[same])

    assert {
        folder: circles for folder, graph in beside.items() if (circles := _circles(graph))
    } == {}


def test_circles_are_found() -> None:
    assert _circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]


@pytest.mark.parametrize(("module", "path"), [pytest.param(m, p, id=m) for m, p in _modules()])
def test_a_module_imports_only_what_lies_below(module: str, path: Path) -> None:
    allowed = ALLOWED.get(_layer(module, set(ALLOWED)), set())
    if module == "stash_typed":
        allowed = allowed | {"stash_typed.client", "stash_typed.sync"}
    wrong = {
        name
        for name in _imported(module, path)
        if not _layer(name, allowed)
        or (name.startswith("stash_typed.") and _layer(name, allowed) == "stash_typed")
    }

    assert wrong == set(), f"{module} may import only of {sorted(allowed)}"


def _loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print('\\n'.join(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'generated'}"},
        timeout=60,
    )
    return set(result.stdout.split())


def test_importing_the_package_loads_nothing_else() -> None:
    loaded = _loaded_by("import stash_typed")

    assert {m for m in loaded if m.startswith("stash_typed")} == {"stash_typed"}
    assert not loaded & {"httpx", "pydantic", "asyncio", "typing_extensions"}


def test_the_client_comes_without_what_few_need() -> None:
    loaded = _loaded_by("from stash_typed import StashClient")

    # httpx itself imports click and rich where they are installed.
    heavy = {"websockets", "graphql", "typer", "uvicorn", "starlette"}
    assert not loaded & heavy
    assert not loaded & {
        "stash_typed.models",
        "stash_typed.inputs",
        "stash_typed_graphql.fragments",
    }


def test_a_class_comes_with_what_it_is_made_of_and_no_other() -> None:
    """A hook starts a process for each thing, and making all classes takes a tenth of a second."""
    loaded = _loaded_by(
        "from stash_typed.models import Studio; from stash_typed.inputs import FindFilterType"
    )

    package = "stash_typed_graphql"
    assert {f"{package}.fragments.studio", f"{package}.fragments.tag_ref"} <= loaded
    assert f"{package}.input_types.find_filter_type" in loaded
    assert not loaded & {
        f"{package}.fragments.scene",
        f"{package}.input_types.scene_update_input",
        f"{package}.client",
    }


def test_the_synchronous_client_comes_without_an_event_loop() -> None:
    loaded = _loaded_by("from stash_typed import SyncStashClient; SyncStashClient()")

    assert not loaded & {
        "asyncio",
        "anyio",
        "websockets",
        "stash_typed.client",
        "stash_typed.jobs.job",
    }
