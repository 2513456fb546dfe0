"""Errors: one tree, texts that help, and nothing lost when one is pickled or copied."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import ssl
from collections.abc import Callable
from typing import TypedDict

import pytest

from stash_typed import SyncStashClient, errors
from stash_typed._runtime.auth.credentials import NoCredentials
from stash_typed._runtime.auth.sign_in import ActiveCredentials
from stash_typed._runtime.endpoint import Endpoint
from stash_typed._runtime.http.failures import connection_error
from stash_typed._runtime.http.graphql_errors import graphql_error
from stash_typed._runtime.http.response import decode_payload, decode_raw
from stash_typed._runtime.http.status import http_status_error
from stash_typed._runtime.messages import Reply
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.websocket.protocol import SubscriptionTarget, closed_error, interpret
from stash_typed.errors import (
    AuthenticationError,
    ChangesFailedError,
    ConfigurationError,
    DatabaseLockedError,
    GraphQLError,
    GraphQLErrorEntry,
    HTTPStatusError,
    InvalidVariableError,
    JobCancelledError,
    JobError,
    JobFailedError,
    JobTimeoutError,
    JobUnknownError,
    NotFoundError,
    NotReadyError,
    ResponseFormatError,
    SelectionError,
    StashConnectionError,
    StashError,
    StashTimeoutError,
    ValidationFailedError,
)
from stash_typed.freeones import pick
from stash_typed.models import Job, ScrapedPerformer
from stash_typed.testing import fake
from tests.unit.loopback import Says, loopback

ENTRY = GraphQLErrorEntry("no such thing", ("a", 0), ((1, 2),), {"code": "X"})


class Where(TypedDict):
    operation: str
    url: str
    hint: str


WHERE: Where = {
    "operation": "FindScene",
    "url": "http://nas:9999/graphql",
    "hint": "Look again.",
}

EXAMPLES: list[StashError] = [
    StashError("failed", **WHERE),
    ConfigurationError("failed", **WHERE),
    InvalidVariableError("failed", **WHERE),
    StashConnectionError("failed", transient=False, **WHERE),
    StashTimeoutError("failed", **WHERE),
    AuthenticationError("failed", **WHERE),
    HTTPStatusError("failed", status_code=502, **WHERE),
    ResponseFormatError("failed", **WHERE),
    GraphQLError("failed", errors=[ENTRY], data={"a": [None]}, **WHERE),
    ValidationFailedError(
        "failed",
        fields=["Scene.nope"],
        client_version="v0.30.1",
        server_version="v0.27.2",
        errors=[ENTRY],
        **WHERE,
    ),
    NotFoundError("failed", errors=[ENTRY], **WHERE),
    DatabaseLockedError("failed", errors=[ENTRY], **WHERE),
    JobError("failed", job_id="7", **WHERE),
    JobFailedError("failed", job_id="7", **WHERE),
    JobCancelledError("failed", job_id="7", **WHERE),
    JobTimeoutError("failed", job_id="7", **WHERE),
    JobUnknownError("failed", job_id="7", **WHERE),
    ChangesFailedError("failed", **WHERE),
    SelectionError("Row", "Scene", ("Row.titel: the nearest is 'title'",)),
    NotReadyError("failed", status="SETUP", **WHERE),
]


def test_every_error_of_the_tree_has_an_example() -> None:
    public = {getattr(errors, name) for name in errors.__all__}
    classes = {kind for kind in public if isinstance(kind, type) and issubclass(kind, Exception)}
    kinds = {kind for kind in classes if not issubclass(kind, Warning)}
    assert kinds == {type(example) for example in EXAMPLES}
    assert all(issubclass(kind, StashError) for kind in kinds)


def test_the_names_are_sorted() -> None:
    assert errors.__all__ == sorted(errors.__all__)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_pickle_and_copies_keep_everything(error: StashError) -> None:
    error = copy.copy(error)
    error.tried(3)
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert twin.args == error.args
        assert twin.__dict__ == error.__dict__
        assert twin is not error


@pytest.mark.parametrize(
    "error", [e for e in EXAMPLES if e.operation], ids=lambda error: type(error).__name__
)
def test_the_text_names_operation_url_and_remedy(error: StashError) -> None:
    assert str(error) == "FindScene: failed (at http://nas:9999/graphql). Look again."


def test_a_text_without_context_is_just_the_message() -> None:
    assert str(StashError("something is off.")) == "something is off."


def test_the_number_of_attempts_is_told() -> None:
    error = StashConnectionError("connection lost", operation="Version")
    error.tried(1)
    assert str(error) == "Version: connection lost"
    error.tried(4)
    assert str(error) == "Version: connection lost. Tried 4 times."


def test_no_text_holds_a_secret() -> None:
    error = StashError(
        "cannot read http://user:pa55word@nas/scene/1/stream?apikey=SECRET-KEY",
        url="http://user:pa55word@nas/x?apikey=SECRET-KEY&t=1",
        hint="Header ApiKey: SECRET-KEY, Cookie: session=SECRET-KEY; x=1",
    )
    error.conceal(["nas-name"])
    for shown in (str(error), repr(error), repr(error.args), error.message, f"{error.url}"):
        assert "SECRET-KEY" not in shown
        assert "pa55word" not in shown
    assert error.url == "http://***@nas/x?apikey=***&t=1"


def test_secrets_known_to_the_caller_are_concealed() -> None:
    error = StashError("the word is swordfish", hint="Say swordfish.")
    error.conceal(["swordfish"])
    assert str(error) == "the word is ***. Say ***."


def test_configuration_errors_are_value_errors_as_well() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        raise ConfigurationError("nonsense")


def test_an_entry_tells_its_code() -> None:
    assert ENTRY.code == "X"
    assert GraphQLErrorEntry("m").code is None
    assert GraphQLErrorEntry("m", extensions={"code": 3}).code is None


STEERING = "\x1b]0;owned\x07\x08\r\x9b31m\u202egpj\u2028"
FORGED = f"no{STEERING}such\nERROR forged line\n" + "x" * 80_000
SHOWN = r"no\x1b]0;owned\x07\x08 \x9b31m\u202egpj such ERROR forged line xxx"


def _assert_told_in_a_line(error: StashError) -> None:
    for shown in (str(error), error.message, error.hint or "", error.url or "", f"{error}"):
        assert len(shown) < 20_000
        assert shown.isprintable(), ascii(shown)


def test_whatever_a_text_is_made_of_it_is_one_line_of_bounded_length() -> None:
    error = StashError(FORGED, operation=FORGED, url=f"http://nas/{FORGED}", hint=FORGED)

    _assert_told_in_a_line(error)
    assert SHOWN in error.message
    error.conceal(["owned"])
    error.tried(4)
    _assert_told_in_a_line(error)
    assert "owned" not in str(error)
    assert not {"\n", "\x1b"} & set(logging.makeLogRecord({"msg": str(error)}).getMessage())


def test_lists_stay_lists_and_steer_nothing() -> None:
    error = SelectionError("Row", "Scene", ("a\x1b[2J", "b"))

    assert str(error) == "Row cannot be selected from Scene:\n  a\\x1b[2J\n  b"


ENDPOINT = Endpoint.parse("http://nas:9999")
OPERATION = Operation("FindScene", "query", "findScene", "query FindScene { findScene { id } }")


def _awaited(**told: object) -> None:
    """Wait for a job that ended, of which the server tells that much."""
    job = fake(Job, id="7", description=FORGED, **told).model_dump(mode="json", by_alias=True)
    body = json.dumps({"data": {"findJob": job}}).encode()
    with (
        loopback(lambda request: Says(200, body, {"Content-Type": "application/json"})) as server,
        SyncStashClient(server.url) as stash,
    ):
        stash.job("7").wait(timeout=30)


def _raised(act: Callable[[], object]) -> StashError:
    with pytest.raises(StashError) as caught:
        act()
    return caught.value


FOREIGN: dict[str, Callable[[], StashError]] = {
    "errors": lambda: graphql_error(
        [GraphQLErrorEntry(FORGED)] * 9, None, operation="A", endpoint=ENDPOINT
    ),
    "an invalid document": lambda: graphql_error(
        [
            GraphQLErrorEntry(
                FORGED, ("variable", FORGED), extensions={"code": "GRAPHQL_PARSE_FAILED"}
            )
        ],
        None,
        operation="A",
        endpoint=ENDPOINT,
    ),
    "its place": lambda: graphql_error(
        [GraphQLErrorEntry(FORGED, (), ((1, 2),), {"code": "GRAPHQL_PARSE_FAILED"})],
        None,
        operation="A",
        endpoint=ENDPOINT,
    ),
    "a body": lambda: http_status_error(
        Reply(502, FORGED.encode(), "text/plain"), operation="A", url=ENDPOINT.url
    ),
    "a redirect": lambda: http_status_error(
        Reply(302, location=f"http://nas/{FORGED}"), operation="A", url=ENDPOINT.url
    ),
    "a content type": lambda: _raised(
        lambda: decode_raw(
            OPERATION,
            Reply(200, b"x", content_type=FORGED),
            endpoint=ENDPOINT,
            credentials=NoCredentials(),
        )
    ),
    "names in data": lambda: _raised(
        lambda: decode_payload(
            OPERATION, dict[str, int], {"data": {FORGED: "x"}}, endpoint=ENDPOINT
        )
    ),
    "another library": lambda: connection_error(
        OSError(FORGED), {"operation": "A", "url": ENDPOINT.url}
    ),
    "a certificate": lambda: connection_error(
        _certificate_error(), {"operation": "A", "url": ENDPOINT.url}
    ),
    "TLS": lambda: connection_error(
        ssl.SSLError(1, FORGED), {"operation": "A", "url": ENDPOINT.url}
    ),
    "the closing of a socket": lambda: closed_error(
        SubscriptionTarget(ENDPOINT, OPERATION, None, 1.0),
        ActiveCredentials(NoCredentials(), 0),
        code=1000,
        reason=FORGED,
    ),
    "an odd message": lambda: _raised(
        lambda: interpret(
            json.dumps({"type": FORGED}), SubscriptionTarget(ENDPOINT, OPERATION, None, 1.0)
        )
    ),
    "names that a scraper lists": lambda: _raised(
        lambda: pick("Ada", [fake(ScrapedPerformer, name=FORGED)] * 5)
    ),
    "a job's failure": lambda: _raised(lambda: _awaited(status="FAILED", error=FORGED)),
    "a job's end": lambda: _raised(lambda: _awaited(status="CANCELLED")),
}


def _certificate_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "x")
    error.verify_message = FORGED
    return error


@pytest.mark.parametrize("make", FOREIGN.values(), ids=FOREIGN)
def test_what_others_wrote_is_quoted_in_a_line_and_cut(make: Callable[[], StashError]) -> None:
    error = make()

    _assert_told_in_a_line(error)
    assert len(str(error)) < 3000
    if isinstance(error, GraphQLError) and error.errors:
        assert error.errors[0].message == FORGED, "what the server said is there as data"
