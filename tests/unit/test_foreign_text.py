"""Text of others is shown without steering anything, and without end."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_typed._runtime.foreign_text import LONGEST, one_line, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x07", r"\x1b[2J\x07"),
        ("a\rb\x08", r"a\rb\x08"),
        ("\x9b31m", r"\x9b31m"),
        ("exe\u202egpj", r"exe\u202egpj"),
        ("\ud800", r"\ud800"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("Zoë 👩\u200d🚀", "Zoë 👩\u200d🚀"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f!",) * 2,
        ("a\U000e0067\U000e007f", r"a\U000e0067\U000e007f"),
        ("\U0001f3f4\U000e0067", "\U0001f3f4\\U000e0067"),
    ],
)
def test_steering_characters_are_seen(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_line_is_one_line_of_bounded_length() -> None:
    assert one_line("  a\r\n\tb\u2028c\x1b ") == r"a b c\x1b"
    assert one_line("x" * LONGEST) == "x" * LONGEST
    assert one_line("x" * 10_000_000, 10) == "xxxxxxxxx…"
    assert one_line("ab" + " " * 100_000, 10) == "ab…"


@given(st.text(st.characters(codec=None)), st.integers(1, 60))
def test_nothing_steers_whatever_the_text(text: str, longest: int) -> None:
    line = one_line(text, longest)

    assert len(line) <= longest
    for shown in (line, visible(text).replace("\n", "").replace("\t", "")):
        kinds = {unicodedata.category(c) for c in shown}
        assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
        assert not any(unicodedata.bidirectional(c) in {"LRE", "RLO", "LRI", "PDI"} for c in shown)
        shown.encode()
