"""What a sandbox touches on the disk: the folders that it was given, whatever it is told."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stash_typed.sandbox import Sandbox
from stash_typed.sandbox.content.folders import DeletionError, Folders, OutsideError
from stash_typed.sandbox.content.pictures import plain_png
from stash_typed.sandbox.errors import AnswerError
from tests.sandbox.asking import answer, ask, client, error, run_job

_SCAN = "mutation($i: ScanMetadataInput!) { metadataScan(input: $i) }"
_GENERAL = "mutation($i: ConfigGeneralInput!) { configureGeneral(input: $i) { stashes { path } } }"
_DESTROY = "mutation($i: SceneDestroyInput!) { sceneDestroy(input: $i) }"
_DELETE = "mutation($ids: [ID!]!) { deleteFiles(ids: $ids) }"
_MOVE = "mutation($i: MoveFilesInput!) { moveFiles(input: $i) }"
_SQL = "mutation($s: String!, $a: [Any]) { execSQL(sql: $s, args: $a) { rows_affected } }"
_CLEAN = "mutation($i: CleanGeneratedInput!) { metadataCleanGenerated(input: $i) }"
_FILES = '{ findFiles(filter: { sort: "path" }) { files { id path } } }'
_GRANT = "allowed_folders="
_DELETES = "allow_delete=True"


@pytest.fixture(name="victim")
def _victim(tmp_path: Path) -> Path:
    """A folder of somebody who gave it to nobody."""
    folder = tmp_path / "home"
    (folder / "private").mkdir(parents=True)
    (folder / "film.mp4").write_bytes(b"f" * 100)
    (folder / "picture.png").write_bytes(plain_png(4, 4, 1))
    return folder


@pytest.fixture(name="media")
def _media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "a.mp4").write_bytes(b"a" * 100)
    (folder / "b.mp4").write_bytes(b"b" * 100)
    return folder


@pytest.fixture(name="server")
def _server(media: Path) -> Iterator[Sandbox]:
    with Sandbox(media=media) as server:
        yield server


def _all_of(folder: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file()
    }


def _stash(folder: Path) -> dict[str, Any]:
    return {"path": str(folder), "excludeVideo": False, "excludeImage": False}


def _file_id(server: Sandbox, name: str) -> str:
    files = ask(server, _FILES)["files"]
    return next(str(each["id"]) for each in files if each["path"].endswith(name))


# What it is told, it does not do


def test_a_folder_of_somebody_is_not_made_a_library_nor_looked_into(
    server: Sandbox, victim: Path
) -> None:
    before = ask(server, "{ configuration { general { stashes { path } } } }")
    for folder in (victim, victim / "none", Path("/"), Path("/etc"), victim / ".." / "home"):
        assert _GRANT in error(server, _GENERAL, i={"stashes": [_stash(folder)]}), folder
        assert _GRANT in error(
            server, "query($p: String) { directory(path: $p) { path } }", p=str(folder)
        )
    assert ask(server, "{ configuration { general { stashes { path } } } }") == before
    found = ask(server, "{ directory { path directories } }")
    assert found["path"] == str(server.state.root)


@pytest.mark.parametrize(
    "setting",
    ["generatedPath", "cachePath", "metadataPath", "backupDirectoryPath", "databasePath"],
)
def test_no_setting_leads_out(server: Sandbox, victim: Path, setting: str) -> None:
    general = dict(server.state.config.general)
    assert _GRANT in error(server, _GENERAL, i={setting: str(victim / "x")})
    assert _GRANT in error(server, _GENERAL, i={setting: f"{server.state.root}/../x"})
    assert server.state.config.general == general


def test_a_scan_of_what_was_slipped_in_ends_in_an_error(server: Sandbox, victim: Path) -> None:
    server.state.config.general["stashes"] = [_stash(victim)]
    job = run_job(server, _SCAN, i={})
    assert job.status == "FAILED"
    assert _GRANT in str(job.error)
    assert ask(server, "{ findFiles { count } }") == {"count": 0}


def test_nothing_is_written_where_settings_were_slipped_in(server: Sandbox, victim: Path) -> None:
    run_job(server, _SCAN, i={})
    before = _all_of(victim)
    for name in ("generatedPath", "metadataPath", "backupDirectoryPath", "databasePath"):
        server.state.config.general[name] = str(victim / "x")
    generate = "mutation { metadataGenerate(input: { sprites: true, previews: true }) }"
    assert _GRANT in str(run_job(server, generate).error)
    assert _GRANT in str(run_job(server, _CLEAN, i={"sprites": True}).error)
    for mutation in (
        "metadataExport",
        "exportObjects(input: { tags: { all: true } })",
        "backupDatabase(input: {})",
        "backupDatabase(input: { download: true })",
        "anonymiseDatabase(input: {})",
    ):
        assert _GRANT in error(server, f"mutation {{ {mutation} }}"), mutation
    assert _all_of(victim) == before
    assert not (victim / "x").exists()


def test_a_server_is_not_set_up_in_folders_of_somebody(tmp_path: Path, victim: Path) -> None:
    setup = "mutation($input: SetupInput!) { setup(input: $input) }"
    with Sandbox(status="SETUP") as server:
        paths: dict[str, Any] = {
            "configLocation": "",
            "stashes": [],
            "databaseFile": "",
            "generatedLocation": "",
            "cacheLocation": "",
            "storeBlobsInDatabase": True,
            "blobsLocation": "",
        }
        for name in ("configLocation", "databaseFile", "generatedLocation", "cacheLocation"):
            assert _GRANT in error(server, setup, input={**paths, name: str(victim / "x")}), name
        assert _GRANT in error(server, setup, input={**paths, "stashes": [_stash(victim)]})
        assert ask(server, "{ systemStatus { status } }") == {"status": "SETUP"}
        assert ask(server, setup, input=paths) is True
    assert not (victim / "x").exists()


# Links and paths that lead out


def test_links_that_lead_out_are_left_out_of_a_scan(
    server: Sandbox, media: Path, victim: Path
) -> None:
    (media / "out").symlink_to(victim)
    (media / "out.mp4").symlink_to(victim / "film.mp4")
    (media / "back").symlink_to(media)
    (media / "in.mp4").symlink_to(media / "a.mp4")
    assert run_job(server, _SCAN, i={}).status == "FINISHED"
    names = {Path(each["path"]).name for each in ask(server, _FILES)["files"]}
    assert names == {"a.mp4", "b.mp4", "in.mp4"}
    logged = [each["message"] for each in ask(server, "{ logs { message } }")]
    assert sum(_GRANT in each for each in logged) == 2


def test_a_file_that_the_data_only_claim_is_not_served(server: Sandbox, victim: Path) -> None:
    run_job(server, _SCAN, i={})
    (server.state.root / "media").mkdir(exist_ok=True)
    ask(server, _SQL, s="update folders set path = ?", a=[str(victim)])
    ask(server, _SQL, s="update files set basename = 'film.mp4' where id = 1", a=[])
    ask(server, _SQL, s="update files set basename = '../home/film.mp4' where id = 2", a=[])
    with client(server) as http:
        for scene in (1, 2):
            assert http.get(f"/scene/{scene}/stream").status_code == 404
            assert http.get(f"/scene/{scene}/stream.mp4").status_code == 404


def test_a_picture_outside_is_not_served_from_folder_or_archive(
    server: Sandbox, media: Path, victim: Path
) -> None:
    (media / "p.png").write_bytes(plain_png(4, 4, 2))
    with zipfile.ZipFile(victim / "album.zip", "w") as album:
        album.writestr("p.png", b"secret")
    run_job(server, _SCAN, i={})
    for folder in (victim, victim / "album.zip"):
        ask(server, _SQL, s="update folders set path = ?", a=[str(folder)])
        ask(server, _SQL, s="update files set basename = ? where id = 3", a=["p.png"])
        with client(server) as http:
            assert http.get("/image/1/image").status_code == 404


def test_generated_files_overwrite_nothing_that_was_there(server: Sandbox, media: Path) -> None:
    """A checksum names the files; one that was made up leads elsewhere."""
    run_job(server, _SCAN, i={})
    before = _all_of(media)
    up = "../" * 20 + str(media / "a").lstrip("/")
    ask(server, _SQL, s="update files_fingerprints set fingerprint = ?", a=[up])
    job = run_job(
        server, "mutation { metadataGenerate(input: { previews: true, overwrite: true }) }"
    )
    assert job.status == "FAILED"
    assert _DELETES in str(job.error)
    assert _all_of(media) == before


@pytest.mark.parametrize(
    "statement",
    [
        "attach '{victim}/x.db' as x",
        "attach '{victim}/' || 'x.db' as x",
        "vacuum into '{victim}/x.db'",
        "pragma temp_store_directory = '{victim}'",
        "select load_extension('{victim}/x.so')",
    ],
)
def test_sql_opens_no_other_file(server: Sandbox, victim: Path, statement: str) -> None:
    before = _all_of(victim)
    sql = statement.replace("{victim}", str(victim))
    for field in ("execSQL(sql: $s) { rows_affected }", "querySQL(sql: $s) { columns }"):
        answered = answer(server, f"mutation($s: String!) {{ {field} }}", s=sql)
        assert "errors" in answered, answered
    assert _all_of(victim) == before
    assert run_job(server, "mutation { optimiseDatabase }").status == "FINISHED"


def test_a_pipe_in_the_library_does_not_hold_a_scan(server: Sandbox, media: Path) -> None:
    os.mkfifo(media / "pipe.mp4")
    os.mkfifo(media / "pipe.png")
    os.mkfifo(media / "pipe.zip")
    assert run_job(server, _SCAN, i={}).status == "FINISHED"
    assert ask(server, "{ findFiles { count } }") == {"count": 2}


# Deleting and moving


def test_deleting_needs_the_option_that_says_so(server: Sandbox, media: Path) -> None:
    run_job(server, _SCAN, i={})
    message = error(server, _DESTROY, i={"id": 1, "delete_file": True})
    assert _DELETES in message
    assert "--allow-delete" in message
    assert str(media / "a.mp4") in message
    several = "mutation($i: ScenesDestroyInput!) { scenesDestroy(input: $i) }"
    assert _DELETES in error(server, several, i={"ids": [2, 1], "delete_file": True})
    merge = "mutation { sceneMerge(input: { source: [2], destination: 1 }) { id } }"
    ask(server, merge)
    assert _DELETES in error(server, _DELETE, ids=[_file_id(server, "b.mp4")])
    assert ask(server, "{ findFiles { count } }") == {"count": 2}
    assert sorted(_all_of(media)) == ["a.mp4", "b.mp4"]
    assert ask(server, _DESTROY, i={"id": 1, "delete_file": False}) is True


def test_galleries_and_images_are_not_deleted_from_the_disk_either(
    server: Sandbox, media: Path
) -> None:
    (media / "p.png").write_bytes(plain_png(4, 4, 1))
    with zipfile.ZipFile(media / "album.zip", "w") as album:
        album.writestr("q.png", plain_png(4, 4, 2))
    run_job(server, _SCAN, i={})
    before = _all_of(media)
    image = "mutation { imageDestroy(input: { id: %s, delete_file: true }) }"
    images = ask(
        server, "{ findImages { images { id visual_files { ... on ImageFile { path } } } } }"
    )
    loose = next(
        each["id"]
        for each in images["images"]
        if each["visual_files"][0]["path"] == str(media / "p.png")
    )
    assert _DELETES in error(server, image % loose)
    assert _DELETES in error(
        server, "mutation { galleryDestroy(input: { ids: [1], delete_file: true }) }"
    )
    assert _all_of(media) == before
    assert ask(server, "{ stats { image_count gallery_count } }") == {
        "image_count": 2,
        "gallery_count": 1,
    }


def test_with_the_option_files_are_deleted_inside_its_folders_alone(
    media: Path, victim: Path
) -> None:
    (media / "out").symlink_to(victim)
    with Sandbox(media=media, allow_delete=True) as server:
        run_job(server, _SCAN, i={})
        assert ask(server, _DESTROY, i={"id": 1, "delete_file": True}) is True
        assert sorted(_all_of(media)) == ["b.mp4"]
        for path in (victim, media / "out", media / ".." / "home"):
            ask(server, _SQL, s="update folders set path = ?", a=[str(path)])
            ask(server, _SQL, s="update files set basename = 'film.mp4'", a=[])
            server.state.config.general["stashes"] = [_stash(path)]
            answer(server, _DESTROY, i={"id": 2, "delete_file": True})
            assert (victim / "film.mp4").exists(), path


def test_what_lies_in_its_own_temporary_folder_is_deleted_freely() -> None:
    with Sandbox() as server:
        media = server.state.root / "media"
        (media / "a.mp4").write_bytes(b"a")
        run_job(server, _SCAN, i={})
        assert ask(server, _DESTROY, i={"id": 1, "delete_file": True}) is True
        assert _all_of(media) == {}


def test_generated_files_of_somebody_are_not_cleaned_away(media: Path) -> None:
    (media / "vtt").mkdir()
    (media / "vtt" / "mine_sprite.jpg").write_bytes(b"mine")
    with Sandbox(media=media) as server:
        ask(server, _GENERAL, i={"generatedPath": str(media)})
        job = run_job(server, _CLEAN, i={"sprites": True})
        assert (job.status, _DELETES in str(job.error)) == ("FAILED", True)
        assert run_job(server, _CLEAN, i={"sprites": True, "dryRun": True}).status == "FINISHED"
    assert (media / "vtt" / "mine_sprite.jpg").exists()


def test_a_folder_of_data_owns_only_what_it_made_there(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    (folder / "generated" / "vtt").mkdir(parents=True)
    (folder / "generated" / "vtt" / "mine.vtt").write_bytes(b"mine")
    for _ in range(2):  # the second time there is a database of a sandbox beside it
        with Sandbox(data=folder) as server:
            assert _DELETES in str(run_job(server, _CLEAN, i={"sprites": True}).error)
    other = tmp_path / "other"
    with Sandbox(data=other) as server:
        (other / "generated" / "vtt").mkdir()
        (other / "generated" / "vtt" / "old.vtt").write_bytes(b"old")
    with Sandbox(data=other) as server:
        assert run_job(server, _CLEAN, i={"sprites": True}).status == "FINISHED"
    assert not (other / "generated" / "vtt" / "old.vtt").exists()
    assert (folder / "generated" / "vtt" / "mine.vtt").exists()


def test_moving_leads_nowhere_else_and_overwrites_nothing(
    server: Sandbox, media: Path, victim: Path
) -> None:
    run_job(server, _SCAN, i={})
    (media / "unknown.mp4").write_bytes(b"not scanned")
    (media / "out").symlink_to(victim)
    before, theirs = _all_of(media), _all_of(victim)
    one = {"ids": [_file_id(server, "a.mp4")], "destination_folder": str(media)}
    for name in ("../moved.mp4", "/moved.mp4", "..", "sub/../../moved.mp4", "x\\moved.mp4"):
        assert "is no file name" in error(server, _MOVE, i={**one, "destination_basename": name})
    taken = {**one, "destination_basename": "unknown.mp4"}
    assert error(server, _MOVE, i=taken).endswith("unknown.mp4 already exists")
    out = {**one, "destination_folder": str(media / "out")}
    assert _GRANT in error(server, _MOVE, i=out)
    up = {**one, "destination_folder": f"{media}/../home"}
    assert "must be within a stash library path" in error(server, _MOVE, i=up)
    assert _file_id(server, "a.mp4") == one["ids"][0]
    assert (_all_of(media), _all_of(victim)) == (before, theirs)


def test_a_file_is_not_moved_to_where_it_is_deleted_in_the_end(
    server: Sandbox, media: Path
) -> None:
    run_job(server, _SCAN, i={})
    own = server.state.root / "media"
    own.mkdir(exist_ok=True)
    ask(server, _GENERAL, i={"stashes": [_stash(media), _stash(own)]})
    wish = {"ids": [_file_id(server, "a.mp4")], "destination_folder": str(own)}
    assert _DELETES in error(server, _MOVE, i=wish)
    assert (media / "a.mp4").exists()


def test_cleaning_forgets_nothing_that_it_may_not_look_at(tmp_path: Path, media: Path) -> None:
    clean = "mutation { metadataClean(input: { dryRun: false }) }"
    with Sandbox(data=tmp_path / "data", media=media) as server:
        run_job(server, _SCAN, i={})
    with Sandbox(data=tmp_path / "data") as server:
        assert run_job(server, clean).status == "FINISHED"
        assert ask(server, "{ findFiles { count } }") == {"count": 2}
        assert any(_GRANT in each["message"] for each in ask(server, "{ logs { message } }"))


# The database


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "stash-go.sqlite"
    with sqlite3.connect(place) as theirs:
        theirs.execute("create table scenes (id integer)")
    theirs.close()
    before = _all_of(tmp_path)
    with pytest.raises(AnswerError, match="database of another program"):
        Sandbox(data=tmp_path).start()
    assert {name: _all_of(tmp_path)[name] for name in before} == before
    place.write_bytes(b"no database at all, and long enough not to be taken for one" * 20)
    with pytest.raises(AnswerError, match="no database of a sandbox"):
        Sandbox(data=tmp_path).start()


# The gate by itself


def test_a_path_that_is_none_is_refused(tmp_path: Path) -> None:
    folders = Folders([tmp_path])
    for path in ("", "\0", f"{tmp_path}/a\0b", "\ud800"):
        assert not folders.holds(path)
        with pytest.raises(AnswerError):
            folders.inside(path)
    assert not folders.exists(tmp_path / ("long" * 200))
    assert folders.inside(tmp_path) == tmp_path.resolve()


def test_a_neighbour_with_the_same_beginning_is_outside(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media-private").mkdir()
    folders = Folders([tmp_path / "media"])
    assert folders.holds(tmp_path / "media" / "x")
    for path in ("media-private", "media/../media-private", "media/../media-private/x"):
        with pytest.raises(OutsideError):
            folders.inside(tmp_path / path)


def test_what_it_wrote_it_may_overwrite_and_delete(tmp_path: Path) -> None:
    folders = Folders([tmp_path])
    (tmp_path / "theirs").write_bytes(b"theirs")
    folders.write(tmp_path / "new" / "ours", b"1")
    folders.write(tmp_path / "new" / "ours", b"2")
    with pytest.raises(DeletionError):
        folders.write(tmp_path / "theirs", b"")
    with pytest.raises(DeletionError):
        folders.remove(tmp_path / "theirs")
    folders.remove(tmp_path / "new" / "ours")
    folders.remove(tmp_path / "none")
    assert _all_of(tmp_path) == {"theirs": b"theirs"}


def test_a_file_that_takes_the_place_of_one_it_made_is_not_its_own(tmp_path: Path) -> None:
    folders = Folders([tmp_path])
    folders.write(tmp_path / "made.json", b"made")
    (tmp_path / "made.json").unlink()
    (tmp_path / "mine.json").write_bytes(b"mine")
    folders.move(tmp_path / "mine.json", tmp_path / "made.json")
    with pytest.raises(DeletionError):
        folders.remove(tmp_path / "made.json")


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for name in ("media", "more"):
        (tmp_path / name).mkdir()
    with Sandbox(data="~/data", media="~/media", allowed_folders=["~/more"]) as server:
        assert server.state.root == tmp_path / "data"
        stashes = server.state.config.general["stashes"]
        assert [each["path"] for each in stashes] == [str(tmp_path / "media")]
        assert server.state.folders.holds(tmp_path / "more")
    assert not (tmp_path / "~").exists()


def test_a_link_is_deleted_and_not_what_it_leads_to(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (tmp_path / "theirs").write_bytes(b"theirs")
    (given / "link").symlink_to(tmp_path / "theirs")
    (given / "folder").symlink_to(tmp_path)
    folders = Folders([given], allow_delete=True)
    with pytest.raises(OutsideError):
        folders.remove(given / "folder" / "theirs")
    for path in (given / "folder" / "..", f"{given}/", f"{given}/."):
        with pytest.raises(AnswerError):
            folders.remove(path)
    folders.remove(given / "link")
    assert (tmp_path / "theirs").read_bytes() == b"theirs"
    assert not (given / "link").is_symlink()
