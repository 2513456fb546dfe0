"""The report: one pass over all scenes, of which only what is counted is asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pydantic import BaseModel

from stash_typed import StashClient


class File(BaseModel):
    size: int
    duration: float


class Studio(BaseModel):
    name: str


class Row(BaseModel):
    rating100: int | None
    studio: Studio | None
    files: list[File]


@dataclass
class Report:
    """What there is. Sizes in bytes, durations in seconds."""

    scenes: int = 0
    size: int = 0
    duration: float = 0.0
    unrated: int = 0
    studios: Counter[str] = field(default_factory=Counter[str])

    def add(self, row: Row) -> None:
        self.scenes += 1
        self.size += sum(file.size for file in row.files)
        self.duration += max((file.duration for file in row.files), default=0.0)
        self.unrated += row.rating100 is None
        if row.studio is not None:
            self.studios[row.studio.name] += 1

    def lines(self) -> list[str]:
        return [
            f"{self.scenes} scenes, {self.duration / 3600:.1f} hours, {self.size / 1e9:.1f} GB",
            f"{self.unrated} without a rating",
            *(f"{count:6} {name}" for name, count in self.studios.most_common(5)),
        ]


async def make_report(stash: StashClient) -> Report:
    report = Report()
    async for row in stash.scenes.iterate(select=Row):
        report.add(row)
    return report
