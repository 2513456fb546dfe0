"""Regular expressions of criteria: RE2, which the server has too, and the server's words."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol, cast

from stash_typed.sandbox.errors import AnswerError


class _Pattern(Protocol):
    def search(self, text: str) -> object | None: ...


_re2 = cast("Any", import_module("re2"))  # it has no types
_OPTIONS = _re2.Options()
_OPTIONS.log_errors = False
_GO_WORDS = {
    "missing )": "missing closing )",
    "missing ]": "missing closing ]",
    "bad repetition operator": "invalid nested repetition operator",
    "no argument for repetition operator": "missing argument to repetition operator",
    "invalid repetition size": "invalid repeat count",
    "invalid perl operator": "invalid or unsupported Perl syntax",
    "invalid named capture group": "invalid named capture",
    "trailing \\": "trailing backslash at end of expression",
    "pattern too large - compile failed": "expression too large",
}
"""What RE2 says, where Go's own translation of it says it in another way."""

_GO_REFUSES = re.compile(
    r"\\Q.*?(?:\\E|\Z)"  # a literal
    r"|\[\^?\]?(?:\\.?|\[:\^?\w+:\]|[^\]\\])*(?:\]|\Z)"  # a class
    r"|(?P<byte>\\C)|\\."
    r"|(?P<name>\(\?P?<(?!\w+>)(?:[^>]*>|.*))",
    re.ASCII | re.DOTALL,
)
"""What Go refuses in its own way, and what is stepped over to find it: RE2 knows `\\C`, names in
any script, and `(?<=` by another word."""


@lru_cache(maxsize=32)
def compile_pattern(pattern: str) -> _Pattern:
    """Compile a pattern; one that is refused is refused in the server's words."""
    for found in _GO_REFUSES.finditer(pattern):
        if part := found["byte"]:
            raise AnswerError(f"error parsing regexp: invalid escape sequence: `{part}`")
        if part := found["name"]:
            raise AnswerError(f"error parsing regexp: invalid named capture: `{part}`")
    try:
        return cast("_Pattern", _re2.compile(pattern, _OPTIONS))
    except UnicodeEncodeError:
        raise AnswerError(f"error parsing regexp: invalid UTF-8: `{pattern!a}`") from None
    except _re2.error as problem:
        reason, _, part = problem.args[0].decode(errors="replace").partition(": ")
        words = _GO_WORDS.get(reason, reason)
        raise AnswerError(f"error parsing regexp: {words}: `{part}`") from None
