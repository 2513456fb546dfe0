"""The pytest plugin in projects of its users: what fails a test, and what a test has."""

from __future__ import annotations

from textwrap import dedent

import pytest

from stash_typed.models import Scene
from stash_typed.sandbox import Sandbox
from stash_typed.testing import fake
from stash_typed.testing.fixtures import sync_client_of

PLUGIN = ("-p", "stash_typed.pytest_plugin")
OTHERS = ("-p", "pytest_httpx", "-p", "no:cacheprovider")

HEAD = """
import asyncio
import pytest
from stash_typed import StashClient, SyncStashClient
from stash_typed.models import Scene
from stash_typed.testing import fake, graphql_error, unauthorised
"""


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    """Load what inner runs need: each forgets at its end what it was the first to import."""
    with Sandbox(scenes=1) as sandbox, sync_client_of(sandbox.url, None) as client:
        client.find_scenes()
    fake(Scene)


def _run(pytester: pytest.Pytester, tests: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(HEAD + dedent(tests))
    return pytester.runpytest_inprocess(*PLUGIN, *OTHERS, *arguments)


@pytest.fixture(autouse=True)
def _without_other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let inner runs have the plugins that they name, and no others."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def test_a_request_that_nothing_answers_fails_the_test(pytester: pytest.Pytester) -> None:
    result = _run(
        pytester,
        """
        def test_nothing(stash_mock, sync_stash):
            sync_stash.find_scene("1")

        def test_other_variables(stash_mock, sync_stash):
            stash_mock.on("find_scene", variables={"id": "2"}).responds(None)
            stash_mock.on("find_tag", optional=True).responds(None)
            sync_stash.find_scene("1")

        def test_exhausted(stash_mock, sync_stash):
            stash_mock.on("find_scene").responds_in_turn(None)
            sync_stash.find_scene("1")
            sync_stash.find_scene("1")

        def test_without_answer(stash_mock, sync_stash):
            stash_mock.on("find_scene")
            sync_stash.find_scene("1")

        def test_another_operation(stash_mock, sync_stash):
            stash_mock.on("find_scenes", optional=True).responds(graphql_error("no"))
            sync_stash.find_scene("1")

        def test_another_document(stash_mock, sync_stash):
            stash_mock.on("{ version { hash } }").responds({"version": {"hash": ""}})
            sync_stash.graphql("{ version { version } }")

        def test_no_graphql(stash_mock):
            import httpx
            httpx.post(f"{stash_mock.url}/graphql", content=b"hello")

        def test_secrets(stash_mock, sync_stash):
            from stash_typed.inputs import ConfigGeneralInput
            sync_stash.configure_general(ConfigGeneralInput(password="engine"))
        """,
    )

    result.assert_outcomes(failed=8)
    result.stdout.fnmatch_lines(
        [
            "stash_mock: nothing answers FindScene",
            '  variables: {"id": "1"}',
            "  there are no stubs",
            '  To answer it: stash_mock.on("findScene").responds(…)',
            "  nearest: FindScene with {'id': '2'} (test_*.py:*): id is '1', not '2'",
            "  nearest: FindScene (test_*.py:*): all its 1 answers are given",
            "  nearest: FindScene (test_*.py:*): it has no answer: call .responds(…) on it",
            "  nearest: FindScenes (test_*.py:*): it is for another operation",
            "stash_mock: nothing answers { version { version } }",
            "  nearest: { version { hash } } (test_*.py:*): it is for another operation",
            "stash_mock: a request without GraphQL to /graphql",
        ]
    )
    assert "engine" not in result.stdout.str()


def test_what_is_not_used_fails_the_test(pytester: pytest.Pytester) -> None:
    result = _run(
        pytester,
        """
        def test_never(stash_mock):
            stash_mock.on("find_scene").responds(None)

        def test_partly(stash_mock, sync_stash):
            stash_mock.on("find_scene").responds_in_turn(None, None, None)
            sync_stash.find_scene("1")

        def test_without_answer(stash_mock):
            stash_mock.on("find_scene")

        def test_optional(stash_mock):
            stash_mock.on("find_scene", optional=True).responds(None)

        def test_failed_already(stash_mock):
            stash_mock.on("find_scene").responds(None)
            assert 1 == 2
        """,
    )

    result.assert_outcomes(passed=4, failed=1, errors=3)
    result.stdout.fnmatch_lines(
        [
            "stash_mock: not all was used:",
            "  FindScene (test_*.py:*): nothing asked for it",
            "Pass optional=True where that is right.",
            "  FindScene (test_*.py:*): 1 of its 3 answers were asked for",
            "  FindScene (test_*.py:*): it has no answer: call .responds(…) on it",
        ]
    )


def test_a_failure_cannot_be_swallowed(pytester: pytest.Pytester) -> None:
    result = _run(
        pytester,
        """
        def test_caught(stash_mock, sync_stash):
            try:
                sync_stash.find_scene("1")
            except Exception:
                pass

        def test_bare(stash_mock, sync_stash):
            try:
                sync_stash.find_scene("1")
            except BaseException:
                pass
        """,
    )

    result.assert_outcomes(failed=1, passed=1, errors=1)


def test_nothing_leaves_the_process(pytester: pytest.Pytester) -> None:
    result = _run(
        pytester,
        """
        import socket

        def test_socket(stash_mock, sync_stash, monkeypatch):
            def connect(*_args, **_options):
                raise AssertionError("a socket was opened")
            monkeypatch.setattr(socket.socket, "connect", connect)
            monkeypatch.setattr(socket, "create_connection", connect)
            stash_mock.on("find_scene").responds(None)
            assert sync_stash.find_scene("1") is None
            with pytest.raises(Exception, match="stash_sandbox"):
                next(iter(sync_stash.jobs_subscribe()))
        """,
    )

    result.assert_outcomes(passed=1)


def test_the_sandbox_is_of_the_tests_own(pytester: pytest.Pytester) -> None:
    result = _run(
        pytester,
        """
        import os

        @pytest.mark.stash_sandbox(scenes=7, api_key="some-key")
        class TestOptions:
            def test_class(self, sync_stash, stash_sandbox):
                assert stash_sandbox.api_key == "some-key"
                assert sync_stash.find_scenes().count == 7

            @pytest.mark.stash_sandbox(scenes=3)
            def test_nearest(self, sync_stash, stash_sandbox):
                assert stash_sandbox.api_key == "some-key"
                assert sync_stash.find_scenes().count == 3

        @pytest.mark.parametrize("n", [1, 2])
        def test_fresh(sync_stash, n):
            assert sync_stash.find_scenes().count == 0
            from stash_typed.inputs import SceneCreateInput
            sync_stash.scene_create(SceneCreateInput(title="A"))

        def test_environment(stash_sandbox):
            with SyncStashClient() as client:
                assert client.url == stash_sandbox.url
            assert "STASH_USERNAME" not in os.environ
        """,
    )

    result.assert_outcomes(passed=5)


def test_wrong_options_are_told(pytester: pytest.Pytester) -> None:
    result = _run(
        pytester,
        """
        @pytest.mark.stash_sandbox(scnes=7)
        def test_misspelt(stash_sandbox): ...

        @pytest.mark.stash_sandbox(7)
        def test_nameless(stash_sandbox): ...

        def test_both(stash_mock, stash_sandbox): ...
        """,
        "--strict-markers",
    )

    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines(
        [
            "*no option 'scnes'. Did you mean scenes?*",
            "*give options by name*",
            "*exclude each other*",
        ]
    )


def test_one_sandbox_for_the_session(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def stash_sandbox_options():
            return {"scenes": 4}

        @pytest.fixture
        def stash_sandbox(stash_sandbox_session):
            return stash_sandbox_session
        """
    )
    result = _run(
        pytester,
        """
        from stash_typed.inputs import SceneDestroyInput

        def test_first(sync_stash):
            assert sync_stash.find_scenes().count == 4
            sync_stash.scene_destroy(SceneDestroyInput(id="1"))

        def test_second(sync_stash, stash):
            assert sync_stash.find_scenes().count == 3
            assert asyncio.run(stash.find_scenes()).count == 3
        """,
    )

    result.assert_outcomes(passed=2)


def test_stubs_are_checked_against_the_projects_own_schema(pytester: pytest.Pytester) -> None:
    pytester.makefile(
        ".graphql",
        newer="type Query { version: Version! }\ntype Version { version: String, colour: Colour }\n"
        "enum Colour { RED }\n",
    )
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def stash_sandbox_options():
            return {"schema": "newer.graphql"}
        """
    )
    result = _run(
        pytester,
        """
        def test_newer(stash_mock, sync_stash):
            stash_mock.on("{ version { colour } }").responds({"version": {"colour": "RED"}})
            assert sync_stash.graphql("{ version { colour } }") == {"version": {"colour": "RED"}}

        def test_unknown(stash_mock):
            with pytest.raises(ValueError, match="Cannot query field 'hash'"):
                stash_mock.on("version")
        """,
    )

    result.assert_outcomes(passed=2)
