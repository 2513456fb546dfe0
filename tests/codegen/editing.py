"""Schemas of releases that never were: schema.graphql with something removed, renamed or added.

The file has one field, input field or enum value in each line, with its arguments; that is what
these edits go by. An edit that finds nothing to do fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, build_schema

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "schema.graphql"
PACKAGED = SCHEMA.read_text(encoding="utf-8")
RELEASES = ROOT.parent / "shared" / "schemas"
NO_RELEASES = "the schemas of other releases are not here: ../shared/schemas"

Edit = Callable[[str], str]

_NAME = r"(?<!\w){}(?!\w)"


def edited_text(*edits: Edit, of: str = PACKAGED) -> str:
    """Give the SDL with the edits made one after the other."""
    for edit in edits:
        of = edit(of)
    return of


def edited(*edits: Edit, of: str = PACKAGED) -> GraphQLSchema:
    """Give the schema with the edits made one after the other."""
    return build_schema(edited_text(*edits, of=of))


@cache
def packaged() -> GraphQLSchema:
    """Give the schema as it is; nobody changes it."""
    return edited()


def _substitute(pattern: str, new: str, text: str, flags: re.RegexFlag = re.MULTILINE) -> str:
    result, count = re.subn(pattern, new, text, flags=flags)
    assert count, f"nothing in the schema is like {pattern}"
    return result


def _in_block(type_name: str, change: Edit) -> Edit:
    def edit(text: str) -> str:
        block = re.search(rf"^\w+ {type_name}( implements [^{{]+)? {{\n(.*?)^}}", text, re.M | re.S)
        assert block, f"the schema has no {type_name}"
        return text[: block.start(2)] + change(block.group(2)) + text[block.end(2) :]

    return edit


def _in_line(coordinate: str, change: Edit) -> Edit:
    owner, _, name = coordinate.partition(".")

    def change_block(block: str) -> str:
        line = re.search(rf"^  {name}\b.*\n", block, re.M)
        assert line, f"the schema has no {coordinate}"
        return block[: line.start()] + change(line.group()) + block[line.end() :]

    return _in_block(owner, change_block)


def _argument(coordinate: str) -> tuple[str, str]:
    field, _, argument = coordinate.removesuffix(":)").partition("(")
    return field, argument


def removed(coordinate: str) -> Edit:
    """Without `Type.field`, `Type.field(argument:)`, `Input.field` or `Enum.VALUE`."""
    field, argument = _argument(coordinate)
    if not argument:
        return _in_line(field, lambda line: "")

    def change(line: str) -> str:
        line = _substitute(rf"\b{argument}: [^,)]+(, )?", "", line)
        return line.replace(", )", ")").replace("()", "")

    return _in_line(field, change)


def renamed(coordinate: str, new: str) -> Edit:
    """With another name for a field, an argument, an input field or an enum value."""
    field, argument = _argument(coordinate)
    name = argument or field.partition(".")[2]
    return _in_line(field, lambda line: _substitute(rf"\b{name}\b", new, line))


def retyped(coordinate: str, type_: str) -> Edit:
    """With another type for a field, an argument or an input field."""
    field, argument = _argument(coordinate)
    if argument:
        return _in_line(
            field, lambda line: _substitute(rf"\b{argument}: [^,)]+", f"{argument}: {type_}", line)
        )
    return _in_line(
        field, lambda line: _substitute(r"(^  \w+(\(.*\))?): .*$", rf"\1: {type_}", line)
    )


def added(owner: str, member: str) -> Edit:
    """With a further field, input field or enum value; for `Type.field`, a further argument."""
    if "." not in owner:
        return _in_block(owner, lambda block: f"{block}  {member}\n")

    def change(line: str) -> str:
        if "(" in line:
            return line.replace("(", f"({member}, ", 1)
        return line.replace(":", f"({member}):", 1)

    return _in_line(owner, change)


def new_type(sdl: str) -> Edit:
    """With a further definition."""
    return lambda text: f"{text}\n{sdl}\n"


def renamed_type(name: str, new: str) -> Edit:
    """With another name for a type, wherever it stands."""
    return lambda text: _substitute(_NAME.format(name), new, text)


def without_type(name: str) -> Edit:
    """Without a type, and without the fields, arguments and union members that name it."""
    named = _NAME.format(name)

    def edit(text: str) -> str:
        text = _substitute(rf"^\w+ {name}( implements [^{{]+)? {{\n.*?^}}\n", "", text, re.M | re.S)
        text = re.sub(rf"\b\w+: [\[!\]]*{named}[^,)\n]*(, )?(?=[^\n]*\):)", "", text)
        text = re.sub(rf"^(union \w+ = .*?)(\| {named}|{named} \| )", r"\1", text, flags=re.M)
        text = re.sub(rf"^  \w+.*: \[?{named}.*\n", "", text, flags=re.M)
        return text.replace(", )", ")").replace("()", "")

    return edit
