"""Texts as the server reads and orders them: names, patterns, dates, moments."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.store.functions import natural_key, phash_from_text, phash_to_text
from stash_typed.sandbox.store.moments import format_date, parse_date, parse_time, parse_timestamp
from stash_typed.sandbox.store.patterns import compile_pattern


def _key(text: str) -> bytes:
    key = natural_key(text)
    assert isinstance(key, bytes)
    return key


@pytest.mark.parametrize(
    "names",
    [
        ["clip 2", "clip 12", "clip 100"],
        ["Alpha", "beta", "Gamma"],
        ["part 1", "part 01", "part 2"],
        ["9", "10", "a"],
        ["étude", "été"],
    ],
)
def test_names_stand_in_natural_order(names: list[str]) -> None:
    mixed = names[::-1]
    mixed.sort(key=_key)
    assert mixed == names


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_in_names_are_compared_by_value(first: int, second: int) -> None:
    keys = [_key(f"clip {number}.mp4") for number in (first, second)]
    assert (keys[0] < keys[1]) == (first < second)


@given(st.text(max_size=20))
def test_case_makes_no_difference_to_the_order_of_plain_names(text: str) -> None:
    plain = re.sub(r"[^ -~]", "", text)
    assert natural_key(plain.upper()) == natural_key(plain.lower())


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"^Harbour \d+$", "Harbour 12", True),
        (r"^Harbour \d+$", "Harbour 12\n", False),  # the end is the very end
        (r"\d", "٣", False),  # digits are ASCII
        (r"\w+é", "é", False),
        (r"(?i)HARBOUR", "harbour", True),
        ("HARBOUR", "harbour", False),
        (r"\bwalk\b", "a walk.", True),
        (r"[[:digit:]]{2}", "a12", True),
        (r"(?P<name>a)(?:b|c)", "ac", True),
        (r"a{,2}", "a{,2}", True),  # not a repetition there
        (r"\x41\x{42}", "AB", True),
        (r"\Qa.b\E", "a.b", True),
        (r"\Qa.b\E", "axb", False),
        (r"a.b", "a\nb", False),
        (r"(?s)a.b", "a\nb", True),
        (r"(?m)^b$", "a\nb", True),
        (r"[^\d]", "5", False),
        (r"[\w-]+!", "a-b!", True),
        (r"\A(ab)+?\z", "abab", True),
        (r"a\.b\t", "a.b\t", True),
        (r"[\n\x41]", "A", True),
        (r"(?i:WALK) b", "walk b", True),
        (r"a{2,3}?$", "aaa", True),
        (r"a|", "b", True),
        (r"\B-\B", " - ", True),
    ],
)
def test_patterns_mean_what_the_server_means(pattern: str, text: str, found: bool) -> None:
    assert (compile_pattern(pattern).search(text) is not None) is found


@pytest.mark.parametrize(
    "pattern",
    [
        "(a",
        "a)",
        "[a",
        "a**",
        r"\8",
        "(?=a)",
        "(?<!a)b",
        r"(a)\1",
        "a{2,1}",
        "(?P=n)",
        "a\\",
        "*a",
        "a{2000}",
        "[[:word]:]",
        "[z-a]",
        "(?y)a",
    ],
)
def test_what_the_server_refuses_is_refused_in_its_words(pattern: str) -> None:
    with pytest.raises(AnswerError, match="error parsing regexp: "):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("x(?<=a)b", "invalid named capture: `(?<=a)b`"),
        ("(?<!a)b(?P<n>x)", "invalid named capture: `(?<!a)b(?P<n>`"),
        ("[(?<=a>](?<a", "invalid named capture: `(?<a`"),
        ("\\(?<a(?<\u00e9>b)", "invalid named capture: `(?<\u00e9>`"),
        (r"\QC\C\E\C", r"invalid escape sequence: `\C`"),
    ],
)
def test_what_go_refuses_otherwise_than_re2_is_refused_as_v0_30_1_does(
    pattern: str, why: str
) -> None:
    with pytest.raises(AnswerError) as caught:
        compile_pattern(pattern)
    assert str(caught.value) == f"error parsing regexp: {why}"


@pytest.mark.parametrize(
    "pattern", [r"\Q(?<=\C", "[(?<=]", r"\\C", "[]C(?<!]", "(?<n>a)(?P<m_1>b)"]
)
def test_what_only_looks_refused_is_compiled(pattern: str) -> None:
    compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^\pL$", "é"),
        (r"\p{Greek}", "\u03b1"),
        (r"(?U)^a*$", "aa"),
        (r"^a(?i)b$", "aB"),
        (r"(?m:^a)", "b\na"),
        (r"^[\W]$", "-"),
    ],
)
def test_what_only_the_servers_dialect_has_is_done(pattern: str, text: str) -> None:
    assert compile_pattern(pattern).search(text)


def test_a_pattern_takes_linear_time() -> None:
    assert not compile_pattern(r"^(a+)+$").search("a" * 100_000 + "b")


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Z"]), max_size=12))
def test_a_quoted_text_finds_itself(text: str) -> None:
    assert compile_pattern(r"\Q" + text.replace("\\E", "") + r"\E").search(text.replace("\\E", ""))


@pytest.mark.parametrize(
    ("text", "day", "shown"),
    [
        ("2024-02-29", ("2024-02-29", 0), "2024-02-29"),
        ("2024-02", ("2024-02-01", 1), "2024-02"),
        ("2024", ("2024-01-01", 2), "2024"),
        ("2024-02-03 04:05:06", ("2024-02-03", 0), "2024-02-03"),
        ("2024-02-03T04:05:06Z", ("2024-02-03", 0), "2024-02-03"),
    ],
)
def test_a_date_keeps_how_much_of_it_was_said(text: str, day: tuple[str, int], shown: str) -> None:
    assert parse_date(text) == day
    assert format_date(*day) == shown


@pytest.mark.parametrize("text", ["2023-02-29", "24", "2024-13", "tomorrow", "20240203"])
def test_what_is_no_date_is_refused_in_the_servers_words(text: str) -> None:
    with pytest.raises(AnswerError, match=rf'failed to parse date "{text}": \[ParseDateString'):
        parse_date(text)


def test_no_date_is_shown_as_none() -> None:
    assert (format_date(None, None), format_date("", 0)) == (None, None)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05Z"),
        ("2020-01-02T03:04:05+02:00", "2020-01-02T01:04:05Z"),
        ("2020-01-02T03:04:05.123456789-01:30", "2020-01-02T04:34:05.123456789Z"),
        ("2020-01-02T03:04:05.500Z", "2020-01-02T03:04:05.5Z"),
    ],
)
def test_a_time_is_kept_in_utc_with_its_fraction(text: str, moment: str) -> None:
    assert parse_time(text) == moment
    assert parse_timestamp(text) == re.sub(r"\.\d+", "", moment)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2020-01-02", 'cannot parse "" as "T"'),
        ("x", 'cannot parse "x" as "2006"'),
        ("2020-01-02T03:04:05", 'cannot parse "" as "Z07:00"'),
        ("2020-01-02T03:04:05Zx", 'extra text: "x"'),
        ("2020-02-30T03:04:05Z", "day out of range"),
    ],
)
def test_what_is_no_time_is_refused_in_the_servers_words(text: str, problem: str) -> None:
    with pytest.raises(AnswerError) as refused:
        parse_time(text)
    assert str(refused.value).startswith(f'parsing time "{text}"')
    assert str(refused.value).endswith(problem)


@pytest.mark.parametrize(
    ("text", "moment"),
    [("2020-01-02", "2020-01-02T00:00:00Z"), ("2020-01-02 03:04:05", "2020-01-02T03:04:05Z")],
)
def test_a_timestamp_may_be_a_day(text: str, moment: str) -> None:
    assert parse_timestamp(text) == moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("<4h", -14_400), (">1h30m", 5400), ("<0", 0), ("<-5m", 300), (">1.5m", 90), (">2000ms", 2)],
)
def test_a_timestamp_may_be_so_long_ago_or_ahead(text: str, seconds: int) -> None:
    expected = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    read = datetime.fromisoformat(parse_timestamp(text).replace("Z", "+00:00"))
    assert abs((read - expected).total_seconds()) < 5


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "cannot parse Timestamp: empty string"),
        ("nope", "ParseDateStringAsTime failed: dateString <nope>"),
        ("2020-1-1", "ParseDateStringAsTime failed: dateString <2020-1-1>"),
        (
            "<4x",
            "cannot parse Timestamp: cannot parse 60-duration:"
            ' time: unknown unit "x" in duration "4x"',
        ),
        (
            ">",
            'cannot parse Timestamp: cannot parse 62-duration: time: invalid duration ""',
        ),
        (
            ">4",
            'cannot parse Timestamp: cannot parse 62-duration: time: missing unit in duration "4"',
        ),
    ],
)
def test_what_is_no_timestamp_is_refused_in_the_servers_words(text: str, problem: str) -> None:
    with pytest.raises(AnswerError) as refused:
        parse_timestamp(text)
    assert str(refused.value) == problem


@given(st.integers(0, (1 << 64) - 1))
def test_a_phash_is_read_and_written_back(value: int) -> None:
    stored = phash_from_text(f"{value:x}")
    assert stored is not None
    assert -(1 << 63) <= stored < 1 << 63
    assert phash_to_text(stored) == f"{value:x}"


@pytest.mark.parametrize("text", ["", "zz", "1ffffffffffffffff", "-1", "0x1"])
def test_what_is_no_phash_is_none(text: str) -> None:
    assert phash_from_text(text) is None
