"""Images: their files, galleries and o-counts."""

from __future__ import annotations

from collections.abc import Sequence

from stash_typed.sandbox.errors import AnswerError

from .changes import Changes
from .database import Database
from .files import Files
from .galleries import ContentsError, Galleries
from .kinds import IMAGE
from .visual import Visuals


class Images(Visuals):
    kind = IMAGE

    def __init__(self, database: Database, files: Files, galleries: Galleries) -> None:
        super().__init__(database, files)
        self.galleries = galleries

    def check_edit(self, key: int, changes: Changes) -> None:
        """Refuse a change of an image that is not there, or of its galleries."""
        self.require(key)
        self.check_primary(key, changes)
        change = changes.ids.get("gallery_ids")
        if change is None:
            return
        own = self._galleries(key)
        touched = _difference(own, change.values) if change.mode == "SET" else change.values
        try:
            self.galleries.require_all(touched)
            for gallery in touched:
                self.galleries.check_contents(gallery)
        except ContentsError as problem:
            title = self.shown_title(key)
            raise AnswerError(f'changing galleries of image "{title}": {problem}') from problem

    def update(self, key: int, changes: Changes) -> None:
        with self.database.transaction():
            old = self._galleries(key) if "gallery_ids" in changes.ids else []
            super().update(key, changes)
            if "gallery_ids" in changes.ids:
                for gallery in _difference(old, self._galleries(key)):
                    self.galleries.stamp(gallery)

    def _galleries(self, key: int) -> list[int]:
        return self.database.column(
            "select gallery_id from galleries_images where image_id = ?", (key,)
        )

    def count_o(self, key: int, counted: str) -> int:
        """Set the o-count to what an SQL expression gives, and return it."""
        self.require_row(key)
        with self.database.transaction():
            self.database.execute(f"update images set o_counter = {counted} where id = ?", (key,))
            count: int = self.database.value("select o_counter from images where id = ?", (key,))
        return count


def _difference(some: Sequence[int], others: Sequence[int]) -> list[int]:
    return [
        *(each for each in some if each not in others),
        *(each for each in others if each not in some),
    ]
