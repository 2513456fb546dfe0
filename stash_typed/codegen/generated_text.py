"""Quotes text from a schema, a document or a server for generated code.

The text is untrusted: it cannot escape from its literal, docstring or comment. Where there is
structure, build `ast.Constant` instead.
"""

from __future__ import annotations

import json
import re

from stash_typed._runtime.foreign_text import one_line, visible

__all__ = ["comment", "docstring", "literal", "long_literal", "sdl_text", "toml_string"]

# No run of three quotes, and none before the closing ones.
_CLOSING = re.compile(r'"(?="")|"$')


def literal(value: object) -> str:
    """Return plain data as a Python literal."""
    return repr(value)


def long_literal(text: str, end: str = "\n") -> str:
    """Return a multi-line text, followed by `end`, as a readable literal."""
    shown = "".join(c if c.isprintable() or c == "\n" else _escaped(c) for c in _doubled(text))
    return f'"""\\\n{_CLOSING.sub(_quote, shown)}{end}"""'


def docstring(text: str) -> str:
    """Return a one-line docstring."""
    return f'"""{_CLOSING.sub(_quote, _doubled(one_line(text)))}"""'


def comment(text: str) -> str:
    """Return a one-line comment for Python, TOML or GraphQL."""
    return f"# {one_line(text)}"


def toml_string(text: str) -> str:
    """Return a TOML basic string, with terminal control characters escaped."""
    return json.dumps(visible(text), ensure_ascii=False)


def sdl_text(sdl: str) -> str:
    """Replace invisible characters in a printed schema by GraphQL escapes."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{{{ord(c):x}}}" for c in sdl)


def _doubled(text: str) -> str:
    return text.replace("\\", "\\\\")


def _quote(match: re.Match[str]) -> str:
    return f"\\{match.group()}"


def _escaped(character: str) -> str:
    return ascii(character)[1:-1]
