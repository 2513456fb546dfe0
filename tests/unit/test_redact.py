"""What may be shown of a url, of a text, of headers."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_typed._runtime.foreign_text import one_line
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
        ("http://me:p@ss@nas/x", "http://***@nas/x"),
        ("http://me:half-a-passwo…", "http://***…"),
        ("http://nas/x?my_token=abc&t=1", "http://nas/x?my_token=***&t=1"),
        ("http://nas/login?to=%2Fx%3Fapikey%3Dabc", "http://nas/login?to=%2Fx%3Fapikey%3D***"),
        ("http://nas/x?to=%253Fapikey%253Dabc", "http://nas/x?to=%253Fapikey%253D***"),
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
        (
            '{"url": "http://nas/x?t=1\\u0026apikey=abc"}',
            '{"url": "http://nas/x?t=1\\u0026apikey=***"}',
        ),
        ("STASH_API_KEY=abc", "STASH_API_KEY=***"),
        ('newPassword: "several words \\" more" x', 'newPassword: "***" x'),
        ("{'password': 'several words'}", "{'password': '***'}"),
        (r"{\"password\":\"several words\"}", r'{\"password\":\"***"}'),
        ("illegal value b'Basic dXNlcjpwYXNz'", "illegal value b'Basic ***'"),
        ("Basic authentication is off", "Basic authentication is off"),
        ("Unexpected token < in JSON", "Unexpected token < in JSON"),
        ("key -eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOiJhIn0.c2ln", "key -***"),
        ("key eyJhbGciOiJIUzI1…", "key ***…"),
        ("key eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOiJhIn0.c2…; more", "key ***…; more"),
    ],
)
def test_texts(text: str, shown: str) -> None:
    assert redact_text(text) == shown


def test_known_secrets_are_hidden_in_every_form() -> None:
    shown = redact_text("a b&c / a%20b%26c / a+b%26c", ["a b&c"])
    assert shown == "*** / *** / ***"


@pytest.mark.parametrize(
    "encoded",
    [
        "a%20b%26c%2Fd",
        "a%20b%26c%2fd",
        "a b&amp;c/d",
        base64.b64encode(b"u:a b&c/d").decode(),
        base64.b64encode(b"me:a b&c/d").decode(),
        base64.b64encode(b"ada:a b&c/d").decode(),
    ],
)
def test_known_secrets_are_hidden_in_encodings(encoded: str) -> None:
    shown = redact_text(f"it was {encoded}!", ["a b&c/d"])
    assert "***" in shown
    assert encoded not in shown


@pytest.mark.parametrize("secret", ["tab\tand  blanks", "escape\x1b[0m", 'quo"te\\s', "zoë-☃-ü"])
def test_known_secrets_are_hidden_after_a_text_was_made_one_line(secret: str) -> None:
    shown = redact_text(one_line(f"it was {secret} {json.dumps(secret)}!"), [secret])
    assert shown in ("it was *** ***!", 'it was *** "***"!')


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40), st.data()
)
def test_a_cut_leaves_no_half_of_a_known_secret(secret: str, data: st.DataObject) -> None:
    kept = data.draw(st.integers(2, len(secret) - 1))
    shown = redact_text(one_line(f"{'x ' * 50}{secret}", 101 + kept), [secret])
    assert secret[:kept] not in shown.replace("x ", "") or set(secret[:kept]) <= set("*… x")


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
