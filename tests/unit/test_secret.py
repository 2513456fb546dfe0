"""Values that hide: in their own repr, in that of whatever holds them, and in parts of them."""

from __future__ import annotations

import io
import pickle
from typing import Any

import pytest
from rich.console import Console
from rich.pretty import pretty_repr

from stash_typed._runtime.auth.credentials import ApiKey, Password, SessionCookie
from stash_typed._runtime.auth.sign_in import ActiveCredentials, SignIn
from stash_typed._runtime.base_model import BaseModel
from stash_typed._runtime.http.request import GraphQLRequest
from stash_typed._runtime.messages import Outgoing, Reply
from stash_typed._runtime.redact import redact_json
from stash_typed._runtime.secret import HiddenMapping, Secret
from stash_typed._runtime.websocket.protocol import handshake_headers
from stash_typed.errors import GraphQLError, GraphQLErrorEntry

CANARY = "Kanarienvogel" * 10
LINK = f"http://nas/scene/1/screenshot?t=1&apikey={CANARY}"


class Paths(BaseModel):
    """Some of what a server answers."""

    screenshot: str
    urls: list[str]
    plugins: dict[str, Any]
    password: str


HOLDERS: list[object] = [
    Secret(CANARY),
    Secret(CANARY)[:50],
    Secret(CANARY)[3],
    HiddenMapping({"X-Token": CANARY}),
    ApiKey(CANARY),
    ApiKey(CANARY).value,
    Password("ada", CANARY),
    SessionCookie(CANARY, ApiKey(CANARY)),
    SignIn(SessionCookie(CANARY)).active(),
    SignIn(ApiKey(CANARY)).active(),
    Outgoing("x", "POST", LINK, {"X": CANARY}, CANARY.encode(), CANARY, CANARY),
    Reply(302, CANARY.encode(), "", LINK, (CANARY,)),
    GraphQLRequest(CANARY.encode(), "application/json"),
    handshake_headers({"X": CANARY}, ActiveCredentials(ApiKey(CANARY), 0, CANARY, CANARY)),
    Paths(
        screenshot=LINK,
        urls=[LINK],
        plugins={"one": {"apiKey": CANARY, "link": LINK}},
        password=CANARY,
    ),
]


@pytest.mark.parametrize("holder", HOLDERS, ids=lambda holder: type(holder).__name__)
def test_what_holds_a_secret_does_not_show_it(holder: object) -> None:
    screen = Console(file=io.StringIO(), width=1000)
    screen.print(holder, [holder])
    file = screen.file
    assert isinstance(file, io.StringIO)
    holders: Any = {"it": [holder, (holder,)]}
    for text in (repr(holder), repr(holders), pretty_repr(holders, max_string=80)):
        assert "Kanarien" not in text


def test_a_secret_is_a_text_like_any_other() -> None:
    assert Secret("abc") == "abc"
    assert f"session={Secret('abc')}" == "session=abc"
    assert Secret("abc").encode() == b"abc"
    assert repr(Secret("")) == "''"
    assert pickle.loads(pickle.dumps(Secret("abc"))) == "abc"


def test_hidden_mappings_are_mappings() -> None:
    headers = HiddenMapping({"X-Token": "abc"})
    assert headers == {"X-Token": "abc"}
    assert dict(headers) == {"X-Token": "abc"}
    assert repr(headers) == "<X-Token>"


def test_json_is_redacted_by_names_and_in_links() -> None:
    value = {"apiKey": "k", "password": "", "a": [{"link": LINK, "n": 1}], "name": "a key"}
    assert redact_json(value) == {
        "apiKey": "***",
        "password": "",
        "a": [{"link": "http://nas/scene/1/screenshot?t=1&apikey=***", "n": 1}],
        "name": "a key",
    }


def test_a_copy_of_an_error_carries_no_link_with_a_key() -> None:
    entry = GraphQLErrorEntry("no", extensions={"link": LINK})
    error = GraphQLError("no", errors=[entry], data={"a": {"link": LINK}, "name": "it"})
    copied = pickle.loads(pickle.dumps(error))
    assert isinstance(copied, GraphQLError)
    assert copied.data == {"a": {"link": redact_json(LINK)}, "name": "it"}
    assert error.data == {"a": {"link": LINK}, "name": "it"}
    assert CANARY not in repr(copied.errors)


def test_secrets_are_taken_out_of_each_of_the_servers_errors() -> None:
    error = GraphQLError("what is s3cret?", errors=[GraphQLErrorEntry("what is s3cret?")])
    error.tried(3)
    error.conceal(["s3cret"])
    assert [entry.message for entry in error.errors] == ["what is ***?"]
    assert "s3cret" not in str(error)
    assert str(error).endswith("Tried 3 times.")
