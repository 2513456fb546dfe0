"""The synchronous client has every name of the other one, with the same arguments and results."""

from __future__ import annotations

import inspect
import re

import pytest

from stash_typed import Job, StashClient, SyncJob, SyncStashClient
from stash_typed.freeones import Freeones
from stash_typed.library.collections import (
    Collection,
    NamedCollection,
    NamedTagCollection,
    PerformerCollection,
    TagCollection,
)
from stash_typed.sync.collections import (
    SyncCollection,
    SyncNamedCollection,
    SyncNamedTagCollection,
    SyncPerformerCollection,
    SyncTagCollection,
)
from stash_typed.sync.freeones import SyncFreeones

TWINS = [
    (StashClient, SyncStashClient),
    (Job, SyncJob),
    (Freeones, SyncFreeones),
    (Collection, SyncCollection),
    (NamedCollection, SyncNamedCollection),
    (TagCollection, SyncTagCollection),
    (PerformerCollection, SyncPerformerCollection),
    (NamedTagCollection, SyncNamedTagCollection),
]

# What has another name where nothing waits, and the types that stand for each other.
RENAMED = {"aclose": "close"}
SAME_TYPES = [
    (r"AsyncGenerator\[(.+), None\]$", r"Generator[\1, None, None]"),
    (r"AbstractAsyncContextManager", "AbstractContextManager"),
    (r"httpx\.AsyncClient", "httpx.Client"),
    (r"AsyncBaseClient", "SyncBaseClient"),
    (r"AsyncExecutor", "SyncExecutor"),
    (r"\bJob\b", "SyncJob"),
    (r"\bFreeones\b", "SyncFreeones"),
]


def _public(owner: type) -> set[str]:
    return {RENAMED.get(name, name) for name in dir(owner) if not name.startswith("_")}


def _synchronous(annotation: object, module: str) -> str:
    text = str(annotation)
    if module.startswith("stash_typed_graphql"):
        return re.sub(*SAME_TYPES[0], text)
    # `models.Job` is the server's record and the same for both.
    text = text.replace("models.Job", "models.Record")
    for pattern, replacement in SAME_TYPES:
        text = re.sub(pattern, replacement, text)
    return text.replace("models.Record", "models.Job")


def _signature(function: object) -> list[tuple[str, object, object]]:
    assert callable(function)
    signature = inspect.signature(function)
    return [(p.name, p.kind, p.default) for p in signature.parameters.values()]


@pytest.mark.parametrize(("waits", "plain"), TWINS, ids=lambda owner: owner.__name__)
def test_the_names_are_the_same(waits: type, plain: type) -> None:
    assert _public(waits) == _public(plain)


@pytest.mark.parametrize(("waits", "plain"), TWINS, ids=lambda owner: owner.__name__)
def test_arguments_and_results_are_the_same(waits: type, plain: type) -> None:
    for name in sorted(_public(waits) - {"close"}):
        one, other = inspect.getattr_static(waits, name), inspect.getattr_static(plain, name)
        if not inspect.isfunction(one):
            assert type(one) is type(other), name
            continue
        assert _signature(one) == _signature(other), name
        expected = {
            key: _synchronous(value, one.__module__) for key, value in one.__annotations__.items()
        }
        assert expected == {key: str(v) for key, v in other.__annotations__.items()}, name


def test_the_constructors_take_the_same() -> None:
    assert _signature(StashClient.__init__) == _signature(SyncStashClient.__init__)
