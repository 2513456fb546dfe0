"""Scene markers: a moment or span of a scene, with its tags."""

from __future__ import annotations

from stash_typed.sandbox.errors import AnswerError, PanicError

from .changes import Changes, ListChange
from .kinds import MARKER
from .objects import Objects


class Markers(Objects):
    kind = MARKER

    def check_new(self, changes: Changes) -> None:
        _check_span(changes.columns["seconds"], changes.columns.get("end_seconds"))
        _check_tags(changes)

    def check_edit(self, key: int, changes: Changes) -> None:
        """Refuse what one marker's own update refuses, and a change of many does not."""
        item = self.require(key)
        values = changes.columns
        if "seconds" in values or "end_seconds" in values:
            _check_span(
                values.get("seconds", item["seconds"]),
                values.get("end_seconds", item["end_seconds"]),
            )

    def with_tags(self, key: int, changes: Changes) -> Changes:
        """Return the changes of one marker, with its tags but for the primary one."""
        change = changes.ids.get("tag_ids")
        if change is None:
            return changes
        kept = [tag for tag in change.values if tag != self._primary_tag(key, changes)]
        changes = Changes(columns=changes.columns, ids={"tag_ids": ListChange(kept)})
        _check_tags(changes)
        return changes

    def with_tags_of_many(self, key: int, changes: Changes) -> Changes:
        """Return the same for one of many markers.

        The real server takes as many tags as before for the same ones; so does this.
        """
        change = changes.ids.get("tag_ids")
        if change is None and "primary_tag_id" not in changes.columns:
            return changes
        own = self.database.column(
            "select tag_id from scene_markers_tags where scene_marker_id = ?", (key,)
        )
        primary = self._primary_tag(key, changes)
        wanted = change.applied(own) if change else own
        kept = [tag for tag in wanted if tag != primary]
        ids = {} if len(kept) == len(own) else {"tag_ids": ListChange(kept)}
        return Changes(columns=changes.columns, ids=ids)

    def _primary_tag(self, key: int, changes: Changes) -> object:
        primary = changes.columns.get("primary_tag_id")
        if primary is not None:
            return primary
        item = self.get(key)
        if item is None:
            raise PanicError
        return item["primary_tag_id"]

    def check_destroy(self, key: int) -> None:
        self.require(key)

    def for_scene(self, scene: int) -> list[tuple[int, float]]:
        """Return (id, seconds) of a scene's markers, in the order of their moments."""
        return self.database.rows(
            "select id, seconds from scene_markers where scene_id = ? order by seconds, id",
            (scene,),
        )


def _check_tags(changes: Changes) -> None:
    change = changes.ids.get("tag_ids")
    if change is not None and len(set(change.values)) < len(change.values):
        columns = "scene_markers_tags.scene_marker_id, scene_markers_tags.tag_id"
        raise AnswerError(f"UNIQUE constraint failed: {columns}")


def _check_span(seconds: object, end: object) -> None:
    if isinstance(seconds, (int, float)) and isinstance(end, (int, float)) and end < seconds:
        raise AnswerError(
            f"end_seconds ({end:f}) must be greater than or equal to seconds ({seconds:f})"
        )
