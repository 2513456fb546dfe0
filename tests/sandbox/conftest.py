"""Fixtures of the sandbox's own tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from stash_typed.sandbox.store import Store
from tests.sandbox.library import Library


@pytest.fixture
def library() -> Iterator[Library]:
    """Give an empty server, asked in the same process."""
    library = Library()
    yield library
    library.close()


@pytest.fixture(scope="module")
def seeded() -> Iterator[Library]:
    """Give one with 300 made-up scenes and what belongs to them; only to be read."""
    library = Library(scenes=300)
    yield library
    library.close()


@pytest.fixture
def store() -> Iterator[Store]:
    """Give an empty store, in memory."""
    with closing(Store()) as store:
        yield store
