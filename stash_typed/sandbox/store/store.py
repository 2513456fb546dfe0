"""The store: the database and everything in it, by kind."""

from __future__ import annotations

from pathlib import Path

from .blobs import media_type, read_blob, write_blob
from .database import Database
from .files import Files, Folders
from .filters import SavedFilters
from .galleries import Galleries
from .groups import Groups, Movies
from .images import Images
from .kinds import KINDS
from .markers import Markers
from .performers import Performers
from .scenes import Scenes
from .studios import Studios
from .tags import Tags


class Store(Database):
    def __init__(self, path: Path | None = None) -> None:
        super().__init__(path)
        self.folders: Folders = Folders(self)
        self.files: Files = Files(self, self.folders)
        self.scenes: Scenes = Scenes(self, self.files)
        self.galleries: Galleries = Galleries(self, self.files)
        self.images: Images = Images(self, self.files, self.galleries)
        self.performers: Performers = Performers(self)
        self.studios: Studios = Studios(self)
        self.tags: Tags = Tags(self)
        self.groups: Groups = Groups(self)
        self.movies: Movies = Movies(self)
        self.markers: Markers = Markers(self)
        self.saved_filters: SavedFilters = SavedFilters(self)

    def blob(self, kind: str, key: int, name: str = "image") -> tuple[bytes, str] | None:
        data = read_blob(self, KINDS[kind], key, name)
        return None if data is None else (data, media_type(data))

    def set_blob(self, kind: str, key: int, name: str, data: bytes | None) -> None:
        with self.transaction():
            write_blob(self, KINDS[kind], key, name, data)
