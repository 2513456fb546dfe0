"""The database below the sandbox: transactions, files on disk, names that scripts rely on."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.store import Changes, ListChange, Store


def _tag(store: Store, name: str) -> int:
    return store.tags.create(Changes(columns={"name": name}))


def test_data_in_a_file_is_there_after_closing(tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite"
    store = Store(path)
    key = _tag(store, "Forest")
    store.set_setting("colour", {"name": "green"})
    store.close()
    again = Store(path)
    item = again.tags.get(key)
    assert item is not None
    assert (item["id"], item["name"]) == (str(key), "Forest")
    assert again.get_setting("colour") == {"name": "green"}
    assert again.get_setting("shape") is None
    again.close()


def test_a_backup_is_a_copy_that_later_changes_do_not_reach(store: Store, tmp_path: Path) -> None:
    _tag(store, "Forest")
    place = tmp_path / "backup.sqlite"
    place.write_text("what was here before")
    store.backup_to(place)
    _tag(store, "Meadow")
    copy = sqlite3.connect(place)
    assert copy.execute("select name from tags").fetchall() == [("Forest",)]
    copy.close()


def test_what_a_transaction_wrote_is_undone_as_a_whole(store: Store) -> None:
    kept = _tag(store, "Kept")

    def write_and_fail() -> None:
        with store.transaction():
            _tag(store, "First")
            with store.transaction():  # joins the outer one
                _tag(store, "Second")
            store.tags.update(kept, Changes(columns={"name": "Changed"}))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        write_and_fail()
    assert store.column("select name from tags") == ["Kept"]
    with store.transaction():
        _tag(store, "Later")
    assert store.column("select name from tags order by id") == ["Kept", "Later"]


def test_a_write_may_be_stopped_before_it_begins(store: Store) -> None:
    outermost: list[str] = []

    def locked() -> None:
        outermost.append("asked")
        raise sqlite3.OperationalError("database is locked")

    store.on_write = locked
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        _tag(store, "Forest")
    store.on_write = None
    assert store.column("select name from tags") == []
    assert outermost == ["asked"]
    store.on_write = lambda: outermost.append("again")
    with store.transaction():
        _tag(store, "Forest")
        _tag(store, "Meadow")
    assert outermost == ["asked", "again"]  # once for all that belongs together


def test_threads_write_one_after_the_other(store: Store) -> None:
    def write(number: int) -> None:
        for place in range(20):
            _tag(store, f"Tag {number} {place}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.value("select count(*) from tags") == 80


def test_an_id_is_never_given_twice(store: Store) -> None:
    first = _tag(store, "Forest")
    store.tags.destroy([first])
    assert _tag(store, "Meadow") > first


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("scenes", ["id", "title", "code", "details", "director", "date", "rating", "studio_id"]),
        ("images", ["id", "title", "date", "rating", "organized", "o_counter"]),
        ("galleries", ["id", "title", "folder_id", "date", "photographer"]),
        ("performers", ["id", "name", "gender", "birthdate", "height", "disambiguation"]),
        ("studios", ["id", "name", "parent_id"]),
        ("tags", ["id", "name", "description", "ignore_auto_tag"]),
        ("groups", ["id", "name", "aliases", "duration", "description"]),
        ("scene_markers", ["id", "title", "seconds", "primary_tag_id", "scene_id", "end_seconds"]),
        ("scenes_tags", ["scene_id", "tag_id"]),
        ("performers_scenes", ["performer_id", "scene_id"]),
        ("scenes_files", ["scene_id", "file_id", "primary"]),
        ("files", ["id", "basename", "zip_file_id", "parent_folder_id", "size", "mod_time"]),
        ("folders", ["id", "path", "parent_folder_id", "mod_time", "zip_file_id"]),
        ("files_fingerprints", ["file_id", "type", "fingerprint"]),
        ("saved_filters", ["id", "name", "mode", "find_filter", "object_filter", "ui_options"]),
        ("tags_relations", ["parent_id", "child_id"]),
        ("galleries_images", ["gallery_id", "image_id", "cover"]),
        ("scenes_view_dates", ["scene_id", "view_date"]),
    ],
)
def test_tables_are_called_as_on_a_real_server(
    store: Store, table: str, columns: list[str]
) -> None:
    there = [row[1] for row in store.rows(f"pragma table_info({table})")]
    assert set(columns) <= set(there)


def test_lists_are_replaced_added_to_and_taken_from(store: Store) -> None:
    tags = [_tag(store, name) for name in ("A", "B", "C")]
    scene = store.scenes.create(
        Changes(columns={"title": "Walk"}, ids={"tag_ids": ListChange(tags[:2])})
    )

    def own() -> list[int]:
        return store.column("select tag_id from scenes_tags where scene_id = ?", (scene,))

    assert own() == tags[:2]
    store.scenes.update(scene, Changes(ids={"tag_ids": ListChange([tags[1], tags[2]], "ADD")}))
    assert own() == tags
    store.scenes.update(scene, Changes(ids={"tag_ids": ListChange([tags[0], 999], "REMOVE")}))
    assert own() == tags[1:]
    store.scenes.update(scene, Changes(ids={"tag_ids": ListChange([tags[0]])}))
    assert own() == tags[:1]
    store.scenes.update(scene, Changes(columns={"title": "Other"}))
    assert own() == tags[:1]


def test_a_missing_object_is_required_in_vain(store: Store) -> None:
    assert store.scenes.get(7) is None
    with pytest.raises(AnswerError, match="scene with id 7 not found"):
        store.scenes.require(7)


def test_relations_are_added_without_losing_others(store: Store) -> None:
    tag = _tag(store, "A")
    performer = store.performers.create(Changes(columns={"name": "Ada Example"}))
    studios = [store.studios.create(Changes(columns={"name": name})) for name in ("One", "Two")]
    scene = store.scenes.create(Changes(columns={"title": "Walk"}))
    for studio in studios:
        store.scenes.add_relations(scene, performers=[performer], tags=[tag], studio=studio)
    assert store.scenes.require(scene)["studio_id"] == studios[0]
    assert store.rows("select * from scenes_tags") == [(scene, tag)]
    assert store.rows("select scene_id, performer_id from performers_scenes") == [
        (scene, performer)
    ]


def test_an_image_is_kept_once_and_goes_with_its_last_owner(store: Store) -> None:
    picture = b"\x89PNG\r\n\x1a\n and more"
    studios = [store.studios.create(Changes(columns={"name": name})) for name in ("One", "Two")]
    for studio in studios:
        store.set_blob("studio", studio, "image", picture)
    assert store.blob("studio", studios[0]) == (picture, "image/png")
    assert store.value("select count(*) from blobs") == 1
    store.studios.destroy([studios[0]])
    assert store.blob("studio", studios[1]) == (picture, "image/png")
    store.set_blob("studio", studios[1], "image", None)
    assert store.blob("studio", studios[1]) is None
    assert store.value("select count(*) from blobs") == 0


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"<svg></svg>", "image/svg+xml"),
        (b"\xff\xfe\xfd", "application/octet-stream"),
    ],
)
def test_an_images_type_is_told_by_its_bytes(store: Store, start: bytes, kind: str) -> None:
    tag = _tag(store, "A")
    store.set_blob("tag", tag, "image", start)
    assert store.blob("tag", tag) == (start, kind)
