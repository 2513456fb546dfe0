"""Quotes words of a schema, a document or a server for generated text.

Whoever wrote those words does not write code: what they say stays inside the literal, the docstring
or the comment that it was put into. Where there is structure, build `ast.Constant` instead.
"""

from __future__ import annotations

import json
import re

from stash_typed._runtime.foreign_text import one_line, visible

__all__ = ["comment", "docstring", "literal", "long_literal", "sdl_text", "toml_string"]

# No run of three quotes, and none before the closing ones.
_CLOSING = re.compile(r'"(?="")|"$')


def literal(value: object) -> str:
    """Write plain data as Python."""
    return repr(value)


def long_literal(text: str, end: str = "\n") -> str:
    """Write a text of several lines, and the end behind it, as a literal that people can read."""
    shown = "".join(c if c.isprintable() or c == "\n" else _escaped(c) for c in _doubled(text))
    return f'"""\\\n{_CLOSING.sub(_quote, shown)}{end}"""'


def docstring(text: str) -> str:
    """Write a docstring of one line."""
    return f'"""{_CLOSING.sub(_quote, _doubled(one_line(text)))}"""'


def comment(text: str) -> str:
    """Write a comment of one line, for Python, TOML or GraphQL."""
    return f"# {one_line(text)}"


def toml_string(text: str) -> str:
    """Write a text as a basic string of TOML, characters that steer a terminal as escapes."""
    return json.dumps(visible(text), ensure_ascii=False)


def sdl_text(sdl: str) -> str:
    """Write the characters of a printed schema that are not seen as GraphQL's escapes."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{{{ord(c):x}}}" for c in sdl)


def _doubled(text: str) -> str:
    return text.replace("\\", "\\\\")


def _quote(match: re.Match[str]) -> str:
    return f"\\{match.group()}"


def _escaped(character: str) -> str:
    return ascii(character)[1:-1]
