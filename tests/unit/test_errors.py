"""Errors: one tree, texts that help, and nothing lost when one is pickled or copied."""

from __future__ import annotations

import copy
import pickle
from typing import TypedDict

import pytest

from stash_typed import errors
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
