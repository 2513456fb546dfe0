"""The made-up library: the same for the same seed, with all that a list can hold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stash_typed.sandbox.store import Store
from stash_typed.sandbox.store.seed import seed_library


def _content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    tables = store.column(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
    )
    return {table: store.rows(f"select * from {table}") for table in tables}


_opened: list[Store] = []


@pytest.fixture(autouse=True)
def _closing() -> Iterator[None]:
    """Close what a test had seeded."""
    yield
    while _opened:
        _opened.pop().close()


def _seeded(**counts: int) -> Store:
    store = Store()
    _opened.append(store)
    seed_library(store, **counts)
    return store


def test_the_same_seed_gives_the_same_library(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(f"2026-01-01T00:00:{second:02d}Z" for second in range(60))
    for module in ("changes", "files"):  # the present has no part in it
        name = f"stash_typed.sandbox.store.{module}.now_seconds"
        monkeypatch.setattr(name, lambda: next(moments))
    assert _content(_seeded(scenes=120, seed=5)) == _content(_seeded(scenes=120, seed=5))
    assert _content(_seeded(scenes=120, seed=5)) != _content(_seeded(scenes=120, seed=6))


def test_more_of_one_kind_leaves_the_others_as_they_are() -> None:
    few, many = (_seeded(scenes=60, images=count, tags=12) for count in (10, 30))
    for table in ("scenes", "tags", "performers", "studios", "scenes_tags"):
        assert _content(few)[table] == _content(many)[table]


def test_every_count_is_kept() -> None:
    counts = {
        "scenes": 40,
        "images": 30,
        "galleries": 5,
        "performers": 7,
        "studios": 6,
        "tags": 14,
        "groups": 3,
        "markers": 11,
    }
    store = _seeded(**counts)
    found = {
        table: store.value(
            f"select count(*) from {'scene_markers' if table == 'markers' else table}"
        )
        for table in counts
    }
    assert found == counts


@pytest.mark.parametrize("kind", ["tags", "performers", "studios", "groups"])
def test_there_may_be_none_of_a_kind(kind: str) -> None:
    store = _seeded(scenes=30, **{kind: 0})
    assert store.value(f"select count(*) from {kind}") == 0
    assert store.value("select count(*) from scenes") == 30


def test_what_was_there_before_stays() -> None:
    store = _seeded(scenes=20)
    before = store.rows("select id, title from scenes")
    seed_library(store, scenes=10, seed=2)
    after = store.rows("select id, title from scenes")
    assert after[:20] == before
    assert len(after) == 30


def test_the_library_has_what_lists_can_hold() -> None:
    store = _seeded(scenes=400)
    one = store.value
    assert one("select count(distinct scene_id) from scenes_files") == 400
    assert one("select max(size) from files") > 1 << 32
    assert 0 < one("select count(*) from scenes where studio_id is null") < 400
    assert 0 < one("select count(*) from scenes where date is null") < 400
    assert 0 < one("select count(*) from scenes where rating is null") < 400
    untagged = "select count(*) from scenes where id not in (select scene_id from scenes_tags)"
    assert 0 < one(untagged) < 400
    assert any(not title.isascii() for title in store.column("select title from scenes"))
    assert one("select count(*) from tag_aliases") > 0
    three_deep = (
        "select count(*) from tags_relations upper join tags_relations lower"
        " on lower.parent_id = upper.child_id"
    )
    assert one(three_deep) > 0
    assert one("select count(*) from studios where parent_id is not null") > 0
    same_phash = (
        "select count(*) from (select fingerprint from files_fingerprints where type = 'phash'"
        " group by fingerprint having count(*) > 1)"
    )
    assert one(same_phash) > 0
    assert store.rows("pragma foreign_key_check") == []
