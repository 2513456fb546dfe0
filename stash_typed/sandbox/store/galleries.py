"""Galleries: of a zip file, of a folder, or made by a user; their images, cover and chapters."""

from __future__ import annotations

from collections.abc import Sequence

from stash_typed.sandbox.clock import now_seconds
from stash_typed.sandbox.errors import AnswerError

from .changes import Changes, ListChange, write_ids, write_new
from .changes import Mode as ListMode
from .kind import IdList
from .kinds import GALLERY
from .visual import Visuals

_IMAGES = IdList("image_ids", "galleries_images", "gallery_id", "image_id", "image", "images")


class ContentsError(AnswerError):
    """A gallery's images come of its folder or zip file, and of nothing else."""


class Galleries(Visuals):
    kind = GALLERY

    def for_zip(self, file_id: int) -> int:
        own = self.with_file(file_id)
        if own:
            return own[0]
        with self.database.transaction():
            key = self.create_scanned()
            self.attach(key, [file_id], first_is_primary=True)
        return key

    def for_folder(self, folder_id: int) -> int:
        found: int | None = self.database.value(
            "select id from galleries where folder_id = ?", (folder_id,)
        )
        if found is not None:
            return found
        with self.database.transaction():
            return write_new(self.database, self.kind, Changes(columns={"folder_id": folder_id}))

    def check_edit(self, key: int, changes: Changes) -> None:
        """Refuse a change of one gallery that a change of many does not refuse."""
        item = self.require(key)
        made_by_user = item["folder_id"] is None and not self.file_ids(key)
        if changes.columns.get("title", "-") is None and made_by_user:
            raise AnswerError("title must not be empty for user-created galleries")
        self.check_primary(key, changes)

    def check_contents(self, key: int) -> None:
        """Refuse to change which images a gallery of a zip file or folder has."""
        item = self.require(key)
        if item["folder_id"] is not None or self.file_ids(key):
            sort = "folder-based" if item["folder_id"] is not None else "zip-based"
            raise ContentsError(
                f'cannot change contents of {sort} gallery "{self.shown_title(key)}"'
            )

    def shown_title(self, key: int) -> str:
        title = super().shown_title(key)
        folder = self.require(key)["folder_id"]
        if title or folder is None:
            return title
        path: str = self.database.value("select path from folders where id = ?", (folder,))
        return path.rpartition("/")[2]

    def stamp(self, key: int) -> None:
        self.database.update("galleries", key, {"updated_at": now_seconds()})

    def change_images(self, key: int, image_ids: Sequence[int], mode: ListMode) -> None:
        with self.database.transaction():
            write_ids(self.database, _IMAGES, key, ListChange(image_ids, mode))
            self.stamp(key)

    def set_cover(self, key: int, image_id: int | None) -> None:
        with self.database.transaction():
            self.database.execute(
                "update galleries_images set cover = 0 where gallery_id = ?", (key,)
            )
            self.database.execute(
                "update galleries_images set cover = 1 where gallery_id = ? and image_id = ?",
                (key, image_id),
            )
            self.stamp(key)

    def image_ids(self, key: int) -> list[int]:
        """Return the ids of a gallery's images, sorted by path as its pages are."""
        return self.database.column(
            "select l.image_id from galleries_images l join images i on i.id = l.image_id"
            ' left join images_files f on f.image_id = l.image_id and f."primary" = 1'
            " left join files on files.id = f.file_id"
            " left join folders d on d.id = files.parent_folder_id where l.gallery_id = ?"
            " order by natural_key(coalesce(d.path, '') || coalesce(files.basename, '')),"
            " natural_key(coalesce(i.title, i.id))",
            (key,),
        )

    def cover(self, key: int, pattern: str, images: Visuals) -> int | None:
        chosen: int | None = self.database.value(
            "select image_id from galleries_images where gallery_id = ? and cover = 1", (key,)
        )
        if chosen is not None:
            return chosen
        mine = {"galleries": {"value": [str(key)], "modifier": "INCLUDES"}}
        named = {"path": {"value": f"(?i){pattern}", "modifier": "MATCHES_REGEX"}}
        for criteria in ({**mine, **named}, mine):
            found = images.find(criteria, {"sort": "path", "per_page": 1}, count=False).ids
            if found:
                return found[0]
        return None

    def check_index(self, key: int, index: int) -> None:
        images: int = self.database.value(
            "select count(*) from galleries_images where gallery_id = ?", (key,)
        )
        if not 1 <= index <= images:
            raise AnswerError("Image # must greater than zero and in range of the gallery images")
