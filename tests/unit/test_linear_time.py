"""Text of others costs time in proportion to its length, however it is made up."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

import pytest

import stash_typed
from stash_typed._runtime.auth.credentials import NoCredentials
from stash_typed._runtime.endpoint import Endpoint
from stash_typed._runtime.errors import StashError
from stash_typed._runtime.foreign_text import one_line, visible
from stash_typed._runtime.http.graphql_errors import graphql_error, read_entries
from stash_typed._runtime.http.response import decode_raw
from stash_typed._runtime.http.status import http_status_error
from stash_typed._runtime.messages import Reply
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.redact import redact_headers, redact_text, redact_url
from stash_typed.cli.terminal import output
from stash_typed.testing.recordings.document_secrets import document_secrets
from stash_typed.testing.recordings.redaction import redact_json

ENDPOINT = Endpoint.parse("http://nas:9999")
OPERATION = Operation("A", "query", "a", "query A { a }")
SECRETS = ["swordfish-22", "--------", "eyJhbGciOiJIUzI1NiJ9"]
LENGTH = 10_000
_QUICK = 0.03
_RATIO = 3.3


def _is_slow(act: Callable[[str], object], text: Callable[[int], str], length: int) -> bool:
    """Whether twice the length takes much longer than twice the time.

    Counted is the time of this thread alone, whatever else the machine does. What is quick at that
    length is not slow, and what is slow is so each time.
    """

    def seconds(value: str) -> float:
        started = time.thread_time()
        act(value)
        return time.thread_time() - started

    once, twice = text(length), text(2 * length)
    for _ in range(4):
        double = seconds(twice)
        if double < _QUICK or double / seconds(once) < _RATIO:
            return False
    return True


def _refused(content: bytes, status: int) -> StashError:
    with pytest.raises(StashError) as caught:
        decode_raw(
            OPERATION, Reply(status, content), endpoint=ENDPOINT, credentials=NoCredentials()
        )
    return caught.value


def _concealed(text: str) -> None:
    StashError(text, hint=text, url=text).conceal(SECRETS)


def _graphql_error(text: str) -> None:
    entries = read_entries([{"message": text, "path": [text], "extensions": {"code": text}}])
    graphql_error(entries, None, operation="A", endpoint=ENDPOINT)


SEES_FOREIGN_TEXT: dict[str, Callable[[str], object]] = {
    "visible": visible,
    "one_line": one_line,
    "redact_url": redact_url,
    "redact_text": redact_text,
    "redact_text with secrets": lambda text: redact_text(text, SECRETS),
    "redact_headers": lambda text: redact_headers({"x": text, text: "x"}),
    "StashError": _concealed,
    "graphql_error": _graphql_error,
    "http_status_error": lambda text: http_status_error(
        Reply(302, text.encode(), location=f"http://nas/{text}"), operation="A", url=ENDPOINT.url
    ),
    "an answer": lambda text: _refused(text.encode(), 200),
    "Operation.from_document": Operation.from_document,
    "print_lines": lambda text: output.print_lines([text]),
    "print_json": lambda text: output.print_json({"x": text}),
    "document_secrets": document_secrets,
    "redact_json": lambda text: redact_json({"x": text}, SECRETS),
}
PUMPS = [
    *(
        "a",
        " ",
        "\t",
        "\n",
        '"',
        "'",
        "\\",
        "\\'",
        '\\"',
        ":",
        "/",
        "@",
        "=",
        "-",
        ".",
        "…",
        "#",
        "{",
    ),
    *(
        "(",
        "://",
        "://a:",
        "eyJa-",
        "eyJaaaaaaaa-",
        "eyJaaaaaaaa.",
        "token ",
        "token=",
        'password="',
    ),
    *(
        "password='",
        "cookie:",
        "cookie: ",
        "set-cookie",
        "?apikey=",
        "&",
        "%26",
        "Bearer ",
        "Basic a",
    ),
    *(
        '"""',
        '""',
        '{"',
        "x\x1b",
        "\u202e",
        "swordfish-2",
        "swordfish-2…",
        "with id ",
        'Unknown type "',
    ),
    *('Cannot query field "', "apikeyapikey", "\\u0026", "<!--", "# "),
]


@pytest.mark.parametrize("function", SEES_FOREIGN_TEXT)
def test_twice_the_text_takes_twice_the_time(
    function: str, capsys: pytest.CaptureFixture[str]
) -> None:
    act = SEES_FOREIGN_TEXT[function]
    for pump in PUMPS:
        for before, after in (("", ""), ('"', "@"), ("token=", "\n!")):

            def text(length: int, made: tuple[str, str, str] = (before, pump, after)) -> str:
                return made[0] + made[1] * (length // len(made[1])) + made[2]

            assert not _is_slow(act, text, LENGTH), (before, pump, after)
    capsys.readouterr()


# Every pattern of the package, those of the sandbox aside: it is no client, and runs the patterns
# of its own users.

NOT_SEARCHED = {
    "stash_typed._runtime.versions.adaptation._PART": "reads only what this package wrote",
    "stash_typed._runtime.endpoint._SCHEME": "match",
    "stash_typed._runtime.document_text._TOKEN": "match, token after token",
    "stash_typed.codegen.schema.diff._PATTERNS": "match",
    "stash_typed.images._DATA_URL_HEAD": "fullmatch, of a head of bounded length",
    "stash_typed.images._SIGNATURES": "match, in the first few bytes",
    "stash_typed.testing.recordings.cassette._NUMBERED": "fullmatch, of a file's name",
}


def _patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    for found in pkgutil.walk_packages(stash_typed.__path__, "stash_typed."):
        if found.name.startswith("stash_typed.sandbox") or found.name.endswith("__main__"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            for pattern in _within(value):
                yield f"{found.name}.{name}", pattern


def _within(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value  # pyright: ignore[reportUnknownVariableType]
    elif isinstance(value, (list, tuple)):
        for item in cast("list[object]", value):
            yield from _within(item)


def test_many_short_texts_are_looked_through_in_time() -> None:
    key = f"eyJ{'aB3-' * 50}"
    entries = read_entries([{"message": "no"}] * 20_000)
    error = graphql_error(entries, None, operation="A", endpoint=ENDPOINT)
    started = time.thread_time()

    error.conceal([key, "swordfish-22"])
    redact_json([{"message": "no"}] * 20_000, [key, "swordfish-22"])

    assert time.thread_time() - started < 3
    assert len(error.errors) == 20_000


def _atoms(pattern: re.Pattern[Any]) -> list[str]:
    """Pieces of text that a pattern may run after: its own literals, and the usual ones."""
    source = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    literals = [each for each in re.split(r"\\.|[()\[\]|?+*{}^$.]", source) if 0 < len(each) < 30]
    return list(
        dict.fromkeys([*literals[:12], *" \n\"'\\.:/=@-#aA0,_({", '"""', '\\"', "a ", "eyJ"])
    )


def test_no_pattern_looks_again_and_again_at_the_same_text() -> None:
    found = dict[str, str]()
    patterns = {(where, pattern.pattern): pattern for where, pattern in _patterns()}
    for (where, _), pattern in patterns.items():
        if where in NOT_SEARCHED or where in found:
            continue
        for act, text in _attempts(pattern):
            if _is_slow(act, text, LENGTH // 2):
                found[where] = f"{pattern.pattern!r} on {text(40)!r}"
                break

    assert len(patterns) > 50
    assert found == {}


def _attempts(
    pattern: re.Pattern[Any],
) -> Iterator[tuple[Callable[[str], object], Callable[[int], str]]]:
    in_bytes = isinstance(pattern.pattern, bytes)

    def act(text: str) -> object:
        return sum(1 for _ in pattern.finditer(text.encode() if in_bytes else text))

    atoms = _atoms(pattern)
    for before in ("", *atoms[:6]):
        for pump in atoms:
            yield act, partial(_made, before, pump)


def _made(before: str, pump: str, length: int) -> str:
    return f"{before}{pump * (length // len(pump))}\0"
