r"""Regular expressions in the server's dialect (RE2), translated for Python's `re`.

The two differ where it matters: `\d`, `\w`, `\s`, `\b` mean ASCII, `$` is the very end of the
text, and there is no looking around and no reference back. What the server refuses is refused in
its words; what Python cannot do in the same way is refused as the sandbox's own limit.
"""

from __future__ import annotations

import re
from functools import lru_cache

from stash_typed.sandbox.errors import AnswerError, refuse

__all__ = ["compile_pattern"]

_SETS = {"d": "0-9", "w": "0-9A-Za-z_", "s": "\\t\\n\\f\\r "}
_WORD = f"[{_SETS['w']}]"
_BORDER = f"(?:(?<!{_WORD})(?={_WORD})|(?<={_WORD})(?!{_WORD}))"
_ESCAPES = {
    "b": _BORDER,
    "B": f"(?!{_BORDER})",
    "A": r"\A",
    "z": r"\Z",
    **{letter: f"[{members}]" for letter, members in _SETS.items()},
    **{letter.upper(): f"[^{members}]" for letter, members in _SETS.items()},
}
_CONTROLS = "aftnrv"
_NAMED_SETS = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": "\\t ",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "lower": "a-z",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t\\n\\v\\f\\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_BAD_RANGE = "bad character range "
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_FLAGS = re.compile(r"\(\?([a-zA-Z]+)(?:-([a-zA-Z]+))?([:)])")
_GROUP_NAME = re.compile(r"\(\?P?<([A-Za-z_][A-Za-z0-9_]*)>")
_HEX = re.compile(r"\\x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))")


@lru_cache(maxsize=32)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of a criterion.

    Args:
        pattern: as the server takes it.

    Raises:
        AnswerError: the server refuses it (its own text), or the sandbox cannot do it.
    """
    try:
        return re.compile(_Translation(pattern).run())
    except re.error as problem:
        if problem.msg.startswith(_BAD_RANGE):
            raise _error(
                "invalid character class range", problem.msg.removeprefix(_BAD_RANGE)
            ) from None
        raise refuse(f"the regular expression {pattern!r} ({problem})") from problem


class _Translation:
    """One pass over a pattern, from left to right."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.out: list[str] = []
        self.depth = 0
        self.multiline = False
        self.repeatable = False  # is there something that a `*` could repeat?
        self.repeated = ""  # the repetition that was just read

    def run(self) -> str:
        while self.at < len(self.pattern):
            character = self.pattern[self.at]
            if character in "*+?" or (character == "{" and _REPEAT.match(self.pattern, self.at)):
                self.repetition()
                continue
            self.repeated = ""
            if character == "\\":
                self.escape()
            elif character == "[":
                self.character_class()
            elif character == "(":
                self.open_group()
            else:
                self.at += 1
                if character == ")":
                    if not self.depth:
                        raise _error("unexpected )", self.pattern)
                    self.depth -= 1
                self.repeatable = character != "|"
                self.out.append(r"\Z" if character == "$" and not self.multiline else character)
        if self.depth:
            raise _error("missing closing )", self.pattern)
        return "".join(self.out)

    def repetition(self) -> None:
        counted = _REPEAT.match(self.pattern, self.at)
        sign = counted.group() if counted else self.pattern[self.at]
        if self.repeated:
            if sign == "?" and not self.repeated.endswith("?!"):
                self.repeated += "?!"
                self.take(sign)
                return
            raise _error("invalid nested repetition operator", self.repeated.rstrip("!") + sign)
        if not self.repeatable:
            raise _error("missing argument to repetition operator", sign)
        if counted:
            low, high = int(counted.group(1)), int(counted.group(2) or counted.group(1))
            if low > 1000 or high > 1000 or (counted.group(2) and high < low):
                raise _error("invalid repeat count", sign)
        self.repeated = sign
        self.take(sign)

    def take(self, text: str) -> None:
        self.at += len(text)
        self.out.append(text)

    def escape(self) -> None:
        if self.at + 1 == len(self.pattern):
            raise _error("trailing backslash at end of expression", "")
        letter = self.pattern[self.at + 1]
        self.repeatable = True
        if letter == "Q":
            end = self.pattern.find("\\E", self.at)
            literal = self.pattern[self.at + 2 : end if end >= 0 else None]
            self.at = end + 2 if end >= 0 else len(self.pattern)
            self.out.append(re.escape(literal))
        elif letter in _ESCAPES:
            self.at += 2
            self.out.append(_ESCAPES[letter])
        else:
            self.out.append(self.literal_escape(letter))

    def literal_escape(self, letter: str) -> str:
        """Read an escape that stands for one character, inside a class or outside."""
        if letter in "pP":
            raise refuse(f"regular expressions with Unicode classes (\\{letter})")
        hexadecimal = _HEX.match(self.pattern, self.at)
        if hexadecimal:
            self.at = hexadecimal.end()
            return re.escape(chr(int(hexadecimal.group(1) or hexadecimal.group(2), 16)))
        if letter in _CONTROLS:
            self.at += 2
            return "\\" + letter
        if letter.isalnum() or not letter.isascii():
            raise _error("invalid escape sequence", "\\" + letter)
        self.at += 2
        return re.escape(letter)

    def character_class(self) -> None:
        start = self.at
        self.at += 1
        body = ["["]
        if self.pattern.startswith("^", self.at):
            body.append("^")
            self.at += 1
        first = True
        while True:
            if self.at >= len(self.pattern):
                raise _error("missing closing ]", self.pattern[start:])
            character = self.pattern[self.at]
            if character == "]" and not first:
                break
            body.append(self.class_member(character))
            first = False
        self.at += 1
        self.repeatable = True
        self.out.append("".join(body) + "]")

    def class_member(self, character: str) -> str:
        if character == "[" and self.pattern.startswith("[:", self.at):
            end = self.pattern.find(":]", self.at)
            if end >= 0:
                name = self.pattern[self.at + 2 : end]
                if name not in _NAMED_SETS:
                    raise _error("invalid character class range", self.pattern[self.at : end + 2])
                self.at = end + 2
                return _NAMED_SETS[name]
        if character == "\\" and self.at + 1 < len(self.pattern):
            letter = self.pattern[self.at + 1]
            if letter in _SETS:
                self.at += 2
                return _SETS[letter]
            if letter.lower() in _SETS:
                raise refuse(f"regular expressions with \\{letter} inside a character class")
            return self.literal_escape(letter)
        self.at += 1
        return "\\" + character if character in "[]&|~\\" else character

    def open_group(self) -> None:
        self.repeatable = False
        flags = _FLAGS.match(self.pattern, self.at)
        named = _GROUP_NAME.match(self.pattern, self.at)
        if flags:
            on, off, end = flags.groups()
            if set(on + (off or "")) - set("imsU"):
                raise _error("invalid or unsupported Perl syntax", flags.group()[:-1])
            if "U" in on + (off or ""):
                raise refuse("regular expressions with the flag U")
            if end == ")":
                if self.out or off:
                    raise refuse("regular expressions with flags that begin in their middle")
                self.multiline = "m" in on
            elif "m" in on + (off or ""):
                raise refuse("regular expressions with the flag m for a part of them")
            else:
                self.depth += 1
            self.take(flags.group())
        elif named:
            self.depth += 1
            self.at = named.end()
            self.out.append(f"(?P<{named.group(1)}>")
        elif self.pattern.startswith("(?:", self.at):
            self.depth += 1
            self.take("(?:")
        elif self.pattern.startswith("(?", self.at):
            raise _error("invalid or unsupported Perl syntax", self.pattern[self.at : self.at + 3])
        else:
            self.depth += 1
            self.take("(")


def _error(reason: str, part: str) -> AnswerError:
    return AnswerError(f"error parsing regexp: {reason}: `{part}`")
