"""The pytest plugin as it is loaded: once, at no cost, beside other plugins."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ("-p", "stash_typed.pytest_plugin")
OTHERS = ("-p", "pytest_httpx", "-p", "no:cacheprovider")


def _pytest(pytester: pytest.Pytester, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "generated")]),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *arguments],
        cwd=pytester.path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "loader",
    [
        pytest.param('pytest_plugins = ["stash_typed.pytest_plugin"]', id="conftest"),
        pytest.param("", id="command line"),
    ],
)
def test_loading_it_twice_does_no_harm(pytester: pytest.Pytester, loader: str) -> None:
    pytester.makeconftest(loader)
    pytester.makepyfile("def test_it(stash_mock): ...\n")

    result = _pytest(pytester, *PLUGIN, *PLUGIN, *OTHERS, "--strict-markers")

    assert result.returncode == 0, result.stdout


def test_it_costs_nothing_until_it_is_used(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_modules():
            loaded = {name for name in sys.modules if name.startswith("stash_typed")}
            assert loaded == {"stash_typed", "stash_typed.pytest_plugin"}
            assert not {"httpx", "pydantic", "graphql", "asyncio"} & set(sys.modules)
        """
    )

    result = _pytest(pytester, *PLUGIN)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("fixture", ["stash_sandbox", "stash_mock", "sync_stash"])
def test_without_the_extra_it_says_what_to_install(pytester: pytest.Pytester, fixture: str) -> None:
    pytester.makeconftest("import sys\nsys.modules['graphql'] = None\n")
    pytester.makepyfile(f"def test_it({fixture}): ...\n")

    result = _pytest(pytester, *PLUGIN, *OTHERS)

    assert result.returncode == 1
    assert "graphql is not installed" in result.stdout
    assert 'Fix: pip install "stash-typed[testing]"' in result.stdout


def test_asynchronous_tests_of_every_plugin(pytester: pytest.Pytester) -> None:
    pytest.importorskip("pytest_asyncio")
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.mark.anyio
        @pytest.mark.stash_sandbox(scenes=2)
        async def test_anyio(stash):
            assert (await stash.find_scenes()).count == 2
            assert (await (await stash.scan())).status == "FINISHED"

        @pytest.mark.asyncio
        @pytest.mark.stash_sandbox(scenes=2)
        async def test_asyncio(stash):
            assert (await stash.find_scenes()).count == 2
            assert (await (await stash.scan())).status == "FINISHED"

        @pytest.mark.asyncio
        async def test_mock(stash_mock, stash):
            stash_mock.on("find_scene").responds(None)
            assert await stash.find_scene("1") is None
        """
    )

    result = _pytest(
        pytester,
        *(*PLUGIN, *OTHERS, "-p", "anyio", "-p", "asyncio", "-W", "error"),
        *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
        *("-o", "asyncio_default_fixture_loop_scope=function"),
    )

    assert result.returncode == 0, result.stdout
    assert "3 passed" in result.stdout
