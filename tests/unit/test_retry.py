"""What is sent again, and what never is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from stash_typed._runtime.operation import Operation
from stash_typed._runtime.retry import RetryPolicy
from stash_typed.errors import (
    AuthenticationError,
    ConfigurationError,
    DatabaseLockedError,
    GraphQLError,
    GraphQLErrorEntry,
    HTTPStatusError,
    StashConnectionError,
    StashError,
    StashTimeoutError,
)
from tests.unit.ends import ENDS, NO_RETRY, End, connect
from tests.unit.loopback import Asked, Says, loopback

QUERY = Operation("Version", "query", "version", "query Version { version { version } }")
MUTATION = Operation("Change", "mutation", "change", "mutation Change { change }")
FREE = Operation("", "mutation", "", "mutation { a: change b: change }")
EACH = Operation("ChangeEach", "mutation", "change", "mutation { a: change b: change }")

POLICY = RetryPolicy(delay=1.0, locked_delay=2.0, longest=5.0, jitter=lambda: 0.0)


def locked(*paths: str, data: dict[str, object] | None = None) -> DatabaseLockedError:
    entries = [GraphQLErrorEntry("database is locked", (path,)) for path in paths]
    return DatabaseLockedError("database is locked", errors=entries, data=data)


@pytest.mark.parametrize(
    ("error", "query", "mutation"),
    [
        (StashConnectionError("x"), 1.0, None),
        (StashTimeoutError("x"), 1.0, None),
        (StashConnectionError("x", transient=False), None, None),
        (HTTPStatusError("x", status_code=502), 1.0, None),
        (HTTPStatusError("x", status_code=503), 1.0, None),
        (HTTPStatusError("x", status_code=504), 1.0, None),
        (HTTPStatusError("x", status_code=500), None, None),
        (HTTPStatusError("x", status_code=429), None, None),
        (locked("change"), 2.0, 2.0),
        (GraphQLError("x"), None, None),
        (AuthenticationError("x"), None, None),
    ],
)
def test_the_table(error: StashError, query: float | None, mutation: float | None) -> None:
    assert POLICY.wait_before(QUERY, error, attempt=1) == query
    assert POLICY.wait_before(MUTATION, error, attempt=1) == mutation


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (locked("a", "b", data={"a": None, "b": None}), True),
        (locked("b", data={"a": {"id": "4"}, "b": None}), False),
        (locked("b", data={"a": None, "b": None}), False),
        (locked("b", data={"b": None}), False),
        (locked(data={}), False),
        (locked(), False),
        (locked("b"), False),
        (locked("a", "b"), True),
    ],
)
@pytest.mark.parametrize("operation", [FREE, EACH])
def test_several_changes_in_one_document_are_sent_again_only_if_none_was_made(
    operation: Operation, error: DatabaseLockedError, again: bool
) -> None:
    assert (POLICY.wait_before(operation, error, attempt=1) is not None) is again


@pytest.mark.parametrize("data", [None, {"change": None}])
def test_a_change_whose_answer_alone_could_not_be_read_is_made(
    data: dict[str, object] | None,
) -> None:
    entry = GraphQLErrorEntry("database is locked", ("change", "tags"))
    error = DatabaseLockedError("database is locked", errors=[entry], data=data)
    assert POLICY.wait_before(MUTATION, error, attempt=1) is None


def test_waits_double_up_to_a_limit_and_end() -> None:
    waits = [POLICY.wait_before(QUERY, locked(), attempt=n) for n in range(1, 5)]
    assert waits == [2.0, 4.0, 5.0, None]


def test_jitter_takes_off_up_to_half() -> None:
    policy = RetryPolicy(delay=1.0, jitter=lambda: 1.0)
    assert policy.wait_before(QUERY, StashConnectionError("x"), attempt=1) == 0.5


def test_retries_can_be_turned_off() -> None:
    assert NO_RETRY.wait_before(QUERY, StashConnectionError("x"), attempt=1) is None
    with pytest.raises(ConfigurationError):
        RetryPolicy(retries=-1)


DATA = Says(body=b'{"data": {"version": {"version": "v0.30.1"}}}')
LOCKED = Says(body=b'{"errors": [{"message": "database is locked"}], "data": null}')


@pytest.mark.anyio
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("operation", "trouble"),
    [(QUERY, Says(hang_up=True)), (QUERY, Says(502)), (QUERY, LOCKED), (MUTATION, LOCKED)],
)
async def test_it_is_sent_until_it_works(end: End, operation: Operation, trouble: Says) -> None:
    answers: Iterator[Says] = itertools.chain([trouble] * 3, itertools.repeat(DATA))
    with loopback(lambda _: next(answers)) as server:
        async with connect(end, server.url) as connection:
            await connection.execute_raw(operation)
    assert len(server.asked) == 4
    assert len({request.body for request in server.asked}) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(
    ("operation", "trouble", "times", "kind"),
    [
        (QUERY, Says(hang_up=True), 4, StashConnectionError),
        (QUERY, Says(502), 4, HTTPStatusError),
        (MUTATION, LOCKED, 4, DatabaseLockedError),
        (MUTATION, Says(hang_up=True), 1, StashConnectionError),
        (MUTATION, Says(502), 1, HTTPStatusError),
        (MUTATION, Says(headers={"Content-Length": "9"}, body=b"{"), 1, StashConnectionError),
    ],
)
async def test_it_is_given_up(
    end: End, operation: Operation, trouble: Says, times: int, kind: type[StashError]
) -> None:
    def answer(request: Asked) -> Says:
        if "Content-Length" in trouble.headers:
            # Half of an answer: the connection ends before the rest of it.
            return Says(body=trouble.body, headers={**trouble.headers, "Connection": "close"})
        return trouble

    with loopback(answer) as server:
        async with connect(end, server.url) as connection:
            with pytest.raises(kind) as caught:
                await connection.execute_raw(operation)
    assert len(server.asked) == times
    assert (f"Tried {times} times" in str(caught.value)) is (times > 1)
