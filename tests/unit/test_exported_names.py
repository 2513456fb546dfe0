"""The public surface: what is exported is there, sorted, and listed."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

import stash_typed

ROOT = Path(__file__).resolve().parents[2]


def test_every_exported_name_can_be_imported() -> None:
    for name in stash_typed.__all__:
        assert getattr(stash_typed, name) is not None


def test_exported_names_are_sorted_and_listed_by_dir() -> None:
    capitals_first = sorted(stash_typed.__all__, key=lambda n: (not n.isupper(), n))
    assert stash_typed.__all__ == capitals_first
    assert dir(stash_typed) == sorted(stash_typed.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'StashKlient'"):
        getattr(stash_typed, "StashKlient")  # noqa: B009  # a checker would refuse the plain form


def test_the_version_is_that_of_the_distribution() -> None:
    assert f'version = "{stash_typed.__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_every_generated_name_can_be_imported() -> None:
    package = importlib.import_module("stash_typed_graphql")
    assert len(package.__all__) > 400
    for name in package.__all__:
        assert getattr(package, name) is not None


@pytest.mark.parametrize(
    ("public", "generated"),
    [("models", "fragments"), ("inputs", "input_types"), ("enums", "enums")],
)
def test_nouns_inputs_and_enums_are_the_generated_ones(public: str, generated: str) -> None:
    source = importlib.import_module(f"stash_typed_graphql.{generated}")
    offered = importlib.import_module(f"stash_typed.{public}")

    assert {name for name in dir(offered) if name[0] not in "_@"} == set(source.__all__)
    for name in source.__all__:
        assert getattr(offered, name) is getattr(source, name)
    assert not hasattr(offered, "NoSuchName")


def test_every_public_error_is_exported_and_has_one_root() -> None:
    errors = importlib.import_module("stash_typed.errors")
    root = stash_typed.StashError

    for name in errors.__all__:
        exported = getattr(errors, name)
        if (
            inspect.isclass(exported)
            and issubclass(exported, Exception)
            and not issubclass(exported, Warning)
        ):
            assert issubclass(exported, root)
