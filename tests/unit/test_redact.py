"""What may be shown of a url, of a text, of headers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_typed._runtime.redact import redact_headers, redact_text, redact_url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://nas:9999/graphql", "http://nas:9999/graphql"),
        ("http://me:secret@nas:9999/x", "http://***@nas:9999/x"),
        (
            "http://nas/scene/1/stream?apikey=abc.def&t=3",
            "http://nas/scene/1/stream?apikey=***&t=3",
        ),
        ("http://nas/a?t=3&ApiKey=abc", "http://nas/a?t=3&ApiKey=***"),
        ("http://nas/a?token=abc&access_token=def", "http://nas/a?token=***&access_token=***"),
        ("http://nas/a?keyword=abc&q=x@y", "http://nas/a?keyword=abc&q=x@y"),
        ("http://nas/mail/@me", "http://nas/mail/@me"),
    ],
)
def test_urls(url: str, shown: str) -> None:
    assert redact_url(url) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nothing to hide here", "nothing to hide here"),
        ('Get "http://nas/a?apikey=abc": refused', 'Get "http://nas/a?apikey=***": refused'),
        ("ApiKey: abc", "ApiKey: ***"),
        ("{'apikey': 'abc', 'x': 1}", "{'apikey': '***', 'x': 1}"),
        ("Cookie: session=abc; other=def", "Cookie: ***"),
        ("(b'Set-Cookie', b'session=abc; Path=/')", "(b'Set-Cookie', b'session=***; Path=/')"),
        ("Authorization: Bearer abc", "Authorization: ***"),
        ("password=abc", "password=***"),
        ("key eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOiJhIn0.c2ln!", "key ***!"),
        ("give password=… or api_key=…", "give password=… or api_key=…"),
        ("the session ended", "the session ended"),
    ],
)
def test_texts(text: str, shown: str) -> None:
    assert redact_text(text) == shown


def test_known_secrets_are_hidden_in_every_form() -> None:
    shown = redact_text("a b&c / a%20b%26c / a+b%26c", ["a b&c"])
    assert shown == "*** / *** / ***"


def test_longer_secrets_go_first() -> None:
    assert redact_text("swordfish", ["sword", "swordfish"]) == "***"


def test_short_values_are_left_since_they_are_everywhere() -> None:
    assert redact_text("a cat sat", ["a"]) == "a cat sat"


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=40),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_a_known_secret_never_survives(secret: str, before: str, after: str) -> None:
    shown = redact_text(f"{before}{secret}{after}", [secret])
    assert secret not in shown or secret in "***" or set(secret) <= {"*"}


def test_headers() -> None:
    headers = {"ApiKey": "a", "Cookie": "b", "X-Auth-Token": "c", "Accept": "*/*"}
    assert redact_headers(headers) == {
        "ApiKey": "***",
        "Cookie": "***",
        "X-Auth-Token": "***",
        "Accept": "*/*",
    }
