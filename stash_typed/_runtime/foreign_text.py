"""Makes untrusted text safe to display, whether from a server, a file or another library.

Such text may hold escape sequences that steer a terminal, characters that turn the direction of
writing, line breaks that forge a line of a log, or a megabyte.
"""

from __future__ import annotations

import re

LONGEST = 500
"""The maximum number of characters of foreign text in one message."""

_BREAKS = "\\n\\t"
# Controls (C0, DEL, C1), what is not seen or turns the direction of writing, line and paragraph
# separators, halves of surrogate pairs. The joiners of emoji and of Indic scripts stay.
_UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
)
# The flags of England, Scotland and Wales are a black flag and letters that are not seen.
_FLAG = "\U0001f3f4"
_FLAG_OF_A_REGION = rf"{_FLAG}[\U000e0030-\U000e007a]{{3,6}}\U000e007f"
_STEERING = re.compile(f"{_FLAG_OF_A_REGION}|(?![{_BREAKS}])[{_UNSEEN}]")
_ALL_STEERING = re.compile(f"{_FLAG_OF_A_REGION}|[{_UNSEEN}]")
_BLANKS = re.compile(r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029 ]+")


def visible(text: str) -> str:
    r"""Show characters that steer a terminal as escapes; line feeds and tabs stay."""
    return _STEERING.sub(_escape, text)


def one_line(text: str, longest: int = LONGEST) -> str:
    """Make text one line of bounded length, without characters that steer a terminal."""
    cut = text[: longest * 4]
    line = _ALL_STEERING.sub(_escape, _BLANKS.sub(" ", cut).strip())
    return line if len(line) <= longest and len(cut) == len(text) else f"{line[: longest - 1]}…"


def _escape(match: re.Match[str]) -> str:
    found = match.group()
    return found if found.startswith(_FLAG) else ascii(found)[1:-1]
