"""A synthetic library of any size, made in seconds, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone

from stash_typed.sandbox.clock import format_time

from .database import SqlValue
from .store import Store

_FILES_PER_FOLDER = 1000
_Row = Sequence[SqlValue]

_PLACES = "Harbour, Meadow, Station, Lighthouse, Market, Orchard, Bridge, Canal, Summit, Garden"
_EVENTS = "walk, morning, concert, review, interview, timelapse, tour, evening, rehearsal, talk"
_UNUSUAL = "Café Möwe, Straße am Kai, 東京の朝, Ночной порт, L'été à Nîmes, Ærø færge"
_GIVEN = (
    "Ada, Ben, Cleo, Dara, Emil, Farah, Goran, Hana, Ivo, Juno, Kasi, Lena, Milo, Nora, Odil, Pia"
)
_COUNTRIES = ("NZ", "DE", "JP", "BR", "CA", None)
_SIZES = ((426, 240), (640, 480), (1280, 720), (1920, 1080), (3840, 2160), (1080, 1920))
_CODECS = ("h264", "hevc", "vp9", "av1")
_LEVELS = (0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2)  # how deep each of twelve tags stands
_START = datetime(2024, 1, 1, tzinfo=timezone.utc)


def seed_library(
    store: Store,
    *,
    scenes: int = 200,
    images: int | None = None,
    galleries: int | None = None,
    performers: int | None = None,
    studios: int | None = None,
    tags: int | None = None,
    groups: int | None = None,
    markers: int | None = None,
    seed: int = 1,
) -> None:
    """Fill a store with neutral, made-up objects, whose files are nowhere on disk."""
    given = {"images": images, "galleries": galleries, "performers": performers}
    given |= {"studios": studios, "tags": tags, "groups": groups, "scene_markers": markers}
    counts = {
        "scenes": scenes,
        "images": scenes // 2,
        "galleries": scenes // 20,
        "performers": _about(scenes // 20, 8),
        "studios": _about(scenes // 100, 4),
        "tags": _about(scenes // 50, 12),
        "groups": scenes // 50,
        "scene_markers": scenes // 5,
        **{name: count for name, count in given.items() if count is not None},
    }
    if not (counts["scenes"] and counts["tags"]):
        counts["scene_markers"] = 0
    with store.transaction():
        _Seeding(store, counts, seed).run()


def _about(count: int, least: int) -> int:
    return min(max(count, least), 2000)


class _Seeding:
    """One run: the first new id of each kind, and a random source of its own for each table."""

    def __init__(self, store: Store, counts: dict[str, int], seed: int) -> None:
        self.store = store
        self.counts = counts
        self.seed = seed
        self.first = {table: self._next(table) for table in counts}

    def _next(self, table: str) -> int:
        highest: int | None = self.store.value(f"select max(id) from {table}")
        return (highest or 0) + 1

    def run(self) -> None:
        self.objects("studios", "name parent_id rating", self.studio)
        self.objects("tags", "name description", self.tag)
        self.add("tag_aliases", "tag_id alias", self.tag_aliases)
        self.add("tags_relations", "parent_id child_id", self.tag_tree)
        self.objects("performers", "name birthdate country favorite rating", self.performer)
        self.links("performers_tags", "performer_id tag_id", "performers", "tags", 2)
        self.objects("groups", "name date studio_id", self.group)
        self.objects("scenes", "title details date rating studio_id organized code", self.scene)
        self.links("scenes_tags", "scene_id tag_id", "scenes", "tags", 4)
        self.links("performers_scenes", "scene_id performer_id", "scenes", "performers", 2)
        self.add("groups_scenes", "group_id scene_id scene_index", self.grouped)
        self.objects("images", "title date rating studio_id organized", self.image)
        self.links("images_tags", "image_id tag_id", "images", "tags", 2)
        self.links("performers_images", "image_id performer_id", "images", "performers", 1)
        self.objects("galleries", "title date studio_id organized", self.gallery)
        self.links("galleries_tags", "gallery_id tag_id", "galleries", "tags", 2)
        self.add("galleries_images", "gallery_id image_id", self.gallery_images)
        self.files("scenes", self.counts["scenes"])
        self.files("images", self.counts["images"])
        columns = "title seconds primary_tag_id scene_id end_seconds"
        self.objects("scene_markers", columns, self.marker)

    def add(
        self, table: str, columns: str, rows: Callable[[random.Random], Iterator[_Row]]
    ) -> None:
        names = columns.split()
        # Each table has its own numbers, so that more tags do not make other scenes.
        source = random.Random(f"{self.seed} {table}")
        self.store.execute_many(
            f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})",
            rows(source),
        )

    def objects(
        self, table: str, columns: str, row: Callable[[random.Random, int, int], _Row]
    ) -> None:
        """Add objects, each with its id and times, and what `row` says of its place and id."""

        def rows(source: random.Random) -> Iterator[_Row]:
            for place, key in self.keys(table):
                yield key, *row(source, place, key), *([_time_of(place)] * 2)

        self.add(table, f"id {columns} created_at updated_at", rows)

    def links(self, table: str, columns: str, owner: str, member: str, most: int) -> None:
        """Join objects with up to `most` others; some with none."""
        members = self.counts[member]
        if not members:
            return
        first, first_member = self.first[owner], self.first[member]

        def rows(source: random.Random) -> Iterator[_Row]:
            for place in range(self.counts[owner]):
                wanted = min(source.randint(0, most), members)
                for other in sorted({source.randrange(members) for _ in range(wanted)}):
                    yield first + place, first_member + other

        self.add(table, columns, rows)

    def keys(self, table: str) -> Iterator[tuple[int, int]]:
        return enumerate(range(self.first[table], self.first[table] + self.counts[table]))

    def some(self, source: random.Random, table: str, share: float = 0.8) -> int | None:
        """Return the id of any object of a kind, or, now and then, none."""
        count = self.counts[table]
        if not count or source.random() > share:
            return None
        return self.first[table] + source.randrange(count)

    def studio(self, source: random.Random, place: int, key: int) -> _Row:
        parent = self.first["studios"] + source.randrange(place) if place % 3 == 2 else None
        return f"{_pick(_PLACES, place)} Studio {key}", parent, _rating(source)

    def tag(self, _source: random.Random, place: int, key: int) -> _Row:
        level = ("Topic", "Theme", "Detail")[_LEVELS[place % 12]]
        return f"{level} {_pick(_EVENTS, place)} {key}", f"Made-up tag {key}"

    def tag_aliases(self, _source: random.Random) -> Iterator[_Row]:
        for place, key in self.keys("tags"):
            if place % 3 == 0:
                yield key, f"{_pick(_EVENTS, place)} alias {key}"

    def tag_tree(self, source: random.Random) -> Iterator[_Row]:
        first = self.first["tags"]
        for place, key in self.keys("tags"):
            start = first + place - place % 12
            if _LEVELS[place % 12] == 1:
                yield start + source.randrange(2), key
            elif _LEVELS[place % 12] == 2:
                yield start + 2 + source.randrange(4), key

    def performer(self, source: random.Random, place: int, key: int) -> _Row:
        born = _day(source, 1950, 55) if source.random() < 0.9 else None
        name = f"{_pick(_GIVEN, place)} Example {key}"
        return name, born, source.choice(_COUNTRIES), int(place % 7 == 0), _rating(source)

    def group(self, source: random.Random, place: int, key: int) -> _Row:
        name = f"{_pick(_PLACES, place)} collection {key}"
        return name, _day(source, 2010, 15), self.some(source, "studios")

    def scene(self, source: random.Random, place: int, key: int) -> _Row:
        title = f"{_pick(_PLACES, place)} {_pick(_EVENTS, place // 10)} {key}"
        if place % 20 == 7:
            title = f"{_pick(_UNUSUAL, place // 20)} {key}"
        return (
            *(title, f"Recorded as number {key}."),
            _day(source, 2005, 20) if source.random() < 0.9 else None,
            *(_rating(source), self.some(source, "studios"), int(source.random() < 0.5)),
            f"SC-{key:06d}" if place % 4 == 0 else None,
        )

    def grouped(self, source: random.Random) -> Iterator[_Row]:
        count = self.counts["groups"]
        for place, key in self.keys("scenes"):
            if count and place % 4 == 0:
                yield self.first["groups"] + source.randrange(count), key, place % 10 + 1

    def image(self, source: random.Random, place: int, key: int) -> _Row:
        date = _day(source, 2010, 15) if source.random() < 0.8 else None
        studio = self.some(source, "studios", 0.5)
        return f"{_pick(_PLACES, place)} picture {key}", date, _rating(source), studio, place % 2

    def gallery(self, source: random.Random, place: int, key: int) -> _Row:
        title = f"{_pick(_EVENTS, place)} album {key}".capitalize()
        studio = self.some(source, "studios", 0.5)
        return title, _day(source, 2010, 15), studio, place % 2

    def gallery_images(self, _source: random.Random) -> Iterator[_Row]:
        count = self.counts["galleries"]
        for place, key in self.keys("images"):
            if count and place % 3:
                yield self.first["galleries"] + place % count, key

    def marker(self, source: random.Random, place: int, _key: int) -> _Row:
        tag, scene = self.some(source, "tags", 1), self.some(source, "scenes", 1)
        start = float(source.randrange(60))
        return f"Part {place + 1}", start, tag, scene, start + 5 if place % 2 else None

    def folder(self, path: str, parent: int | None) -> int:
        found = self.store.folders.find_id(path)
        if found is not None:
            return found
        time = _time_of(0)
        times = {"mod_time": time, "created_at": time, "updated_at": time}
        return self.store.insert("folders", {"path": path, "parent_folder_id": parent, **times})

    def files(self, kind: str, count: int) -> None:
        if not count:
            return
        video = kind == "scenes"
        first_file = self._next("files")
        root = self.folder(f"/media/seed/{kind}", self.folder("/media/seed", None))
        first_folder = self._next("folders")
        end = "mp4" if video else "png"

        def folders(_source: random.Random) -> Iterator[_Row]:
            for number in range(-(-count // _FILES_PER_FOLDER)):
                path = f"/media/seed/{kind}/{first_folder + number:06d}"
                yield first_folder + number, path, root, *([_time_of(0)] * 3)

        def files(source: random.Random) -> Iterator[_Row]:
            for place in range(count):
                size = source.randrange(1_000_000, 3_000_000_000 if video else 9_000_000)
                if video and place % 50 == 3:
                    size += 1 << 32
                folder = first_folder + place // _FILES_PER_FOLDER
                name = f"{_pick(_PLACES, place).lower()}-{first_file + place:06d}.{end}"
                yield first_file + place, name, folder, size, *([_time_of(place)] * 3)

        self.add("folders", "id path parent_folder_id mod_time created_at updated_at", folders)
        self.add("files", "id basename parent_folder_id size mod_time created_at updated_at", files)
        owner = "scene_id" if video else "image_id"
        first = self.first[kind]
        self.add(
            f"{kind}_files",
            f'{owner} file_id "primary"',
            lambda _: ((first + place, first_file + place, 1) for place in range(count)),
        )
        self.add(
            "files_fingerprints",
            "file_id type fingerprint",
            lambda source: _fingerprints(source, first_file, count, video),
        )
        if video:
            self.add(
                "video_files",
                "file_id duration video_codec format audio_codec width height frame_rate bit_rate",
                lambda source: _videos(source, first_file, count),
            )
        else:
            self.add(
                "image_files",
                "file_id format width height",
                lambda source: (
                    (first_file + place, "png", *source.choice(_SIZES)) for place in range(count)
                ),
            )


def _fingerprints(source: random.Random, first: int, count: int, video: bool) -> Iterator[_Row]:
    phash = 0
    for place in range(count):
        yield first + place, "oshash" if video else "md5", f"{source.getrandbits(64):016x}"
        if video:
            if place % 40 == 11:
                phash ^= place // 40 % 2  # the same picture again, or nearly
            else:
                phash = source.getrandbits(64) - (1 << 63)
            yield first + place, "phash", phash


def _videos(source: random.Random, first: int, count: int) -> Iterator[_Row]:
    for place in range(count):
        duration = round(source.uniform(30, 5400), 2)
        sound = "" if place % 9 == 8 else "aac"
        rate = source.choice((23.98, 25.0, 29.97, 60.0))
        yield (
            *(first + place, duration, source.choice(_CODECS), "mp4", sound),
            *(*source.choice(_SIZES), rate, source.randrange(500_000, 9_000_000)),
        )


def _pick(words: str, place: int) -> str:
    names = words.split(", ")
    return names[place % len(names)]


def _rating(source: random.Random) -> int | None:
    return source.randint(1, 100) if source.random() < 0.7 else None


def _time_of(place: int) -> str:
    return format_time(_START + timedelta(minutes=place))


def _day(source: random.Random, year: int, years: int) -> str:
    return (
        f"{year + source.randrange(years)}-{source.randint(1, 12):02d}-{source.randint(1, 28):02d}"
    )
