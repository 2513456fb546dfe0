"""Every Python snippet of the documentation compiles and type-checks, all of them in one run of mypy."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The snippets of testing.md are tests of their own and run as such, in tests/testing/test_docs.py.
PAGES = [
    ROOT / "README.md",
    *sorted(path for path in (ROOT / "docs").glob("*.md") if path.stem != "testing"),
]

_FENCED = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PRELUDE = "from stash_typed import StashClient\n\n\n"
_WRAPPER = "async def snippet(stash: StashClient) -> None:\n"
_SETTINGS = """\
[mypy]
strict = True
python_version = 3.11
mypy_path = {root}:{root}/generated
follow_imports = silent
show_absolute_path = True
[mypy-opentelemetry.*,fastapi.*]
ignore_missing_imports = True
"""
# Checked along with the others: it shows that mistakes are found.
_MISTAKE = "from stash_typed import StashClient\n\nStashClient(timeout='long')\n"


@dataclass(frozen=True)
class Snippet:
    """A fenced block.

    Attributes:
        page: the file that it is in.
        line: the line of its fence.
        text: what is between the fences.
    """

    page: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def module(self) -> str:
        """The snippet as a module: one that awaits runs with an open client called `stash`."""
        try:
            compile(self.text, str(self), "exec")
        except SyntaxError:
            return _PRELUDE + _WRAPPER + textwrap.indent(self.text, "    ")
        return _PRELUDE + self.text


def snippets() -> list[Snippet]:
    found: list[Snippet] = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in _FENCED.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Snippet(page, line, match.group(1)))
    return found


SNIPPETS = snippets()


def test_there_are_snippets_on_the_main_pages() -> None:
    pages = {snippet.page.name for snippet in SNIPPETS}
    assert {"README.md", "guide.md"} <= pages


@pytest.mark.parametrize("snippet", [pytest.param(s, id=str(s)) for s in SNIPPETS])
def test_a_snippet_compiles(snippet: Snippet) -> None:
    compile(snippet.module, str(snippet), "exec")


def test_snippets_type_check(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    settings = tmp_path / "mypy.ini"
    settings.write_text(_SETTINGS.format(root=ROOT), encoding="utf-8")
    names: dict[str, Snippet] = {}
    for number, snippet in enumerate(SNIPPETS):
        file = tmp_path / f"snippet_{number:02}.py"
        file.write_text(snippet.module, encoding="utf-8")
        names[file.name] = snippet
    (tmp_path / "mistake.py").write_text(_MISTAKE, encoding="utf-8")
    # Kept between runs: the first one reads all of the package, the next ones the snippets.
    cache: pytest.Cache | None = getattr(pytestconfig, "cache", None)
    folder = tmp_path / "cache" if cache is None else cache.mkdir("docs_mypy")

    result = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--config-file", settings, "--cache-dir", folder),
            *("--no-error-summary", tmp_path / "mistake.py"),
            *(tmp_path / name for name in names),
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        cwd=tmp_path,
    )

    lines = _located(result.stdout + result.stderr, names)
    mistakes = [line for line in lines if "mistake.py" in line]
    assert [line for line in lines if line not in mistakes] == []
    assert len(mistakes) == 1
    assert '"timeout"' in mistakes[0]


def _located(output: str, names: dict[str, Snippet]) -> list[str]:
    """Name the page in place of the file that was checked, and show the line itself."""
    lines: list[str] = []
    for line in output.splitlines():
        if (match := re.search(r"(snippet_\d+\.py):(\d+)", line)) is None:
            lines.append(line)
            continue
        snippet = names[match.group(1)]
        source = snippet.module.splitlines()[int(match.group(2)) - 1].strip()
        lines.append(f"{snippet}: {line[match.end() :].strip(': ')}    [{source}]")
    return lines
