"""What a server, a schema or a document says stays a text, wherever it ends up in a package."""

from __future__ import annotations

import ast
import io
import os
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Callable
from pathlib import Path

import pytest
from graphql import print_ast
from graphql.language import StringValueNode, parse_value
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from stash_typed._runtime.foreign_text import visible
from stash_typed.codegen import generated_text
from stash_typed.codegen.findings import CodegenError
from stash_typed.codegen.reading import read_toml
from stash_typed.codegen.schema.introspect import stash_version_of
from tests.codegen.editing import ROOT
from tests.codegen.hostile import (
    CANARY,
    PLACES,
    WORDS,
    introspection,
    package,
    package_of_file,
    shape,
)

DEFAULTS = {0, 3, 4, 5, 6, 9}
"""The places of default values, which are GraphQL themselves: what is none of that is refused."""

NO_SHRINKING = (Phase.explicit, Phase.generate)
"""A package takes half a second: an example that fails is shown as it is."""

words = st.one_of(st.sampled_from(WORDS), st.text(max_size=40))
pieces = st.lists(
    st.sampled_from(
        ['"', '"""', "'", "'''", "\\", "\n", "\r", "\0", "{", "}", "#", "\\N{", "\u202e", "x", " "]
    ),
    max_size=12,
).map("".join)
anything = st.one_of(words, pieces, st.text())


def fitting(said: list[str]) -> list[str]:
    """The same words, but for default values that are no GraphQL."""
    return [_paired(word)[:500] if place in DEFAULTS else word for place, word in enumerate(said)]


def _paired(word: str) -> str:
    return "".join(c for c in word if not 0xD800 <= ord(c) <= 0xDFFF)


@given(anything)
def test_a_literal_gives_the_text(text: str) -> None:
    assert ast.literal_eval(generated_text.literal(text)) == text
    long = generated_text.long_literal(text)
    assert ast.literal_eval(long) == f"{text}\n"
    assert _readable(long)


@given(anything)
def test_a_docstring_is_one_line_and_nothing_else(text: str) -> None:
    written = generated_text.docstring(text)

    (statement,) = ast.parse(written).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    assert "\n" not in written
    assert _readable(written)


@given(anything)
def test_a_comment_is_one_line_and_nothing_else(text: str) -> None:
    written = generated_text.comment(text)

    kinds = [token.type for token in tokenize.generate_tokens(io.StringIO(written).readline)]
    assert set(kinds) == {tokenize.COMMENT, tokenize.NL, tokenize.ENDMARKER}
    assert kinds.count(tokenize.COMMENT) == 1
    assert _readable(written)


@given(anything)
def test_a_string_of_toml_is_one_string(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "some.toml")
        line = f"{generated_text.comment(text)}\nkey = {generated_text.toml_string(text)}\n"
        path.write_text(line, "utf-8")

        assert list(read_toml(path)) == ["key"]


@given(anything.map(_paired))
def test_what_is_not_seen_is_escaped_in_a_schema(text: str) -> None:
    written = generated_text.sdl_text(print_ast(StringValueNode(value=text)))

    value = parse_value(written)
    assert isinstance(value, StringValueNode)
    assert value.value == text
    assert _readable(written)


def _readable(text: str) -> bool:
    return visible(text) == text


@pytest.mark.parametrize("make", [package, package_of_file], ids=["from a server", "from a file"])
def test_every_word_leaves_the_code_of_a_harmless_twin(
    tmp_path: Path, make: Callable[..., dict[str, bytes]]
) -> None:
    twin = make(tmp_path, ["harmless"] * PLACES)

    @settings(max_examples=4, deadline=None, derandomize=True, phases=NO_SHRINKING)
    @given(st.lists(words, min_size=PLACES, max_size=PLACES), words)
    @example([WORDS[0]] * PLACES, WORDS[0])
    @example([WORDS[2]] * PLACES, WORDS[2])
    @example([*WORDS[3:], *WORDS[3:]][:PLACES], WORDS[-4])
    @example([*WORDS[::-1]][:PLACES], WORDS[7])
    def same(said: list[str], word: str) -> None:
        said, word = fitting(said), _paired(word)[:500]
        if make is package_of_file:
            said = [_paired(word) for word in said]
        made = make(tmp_path, said, word=word)

        assert shape(made) == shape(twin)
        for name, content in made.items():
            assert _readable(content.decode()), name
        packages.append(made)

    packages: list[dict[str, bytes]] = []
    same()
    _import(tmp_path, packages)


_IMPORTS = f"""\
import importlib, os, sys
for module in sys.argv[1:]:
    importlib.import_module(module)
    assert {CANARY!r} not in os.environ, module
    if module.count(".") == 0:
        made = sys.modules[module]
        assert list(made.Mood) == ["GLAD", "SAD", "mro", "title"]
        assert made.ThingInput().model_dump(exclude_unset=True) == {{}}
        assert made.Inner(mood="title").mood is made.Mood.title_
"""


def _import(folder: Path, packages: list[dict[str, bytes]]) -> None:
    """Import every module of packages in a process of its own, which nobody's word has reached."""
    modules: list[str] = []
    for number, made in enumerate(packages):
        for name, content in made.items():
            path = folder / "imported" / f"made{number}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            if path.suffix == ".py":
                module = name.removesuffix(".py").replace("/", ".")
                modules.append(f"made{number}.{module}".removesuffix(".__init__"))
    subprocess.run(
        [sys.executable, "-c", _IMPORTS, *modules],
        check=True,
        cwd=folder / "imported",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )


@pytest.mark.parametrize(
    ("word", "reason"),
    [("half \ud83d", "Invalid character"), ("a" * 1_000_000, "more than 10,000 characters")],
)
def test_a_default_value_that_is_none_is_refused(tmp_path: Path, word: str, reason: str) -> None:
    said = ["harmless"] * PLACES
    said[4] = word

    with pytest.raises(CodegenError, match=reason):
        package(tmp_path, said)


def test_a_megabyte_of_reason_is_cut(tmp_path: Path) -> None:
    made = package(
        tmp_path, ["a b " * 250_000 if p not in DEFAULTS else "x" for p in range(PLACES)]
    )

    assert max(len(content) for content in made.values()) < 10_000


@pytest.mark.parametrize(
    "version",
    [
        "v1\ntype Evil { id: ID }",
        'v1"\nevil = "x',
        "v0.31.0, written by me",
        f"v0.31.0'''{WORDS[0]}",
        "v0.31.0\u202e",
        "v0.31.0\n",
        "develop",
        "unknown",
        "of",
        "",
        "v" + "1" * 100_000,
    ],
)
def test_a_version_that_looks_like_none_is_not_said(tmp_path: Path, version: str) -> None:
    made = package(tmp_path, ["x"] * PLACES, version=version)
    same = package(tmp_path, ["x"] * PLACES, version="")

    assert made == same
    first = made["schema.graphql"].decode().splitlines()[0]
    assert first == "# Stash of unknown version, written by `stash-typed introspect`"
    assert b'stash_version = "unknown"\n' in made["PROVENANCE.toml"]
    assert b"STASH_VERSION = None\n" in made["base_model.py"]


@pytest.mark.parametrize("version", ["v0.31.0", "v0.31.0-12-gabcdef1", "v0.31.0-rc.1", "0.31"])
def test_a_version_that_looks_like_one_is_said(tmp_path: Path, version: str) -> None:
    made = package(tmp_path, ["x"] * PLACES, version=version)

    assert made["schema.graphql"].decode().startswith(f"# Stash {version}, written by")
    assert f'stash_version = "{version}"\n'.encode() in made["PROVENANCE.toml"]
    assert f'STASH_VERSION = "{version}"\n'.encode() in made["base_model.py"]


def test_a_version_is_read_off_the_first_line_alone() -> None:
    sdl = '# Mine\n\n"""\n# Stash v9.9.9, a description\n"""\ntype Query { things: [Thing] }\n'
    sdl += "type Thing { id: ID }\n"
    assert stash_version_of(sdl) is None


def test_words_of_a_server_go_no_further_than_its_schema(tmp_path: Path) -> None:
    """Descriptions are not asked for, and not taken when they come all the same."""
    made = package(tmp_path, ["neutral reason"] * PLACES)

    assert b"neutral reason" in made["client.py"]
    said = {name for name, content in made.items() if b"neutral" in content}
    assert said == {"client.py", "sync_client.py", "schema.graphql"}
    assert "description" in str(introspection(["x"] * PLACES, "neutral"))
