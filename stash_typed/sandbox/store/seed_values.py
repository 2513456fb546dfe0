"""What a synthetic library is made of: neutral words, days, ratings, facts of files."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone

from stash_typed.sandbox.clock import format_time

from .database import SqlValue

__all__ = [
    "COUNTRIES",
    "EVENTS",
    "GIVEN",
    "PLACES",
    "SIZES",
    "UNUSUAL",
    "Row",
    "day",
    "fingerprints",
    "pick",
    "rating",
    "time_of",
    "videos",
]

Row = Sequence[SqlValue]

PLACES = [
    "Harbour",
    "Meadow",
    "Station",
    "Lighthouse",
    "Market",
    "Orchard",
    "Bridge",
    "Canal",
    "Summit",
    "Garden",
]
EVENTS = [
    "walk",
    "morning",
    "concert",
    "review",
    "interview",
    "timelapse",
    "tour",
    "evening",
    "rehearsal",
    "talk",
]
UNUSUAL = ("Café Möwe", "Straße am Kai", "東京の朝", "Ночной порт", "L'été à Nîmes", "Ærø færge")
GIVEN = [
    "Ada",
    "Ben",
    "Cleo",
    "Dara",
    "Emil",
    "Farah",
    "Goran",
    "Hana",
    "Ivo",
    "Juno",
    "Kasi",
    "Lena",
    "Milo",
    "Nora",
    "Odil",
    "Pia",
]
COUNTRIES = ("NZ", "DE", "JP", "BR", "CA", None)
SIZES = ((426, 240), (640, 480), (1280, 720), (1920, 1080), (3840, 2160), (1080, 1920))
_CODECS = ("h264", "hevc", "vp9", "av1")
_START = datetime(2024, 1, 1, tzinfo=timezone.utc)


def fingerprints(source: random.Random, first: int, count: int, video: bool) -> Iterator[Row]:
    phash = 0
    for place in range(count):
        yield first + place, "oshash" if video else "md5", f"{source.getrandbits(64):016x}"
        if video:
            if place % 40 == 11:
                phash ^= place // 40 % 2  # the same picture again, or nearly
            else:
                phash = source.getrandbits(64) - (1 << 63)
            yield first + place, "phash", phash


def videos(source: random.Random, first: int, count: int) -> Iterator[Row]:
    for place in range(count):
        duration = round(source.uniform(30, 5400), 2)
        sound = "" if place % 9 == 8 else "aac"
        rate = source.choice((23.98, 25.0, 29.97, 60.0))
        yield (
            *(first + place, duration, source.choice(_CODECS), "mp4", sound),
            *(*source.choice(SIZES), rate, source.randrange(500_000, 9_000_000)),
        )


def pick(words: Sequence[str], place: int) -> str:
    return words[place % len(words)]


def rating(source: random.Random) -> int | None:
    return source.randint(1, 100) if source.random() < 0.7 else None


def time_of(place: int) -> str:
    return format_time(_START + timedelta(minutes=place))


def day(source: random.Random, year: int, years: int) -> str:
    return (
        f"{year + source.randrange(years)}-{source.randint(1, 12):02d}-{source.randint(1, 28):02d}"
    )
