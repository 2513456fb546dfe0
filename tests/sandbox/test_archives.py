"""Archives of strangers: bounds before and while unpacking, and errors about the archive."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stash_typed.sandbox import Sandbox
from stash_typed.sandbox.content.archives import EXPORT, GALLERY, Archive, ArchiveError
from stash_typed.sandbox.content.pictures import plain_png
from stash_typed.sandbox.copies.importing import Importer, Wishes
from stash_typed.sandbox.copies.item_json import EXPORTED
from stash_typed.sandbox.copies.shapes import read_object
from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.jobs import Job, JobEvent
from stash_typed.sandbox.store import Store
from tests.sandbox.asking import ask, client, run_job
from tests.sandbox.bad_archives import Entry, archive, deflated, gigabyte_of_zeros

_GIB = 1 << 30
_SCAN = "mutation { metadataScan(input: {}) }"
_IMPORT = """mutation($f: Upload!) { importObjects(input: { file: $f,
    duplicateBehaviour: OVERWRITE, missingRefBehaviour: CREATE }) }"""
_COUNTS = "{ stats { scene_count image_count gallery_count } }"


@pytest.fixture(scope="module", name="server")
def _server() -> Iterator[Sandbox]:
    with Sandbox() as server:
        yield server


def _imported(server: Sandbox, data: bytes) -> Job:
    ended: list[Job] = []

    def hear(event: JobEvent) -> None:
        if event.type == "REMOVE":
            ended.append(event.job)

    stop = server.state.jobs.listen(hear)
    operations = json.dumps({"query": _IMPORT, "variables": {"f": None}})
    with client(server) as http:
        http.post(
            "/graphql",
            data={"operations": operations, "map": '{"0": ["variables.f"]}'},
            files={"0": ("x.zip", data)},
        ).raise_for_status()
    run_job(server, "mutation { optimiseDatabase }")  # the next in the queue
    stop()
    return next(each for each in ended if each.description == "Importing...")


@contextmanager
def _little_memory(most: int = 48 << 20) -> Generator[None, None, None]:
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < most


def _json_zip(files: dict[str, Any]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as content:
        for name, value in files.items():
            content.writestr(name, value if isinstance(value, bytes) else json.dumps(value))
    return data.getvalue()


def _many(count: int, size: int, *, share: bool = False) -> bytes:
    packed = deflated(b"1" * size)
    files = (Entry(f"tags/{number:03}.json", packed, size) for number in range(count))
    return archive(*files, share=share)


_BOMBS: list[tuple[Callable[[], bytes], str]] = [
    (
        lambda: archive(Entry("tags/x.json", gigabyte_of_zeros(), _GIB)),
        "tags/x.json has 1073741824 bytes unpacked, more than 16777216",
    ),
    (lambda: _many(40, 10_000_000), "it has 400000000 bytes unpacked, more than 268435456"),
    # All files are the same bytes of the archive.
    (
        lambda: _many(60, 16_000_000, share=True),
        "it has 960000000 bytes unpacked, more than 268435456",
    ),
    # It says little, and has much.
    (lambda: archive(Entry("tags/x.json", gigabyte_of_zeros(), 100)), "tags/x.json is damaged"),
    (
        lambda: archive(*(Entry(f"tags/{n}.json") for n in range(50_001))),
        "it lists 50001 files, more than 50000",
    ),
    (
        lambda: archive(*(Entry(f"{n}", extra=b"\0\0\xf6\xff" * 16000) for n in range(200))),
        "its list of files has",
    ),
]


def _unpack(data: bytes) -> None:
    content = Archive(io.BytesIO(data), EXPORT, lambda name: name.endswith(".json"))
    for entry in content.entries:
        content.read(entry)


@pytest.mark.parametrize(("make", "words"), _BOMBS, ids=[words for _, words in _BOMBS])
def test_an_archive_that_would_fill_the_memory_is_refused(
    server: Sandbox, make: Callable[[], bytes], words: str
) -> None:
    data = make()
    with _little_memory(), pytest.raises(ArchiveError) as caught:
        _unpack(data)
    assert words in str(caught.value)
    job = _imported(server, data)
    assert job.status == "FAILED"
    assert words in str(job.error)


def test_a_gallery_that_would_fill_the_memory_is_logged(tmp_path: Path) -> None:
    (tmp_path / "bomb.zip").write_bytes(archive(Entry("a.png", gigabyte_of_zeros(), _GIB)))
    packed = deflated(b"\0" * 120_000_000)
    (tmp_path / "many.zip").write_bytes(
        archive(*(Entry(f"{n}.png", packed, 120_000_000) for n in range(9)))
    )
    (tmp_path / "lies.zip").write_bytes(archive(Entry("a.png", gigabyte_of_zeros(), 100)))
    with Sandbox(media=tmp_path) as server:
        with _little_memory():
            assert run_job(server, _SCAN).status == "FINISHED"
        assert ask(server, _COUNTS)["image_count"] == 0
        logged = [each["message"] for each in ask(server, "{ logs { message } }")]
    assert any('bomb.zip": a.png has 1073741824 bytes unpacked' in each for each in logged)
    assert any("many.zip" in each and "more than 100 times as many" in each for each in logged)
    assert any('lies.zip/a.png": a.png is damaged' in each for each in logged)


_TAG = b'{"name": "T"}'
_ODD: list[tuple[Entry, str]] = [
    (Entry("tags/../../x.json", deflated(_TAG), len(_TAG)), "leads out of the archive"),
    (Entry("tags/..\\x.json", deflated(_TAG), len(_TAG)), "leads out of the archive"),
    (Entry("tags/x.json", deflated(_TAG), len(_TAG), mode=0o120777), "is a symbolic link"),
    (Entry("tags/x.json", deflated(_TAG), len(_TAG), flags=0x801), "tags/x.json is encrypted"),
    (Entry("tags/x.json", b"x", 13, method=12), "unsupported compression algorithm"),
    (Entry("tags/x.json", b"x", 13, method=14), "unsupported compression algorithm"),
    (Entry("tags/x.json", b"x", 13, method=99), "unsupported compression algorithm"),
    (Entry("tags/x.json", deflated(_TAG), len(_TAG)), "tags/x.json is damaged: Bad CRC"),
    (Entry("tags/x.json", b"\xff\xff\xff", 13), "tags/x.json is damaged"),
    (Entry("tags/\x1b[2J\u202e.json", b"", 0, flags=0x801), r"'tags/\x1b[2J\u202e.json' is encr"),
    (Entry(f"tags/{'x' * 5000}.json", b"", 0, flags=0x801), "…"),
]


@pytest.mark.parametrize(("entry", "words"), _ODD, ids=[words for _, words in _ODD])
def test_an_odd_file_in_an_archive_is_named(server: Sandbox, entry: Entry, words: str) -> None:
    job = _imported(server, archive(entry))
    assert job.status == "FAILED"
    assert words in str(job.error)
    assert len(str(job.error)) < 300


def test_a_good_archive_of_the_same_making_is_imported(server: Sandbox) -> None:
    good = Entry("tags/x.json", deflated(_TAG), len(_TAG), crc=zlib.crc32(_TAG))
    assert _imported(server, archive(good, Entry("../other.txt"))).status == "FINISHED"
    assert "T" in [each["name"] for each in ask(server, "{ findTags { tags { name } } }")["tags"]]


_FILES: list[tuple[str, Any, str]] = [
    ("tags/x.json", [], "tags/x.json: is a list, an object is expected"),
    ("tags/x.json", "text", "tags/x.json: is a text, an object is expected"),
    ("tags/x.json", None, "tags/x.json: is null, an object is expected"),
    ("tags/x.json", {}, "tags/x.json: 'name' is missing"),
    ("tags/x.json", {"name": " "}, "tags/x.json: 'name' is missing"),
    ("tags/x.json", {"name": ["a"]}, "'name' is a list, a text is expected"),
    ("tags/x.json", {"name": "a", "aliases": "b"}, "'aliases' is a text, a list of texts"),
    ("tags/x.json", {"name": "a", "parents": [1]}, "'parents' holds a number, a list of texts"),
    ("tags/x.json", {"name": "a", "favorite": "yes"}, "'favorite' is a text, true or false"),
    ("tags/x.json", {"name": "a", "created_at": "now"}, "'created_at': parsing time"),
    ("tags/x.json", {"name": "a", "image": "?"}, "'image' is no base64"),
    ("tags/x.json", {"name": "a", "image": {}}, "'image' is an object, a text is expected"),
    ("tags/x.json", {"name": "\ud800"}, "'name' is no text: it holds half a character"),
    ("tags/x.json", b"{", "tags/x.json: is not JSON"),
    ("tags/x.json", b"\xff\xfe\x00", "tags/x.json: is not JSON"),
    ("tags/x.json", b'{"name": "a", "x": ' + b"[" * 100_000, "is nested too deeply"),
    ("tags/x.json", b'{"name": "a", "x": [' + b"[]," * 200_000, "has more than 200000 values"),
    ("tags/x.json", b'{"name": "a", "x": ' + b"1" * 5000 + b"}", "is not JSON"),
    ("studios/x.json", {"name": "a", "rating": "5"}, "'rating' is a text, a whole number"),
    ("studios/x.json", {"name": "a", "rating": 1 << 40}, "'rating' is larger than"),
    ("studios/x.json", {"name": "a", "parent_studio": []}, "'parent_studio' is a list"),
    ("studios/x.json", {"name": "a", "stash_ids": [{}]}, "'stash_ids' holds an object without"),
    ("studios/x.json", {"name": "a", "stash_ids": ["b"]}, "'stash_ids' holds a text"),
    ("performers/x.json", {"name": "a", "height": "tall"}, "'height' is a text, a whole number"),
    ("performers/x.json", {"name": "a", "gender": "X"}, "'gender' is none of FEMALE"),
    ("performers/x.json", {"name": "a", "birthdate": "x"}, "'birthdate': failed to parse date"),
    ("performers/x.json", {"name": "a", "penis_length": True}, "'penis_length' is true, a number"),
    ("performers/x.json", b'{"name": "a", "penis_length": NaN}', "is not JSON: NaN is no number"),
    ("performers/x.json", b'{"name": "a", "penis_length": 1e999}', "is too large a number"),
    ("performers/x.json", {"name": "a", "custom_fields": []}, "'custom_fields' is a list"),
    ("performers/x.json", {"name": "a", "custom_fields": {"b": 1 << 70}}, "'custom_fields.b'"),
    ("movies/x.json", {"name": "a", "aliases": ["b"]}, "'aliases' is a list, a text is expected"),
    ("scenes/x.json", {"files": "a.mp4"}, "'files' is a text, a list of texts is expected"),
    ("scenes/x.json", {"title": 5}, "'title' is a number, a text is expected"),
    ("images/x.json", 3, "images/x.json: is a number, an object is expected"),
    ("galleries/x.json", {"zip_files": [[]]}, "'zip_files' holds a list"),
]


@pytest.mark.parametrize(("name", "content", "words"), _FILES, ids=[each[2] for each in _FILES])
def test_a_bad_file_is_named_and_nothing_is_brought_in(
    server: Sandbox, name: str, content: Any, words: str
) -> None:
    good = {"studios/good.json": {"name": "Never"}, "tags/good.json": {"name": "Never"}}
    job = _imported(server, _json_zip({**good, name: content}))
    assert job.status == "FAILED"
    assert str(job.error).startswith(f"{name}: ")
    assert words in str(job.error)
    assert "Never" not in str(ask(server, "{ allTags { name } }"))


def test_ids_of_another_server_mean_nothing_here(server: Sandbox) -> None:
    ask(server, 'mutation { tagCreate(input: { name: "First" }) { id } }')
    ids = {"child_ids": ["1"], "tag_ids": ["1"], "parent_ids": ["1"]}
    assert (
        _imported(server, _json_zip({"tags/x.json": {"name": "Kin", **ids}})).status == "FINISHED"
    )
    found = ask(
        server,
        '{ findTags(tag_filter: { name: { value: "Kin", modifier: EQUALS } })'
        " { tags { parents { id } children { id } } } }",
    )
    assert found == {"tags": [{"parents": [], "children": []}]}


# Whatever comes, only errors about the archive come out


_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(["2020", "2020-01-01T00:00:00Z", "aGk=", "MALE", "T", "/media/x.mp4"]),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)
_FIELDS = sorted(
    {
        *(
            "name",
            "title",
            "tags",
            "performers",
            "parents",
            "studio",
            "parent_studio",
            "urls",
            "url",
        ),
        *("stash_ids", "custom_fields", "image", "cover", "front_image", "back_image", "height"),
        *("files", "zip_files", "aliases", "created_at", "updated_at", "rating", "alias_list"),
        *("tag_ids", "performer_ids", "studio_id", "parent_id", "folder_id", "child_ids"),
        *(column.name for each in EXPORTED for column in each.columns),
        *(texts.name for each in EXPORTED for texts in each.text_lists),
        *(link.name for each in EXPORTED for link in each.id_lists),
    }
)


@settings(max_examples=150, deadline=None)
@given(
    exported=st.sampled_from(EXPORTED),
    name=st.text(min_size=1, max_size=4),
    content=st.dictionaries(st.sampled_from(_FIELDS), _VALUES, max_size=6),
    duplicates=st.sampled_from(["IGNORE", "OVERWRITE", "FAIL"]),
    missing=st.sampled_from(["IGNORE", "FAIL", "CREATE"]),
)
def test_any_object_is_brought_in_or_refused_in_words_about_it(
    exported: Any, name: str, content: dict[str, Any], duplicates: Any, missing: Any
) -> None:
    data = json.dumps({"name": name, **content}).encode()
    with closing(Store()) as store, suppress(AnswerError):
        given_object = read_object(exported, data)
        Importer(store, Wishes(duplicates, missing)).bring(exported, given_object)


_GOOD = _json_zip({"tags/a.json": {"name": "A"}, "tags/b.json": {"name": "B" * 300}, "c.txt": b"c"})


@settings(max_examples=300, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(_GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6
    ),
    cut=st.integers(0, len(_GOOD)),
    whole=st.booleans(),
)
def test_a_damaged_archive_is_an_archive_error(
    changes: list[tuple[int, int]], cut: int, whole: bool
) -> None:
    data = bytearray(_GOOD)
    for place, value in changes:
        data[place] = value
    _read_all(bytes(data if whole else data[:cut]))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_an_archive_or_an_archive_error(data: bytes) -> None:
    _read_all(data)
    _read_all(data + _GOOD[-22:])


def _read_all(data: bytes) -> None:
    try:
        content = Archive(io.BytesIO(data), GALLERY, lambda _name: True)
    except ArchiveError:
        return
    for entry in content.entries:
        try:
            content.read(entry)
        except ArchiveError:
            continue


def test_a_picture_of_an_archive_that_changed_is_a_404(tmp_path: Path) -> None:
    album = tmp_path / "album.zip"
    with zipfile.ZipFile(album, "w") as content:
        content.writestr("a.png", plain_png(4, 4, 1))
    with Sandbox(media=tmp_path) as server:
        run_job(server, _SCAN)
        with client(server) as http:
            assert http.get("/image/1/image").content == plain_png(4, 4, 1)
            album.write_bytes(archive(Entry("a.png", gigabyte_of_zeros(), _GIB)))
            with _little_memory():
                bomb = http.get("/image/1/image")
            assert (bomb.status_code, "more than" in bomb.text) == (404, True)
            album.write_bytes(archive(Entry("b.png")))
            assert http.get("/image/1/image").text == "there is no 'a.png' in it\n"
