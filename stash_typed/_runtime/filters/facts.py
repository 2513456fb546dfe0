"""What the server can join with AND, OR and NOT, criterion by criterion. Data and nothing else.

Measured on v0.30.1: a filter becomes one SQL statement, in which all levels share their joins.

- A related item is joined once for all levels. Two levels that ask for different tags get the answer
  for the first one's tags; two that ask for different performers ask for one who is both.
- NOT looks at the joined rows one by one: "not performer 1" lets a scene with performers 1 and 2 pass.
  `EXCLUDES` does not, nor does NOT around `EXCLUDES`. So it is with URLs and aliases.
- Inner joins drop items that another branch of an OR would have kept.
- What is counted goes into HAVING, apart from the rest: OR between the two becomes AND.
- What needs a WITH, or values for its join, is only known to the first level.
"""

from __future__ import annotations

import re
from enum import Enum, auto


class Kind(Enum):
    """How a criterion behaves in a chain."""

    OWN = auto()
    """The item's own value: right everywhere."""

    ONCE = auto()
    """Joined together with its value: only one value in a chain, and not under NOT."""

    RELATED = auto()
    """Related ids of which `EXCLUDES` is right everywhere."""

    HIERARCHY = auto()
    """Related ids that are joined with their values: one list to include and one to exclude."""

    FIRST = auto()
    """Known to the first level only, which everything else must be added to with AND."""

    NARROWING = auto()
    """An inner join: once, and only where the whole chain requires it."""

    COUNTED = auto()
    """A HAVING: only where the whole chain requires it, or among its like."""

    COMPANIONS = auto()
    """The performers that someone appears with: as `FIRST`, and `EXCLUDES` is not looked at."""

    LISTED = auto()
    """One of several texts: never under NOT, except for being empty and for `EXCLUDES`."""

    FAVOURITE = auto()
    """Whether one of the performers is a favourite: never under NOT, its opposite is right."""

    UNKNOWN = auto()
    """A newer release's field, of which nothing was measured: as `FIRST`, and never in OR or NOT."""


MEASURED = frozenset(
    re.findall(
        r"\w+",
        """
        age aliases audio_codec average_resolution basename birth_year birthdate bitrate captions
        career_length checksum child_count children circumcised code containing_group_count
        containing_groups country created_at custom_fields date death_date death_year description
        details dir director disambiguation duplicated duration ethnicity eye_color fake_tits
        favorite file_count files_filter filter_favorites folders_filter framerate galleries
        galleries_filter gallery_count gender group_count groups groups_filter hair_color
        has_chapters has_markers hashes height_cm id ignore_auto_tag image_count image_file_filter
        images_filter interactive interactive_speed is_missing is_zip last_played_at marker_count
        markers_filter measurements mod_time movie_count movies movies_filter name o_counter
        organized orientation oshash parent_count parent_folder parents path penis_length
        performer_age performer_count performer_favorite performer_tags performers
        performers_filter phash phash_distance photographer piercings play_count play_duration
        rating100 resolution resume_time scene_count scenes scenes_filter sort_name
        stash_id_endpoint studio_count studios studios_filter sub_group_count sub_groups synopsis
        tag_count tags tags_filter tattoos title updated_at url video_codec video_file_filter
        weight zip_file
        """,
    )
)
"""The fields for which the server's joins were measured."""

_FIRST = {
    "GroupFilterType": {"containing_groups", "performers", "sub_groups"},
    "MovieFilterType": {"performers"},
    "PerformerFilterType": {"groups", "studios"},
    "TagFilterType": {"children", "parents"},
}
_COUNTED = {
    "FolderFilterType": {"gallery_count"},
    "GalleryFilterType": {"average_resolution"},
    "GroupFilterType": {"containing_group_count", "sub_group_count"},
    "StudioFilterType": {"child_count", "gallery_count", "image_count", "scene_count"},
    "TagFilterType": {
        "child_count",
        "gallery_count",
        "group_count",
        "image_count",
        "marker_count",
        "movie_count",
        "parent_count",
        "performer_count",
        "scene_count",
        "studio_count",
    },
}
_RELATED = {"parent_folder", "performer_tags", "studios"}
_NARROWING = {"duplicated", "performer_age"}
_WITH_VALUES = {"custom_fields", "hashes"}
_LISTED = {"aliases", "captions", "url"}
_FLAGS = {"has_chapters", "has_markers"}
_DIRECT = {
    "files_filter",
    "folders_filter",
    "image_file_filter",
    "studios_filter",
    "video_file_filter",
}


def kind_of(filter_name: str, field: str, value: object) -> Kind:
    if field not in MEASURED:
        return Kind.UNKNOWN
    if field in _COUNTED.get(filter_name, ()) or (field in _FLAGS and value == "true"):
        return Kind.COUNTED
    if field in _NARROWING or (field.endswith("_filter") and field not in _DIRECT):
        return Kind.NARROWING
    if field in _WITH_VALUES:
        return Kind.FIRST
    if field == "stash_id_endpoint":
        return Kind.ONCE
    if field in _LISTED:
        return Kind.LISTED
    if field == "performer_favorite":
        return Kind.FAVOURITE
    if (filter_name, field) == ("PerformerFilterType", "performers"):
        return Kind.COMPANIONS
    return _kind_of_relation(filter_name, field, type(value).__name__)


def _kind_of_relation(filter_name: str, field: str, type_name: str) -> Kind:
    if type_name not in ("HierarchicalMultiCriterionInput", "MultiCriterionInput"):
        return Kind.OWN
    if field in _FIRST.get(filter_name, ()):
        return Kind.FIRST
    if field == "zip_file":
        return Kind.OWN
    if field in _RELATED or type_name == "MultiCriterionInput":
        return Kind.RELATED
    return Kind.HIERARCHY
