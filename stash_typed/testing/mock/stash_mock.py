"""`StashMock`: a mock server that answers an application's requests from stubs."""

from __future__ import annotations

import inspect
import json
import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from ..errors import StubError
from .documents import read_document
from .replay import Replay
from .requests import MockRequest, read_request, shown
from .schema import load_schema
from .stub import Stub
from .targets import find_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_httpx import HTTPXMock

    from stash_typed._runtime.operation import Operation

_GRAPHQL = re.compile(r"https?://[^?]*/graphql$")
_LOGIN = re.compile(r"https?://[^?]*/login$")
_NEAREST = 3


class StashMock:
    """Answers every GraphQL request over httpx, whatever the host; nothing leaves the process.

    A sign-in with name and password is accepted. Retries happen without a delay.

    Attributes:
        url: a URL for clients; any other works too.
        requests: all requests for operations, in order, answered or not.
    """

    url = "http://stash.test"

    def __init__(self, httpx_mock: HTTPXMock, schema: str | Path | None = None) -> None:
        """Start answering requests.

        Args:
            httpx_mock: the fixture of pytest-httpx.
            schema: the schema to check stubs against, a file or SDL; the package's own by default.
        """
        self.requests: list[MockRequest] = []
        self._httpx_mock = httpx_mock
        self._schema = load_schema(schema)
        self._stubs: list[Stub] = []
        self._replays: list[Replay] = []
        self._problems: list[str] = []
        for address, callback in ((_GRAPHQL, self._graphql), (_LOGIN, self._login)):
            httpx_mock.add_callback(
                callback, url=address, method="POST", is_optional=True, is_reusable=True
            )

    def on(
        self,
        operation: str | Operation,
        *,
        variables: Mapping[str, object] | None = None,
        optional: bool = False,
    ) -> Stub:
        """Create a stub; if several fit a request, the one created last answers.

        Args:
            operation: `find_scenes`, `FindScenes` or `findScenes`; or a whole document; or the
                `OPERATION` of a module that was generated from your own operations.
            variables: values the request's variables must have, by the document's names: plain
                values, inputs, enums. They may have more, at every depth of objects.
            optional: whether the stub may stay unused.

        Returns:
            The stub; set its answer with `responds`, `responds_in_turn` or `computes`.

        Raises:
            StubError: there is no such operation or variable, or it is a subscription.
        """
        __tracebackhide__ = True
        target = find_target(operation, self._schema)
        stub = Stub(target, self._schema, variables, optional=optional, place=_calling_place())
        self._stubs.append(stub)
        return stub

    def replay(self, *paths: str | Path, optional: bool = False) -> None:
        """Answer recorded requests with their responses, each as often as it was recorded.

        A request is recognised by its document and all its variables, one without GraphQL by
        method and path. Stubs take precedence over recordings.

        Args:
            *paths: JSON files, or folders of them.
            optional: whether some may stay unused.

        Raises:
            StubError: a file cannot be read, or was recorded on a WebSocket.
        """
        __tracebackhide__ = True
        replay = Replay(paths, optional=optional)
        self._replays.append(replay)
        for method, path in replay.places:
            self._httpx_mock.add_callback(
                self._other,
                url=re.compile(rf"https?://[^/]+(?:/.*)?{re.escape(path)}$"),
                method=method,
                is_optional=True,
                is_reusable=True,
            )

    def verify(self) -> None:
        """Fail the test if a request was not answered, or if a stub or recording was not used.

        The fixture calls this at the end of each test that has not already failed.
        """
        problems = list(self._problems)
        unused = [f"{stub}: {why}" for stub in self._stubs if (why := stub.unused())]
        unused += [line for replay in self._replays for line in replay.unused()]
        if unused:
            listed = "".join(f"\n  {line}" for line in unused)
            problems.append(
                f"stash_mock: not all was used:{listed}\nPass optional=True where that is right."
            )
        if problems:
            pytest.fail("\n".join(problems), pytrace=False)

    def _graphql(self, request: httpx.Request) -> httpx.Response:
        asked = read_request(request)
        if asked is None:
            raise self._failure(f"stash_mock: a request without GraphQL to {request.url.path}")
        self.requests.append(asked)
        try:
            for stub in reversed(self._stubs):
                if stub.why_not(asked) is None:
                    return stub.answer(asked, request)
            taken = (replay.take(asked) for replay in self._replays)
            if recorded := next(filter(None, taken), None):
                return recorded.answer()
        except StubError as error:
            raise self._failure(f"stash_mock: {error}") from None
        raise self._failure(self._unmatched(asked))

    def _login(self, request: httpx.Request) -> httpx.Response:
        cookie = {"set-cookie": "session=mocked; Path=/"}
        return self._recorded(request) or httpx.Response(200, headers=cookie)

    def _recorded(self, request: httpx.Request) -> httpx.Response | None:
        taken = (replay.take_other(request) for replay in self._replays)
        recorded = next(filter(None, taken), None)
        return recorded.answer() if recorded else None

    def _other(self, request: httpx.Request) -> httpx.Response:
        recorded = self._recorded(request)
        if recorded is not None:
            return recorded
        raise self._failure(
            f"stash_mock: {request.method} {request.url.path} was asked more often than recorded"
        )

    def _failure(self, message: str) -> BaseException:
        # No Exception, which the code under test might catch: a test that is wrong has to fail.
        self._problems.append(message)
        return pytest.fail.Exception(message, pytrace=False)

    def _unmatched(self, asked: MockRequest) -> str:
        name = asked.operation or " ".join(asked.document.split())
        lines = [
            f"stash_mock: nothing answers {name}",
            f"  variables: {shown(asked.variables)}",
        ]
        for stub in self._nearest(asked):
            lines.append(f"  nearest: {stub}: {stub.why_not(asked)}")
        if not self._stubs:
            lines.append("  there are no stubs")
        fields = set(read_document(asked.document, asked.operation or None).root_fields)
        name = json.dumps(fields.pop()) if len(fields) == 1 else "<the document>"
        lines.append(f"  To answer it: stash_mock.on({name}).responds(…)")
        return "\n".join(lines)

    def _nearest(self, asked: MockRequest) -> list[Stub]:
        named = [stub for stub in reversed(self._stubs) if stub.is_for(asked)]
        if named:
            return named[:_NEAREST]
        names = {str(stub).partition(" ")[0]: stub for stub in reversed(self._stubs)}
        return [names[each] for each in get_close_matches(asked.operation, names, n=1, cutoff=0)]


def _calling_place() -> str:
    frame = inspect.currentframe()
    for _ in range(2):
        frame = frame.f_back if frame else None
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}" if frame else "somewhere"
