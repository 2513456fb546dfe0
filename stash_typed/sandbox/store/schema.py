"""The tables, named as in a Stash database, so that SQL written for one works on the other."""

from __future__ import annotations

from collections.abc import Iterator

from .kinds import KINDS

_STAMPS = "created_at datetime not null, updated_at datetime not null"

_OBJECTS = {
    "folders": f"""path varchar(255) not null,
        parent_folder_id integer references folders(id) on delete set null,
        mod_time datetime not null, {_STAMPS}, zip_file_id integer references files(id)""",
    "files": f"""basename varchar(255) not null, zip_file_id integer references files(id),
        parent_folder_id integer not null references folders(id), size integer not null,
        mod_time datetime not null, {_STAMPS}""",
    "studios": f"""name varchar(255) not null,
        parent_id integer check (id is not parent_id) references studios(id) on delete set null,
        {_STAMPS}, details text, rating tinyint, ignore_auto_tag boolean not null default 0,
        image_blob varchar(255) references blobs(checksum), favorite boolean not null default 0""",
    "tags": f"""name varchar(255), {_STAMPS}, ignore_auto_tag boolean not null default 0,
        description text, image_blob varchar(255) references blobs(checksum),
        favorite boolean not null default 0, sort_name varchar(255)""",
    "performers": f"""name varchar(255) not null, disambiguation varchar(255),
        gender varchar(20), birthdate date, ethnicity varchar(255), country varchar(255),
        eye_color varchar(255), height int, measurements varchar(255), fake_tits varchar(255),
        career_length varchar(255), tattoos varchar(255), piercings varchar(255),
        favorite boolean not null default 0, {_STAMPS}, details text, death_date date,
        hair_color varchar(255), weight integer, rating tinyint,
        ignore_auto_tag boolean not null default 0,
        image_blob varchar(255) references blobs(checksum), penis_length float,
        circumcised varchar(10), birthdate_precision tinyint, death_date_precision tinyint""",
    "groups": f"""name varchar(255) not null, aliases varchar(255), duration integer, date date,
        rating tinyint, studio_id integer references studios(id) on delete set null,
        director varchar(255), description text, {_STAMPS},
        front_image_blob varchar(255) references blobs(checksum),
        back_image_blob varchar(255) references blobs(checksum), date_precision tinyint""",
    "scenes": f"""title varchar(255), details text, date date, rating tinyint,
        studio_id integer references studios(id) on delete set null,
        organized boolean not null default 0, {_STAMPS}, code text, director text,
        resume_time float not null default 0, play_duration float not null default 0,
        cover_blob varchar(255) references blobs(checksum), date_precision tinyint""",
    "images": f"""title varchar(255), rating tinyint,
        studio_id integer references studios(id) on delete set null,
        o_counter tinyint not null default 0, organized boolean not null default 0, {_STAMPS},
        date date, code text, photographer text, details text, date_precision tinyint""",
    "galleries": f"""folder_id integer references folders(id) on delete set null,
        title varchar(255), date date, details text,
        studio_id integer references studios(id) on delete set null, rating tinyint,
        organized boolean not null default 0, {_STAMPS}, code text, photographer text,
        date_precision tinyint""",
    "galleries_chapters": f"""title varchar(255) not null, image_index integer not null,
        gallery_id integer not null references galleries(id) on delete cascade, {_STAMPS}""",
    "scene_markers": f"""title varchar(255) not null, seconds float not null,
        primary_tag_id integer not null references tags(id),
        scene_id integer not null references scenes(id), {_STAMPS}, end_seconds float""",
    "saved_filters": """name varchar(510) not null, mode varchar(255) not null, find_filter blob,
        object_filter blob, ui_options blob""",
}
"""Tables with an id of their own, that is never given twice."""

_OF_PERFORMERS = ("performers_scenes", "performers_images", "performers_galleries")
"""Join tables that are kept by their second column: `select *` shows the first one first."""

_LINKS = {
    "scenes_tags": ("scene_id", "scenes", "tag_id", "tags", ""),
    "performers_scenes": ("performer_id", "performers", "scene_id", "scenes", ""),
    "scenes_galleries": ("scene_id", "scenes", "gallery_id", "galleries", ""),
    "groups_scenes": ("group_id", "groups", "scene_id", "scenes", "scene_index tinyint"),
    "scenes_files": ("scene_id", "scenes", "file_id", "files", '"primary" boolean not null'),
    "images_tags": ("image_id", "images", "tag_id", "tags", ""),
    "performers_images": ("performer_id", "performers", "image_id", "images", ""),
    "images_files": ("image_id", "images", "file_id", "files", '"primary" boolean not null'),
    "galleries_images": (
        *("gallery_id", "galleries", "image_id", "images"),
        "cover boolean not null default 0",
    ),
    "galleries_tags": ("gallery_id", "galleries", "tag_id", "tags", ""),
    "performers_galleries": ("performer_id", "performers", "gallery_id", "galleries", ""),
    "galleries_files": (
        *("gallery_id", "galleries", "file_id", "files"),
        '"primary" boolean not null',
    ),
    "performers_tags": ("performer_id", "performers", "tag_id", "tags", ""),
    "studios_tags": ("studio_id", "studios", "tag_id", "tags", ""),
    "groups_tags": ("group_id", "groups", "tag_id", "tags", ""),
    "scene_markers_tags": ("scene_marker_id", "scene_markers", "tag_id", "tags", ""),
    "tags_relations": ("parent_id", "tags", "child_id", "tags", ""),
    "groups_relations": (
        *("containing_id", "groups", "sub_id", "groups"),
        "order_index integer not null, description varchar(255), check (containing_id != sub_id)",
    ),
}
"""Tables that join two objects, and what else they hold."""

_OTHERS = {
    "blobs": "checksum varchar(255) not null primary key, blob blob",
    "files_fingerprints": """file_id integer not null references files(id) on delete cascade,
        type varchar(255) not null, fingerprint blob not null,
        primary key (file_id, type, fingerprint)""",
    "video_files": """file_id integer not null primary key references files(id) on delete cascade,
        duration float not null, video_codec varchar(255) not null, format varchar(255) not null,
        audio_codec varchar(255) not null, width tinyint not null, height tinyint not null,
        frame_rate float not null, bit_rate integer not null,
        interactive boolean not null default 0, interactive_speed int""",
    "image_files": """file_id integer not null primary key references files(id) on delete cascade,
        format varchar(255) not null, width tinyint not null, height tinyint not null""",
    "video_captions": """file_id integer not null references video_files(file_id)
        on delete cascade, language_code varchar(255) not null, filename varchar(255) not null,
        caption_type varchar(255) not null, primary key (file_id, language_code, caption_type)""",
    "scenes_view_dates": """scene_id integer not null references scenes(id) on delete cascade,
        view_date datetime not null""",
    "scenes_o_dates": """scene_id integer not null references scenes(id) on delete cascade,
        o_date datetime not null""",
    "sandbox_settings": "key text not null primary key, value text not null",
}

_UNIQUE = (
    ("folders", "path", ""),
    ("files", "parent_folder_id, basename", ""),
    ("galleries", "folder_id", ""),
    ("studios", "name", ""),
    ("performers", "name", "disambiguation is null"),
    ("performers", "name, disambiguation", "disambiguation is not null"),
    ("saved_filters", "mode, name", ""),
    ("scenes_files", "scene_id", '"primary" = 1'),
    ("images_files", "image_id", '"primary" = 1'),
    ("galleries_files", "gallery_id", '"primary" = 1'),
    ("galleries_images", "gallery_id, cover", "cover = 1"),
    ("groups_relations", "containing_id, order_index", ""),
)
_INDEXED = (
    ("folders", "parent_folder_id", ""),
    ("folders", "zip_file_id", "zip_file_id is not null"),
    ("files", "basename", ""),
    ("files", "zip_file_id, parent_folder_id, basename", "zip_file_id is not null"),
    ("files_fingerprints", "type, fingerprint", ""),
    ("tags", "name", ""),
    ("studios", "parent_id", ""),
    ("groups", "name", ""),
    ("groups", "studio_id", ""),
    ("scenes", "studio_id", ""),
    ("images", "studio_id", "studio_id is not null"),
    ("galleries", "studio_id", ""),
    ("galleries_chapters", "gallery_id", ""),
    ("scene_markers", "scene_id", ""),
    ("scene_markers", "primary_tag_id", ""),
    ("scenes_view_dates", "scene_id", ""),
    ("scenes_o_dates", "scene_id", ""),
    *((kind.custom_fields, "field, value", "") for kind in KINDS.values() if kind.custom_fields),
)


def statements() -> Iterator[str]:
    for table, columns in _OBJECTS.items():
        yield f"create table {table} (id integer not null primary key autoincrement, {columns})"
    for table, columns in _OTHERS.items():
        yield f"create table {table} ({columns})"
    for table, (first, first_of, second, second_of, more) in _LINKS.items():
        more_columns = f"{more}, " if more else ""
        key, other = (second, first) if table in _OF_PERFORMERS else (first, second)
        yield (
            f"create table {table}"
            f" ({first} integer not null references {first_of}(id) on delete cascade,"
            f" {second} integer not null references {second_of}(id) on delete cascade,"
            f" {more_columns}primary key ({key}, {other}))"
        )
        yield f"create index {table}_{other} on {table} ({other})"
    for kind in KINDS.values():
        owned = f"{kind.owner} integer not null references {kind.table}(id) on delete cascade"
        for texts in kind.text_lists:
            position = "position integer not null, " if texts.ordered else ""
            key = f"{texts.owner}, {'position, ' if texts.ordered else ''}{texts.column}"
            yield (
                f"create table {texts.table} ({owned}, {position}"
                f"{texts.column} varchar(255) not null, primary key ({key}))"
            )
            if not texts.ordered:
                unique = "" if kind.name == "performer" else "unique "
                yield f"create {unique}index {texts.table}_alias on {texts.table} (alias)"
        if kind.stash_ids:
            key = ", primary key (scene_id, endpoint)" if kind.name == "scene" else ""
            yield (
                f"create table {kind.stash_ids} ({owned}, endpoint varchar(255) not null,"
                " stash_id varchar(36) not null,"
                f" updated_at datetime not null default '1970-01-01T00:00:00Z'{key})"
            )
            yield f"create index {kind.stash_ids}_{kind.owner} on {kind.stash_ids} ({kind.owner})"
        if kind.custom_fields:
            yield (
                f"create table {kind.custom_fields} ({owned}, field varchar(64) not null,"
                f" value blob not null, primary key ({kind.owner}, field))"
            )
    # Where no order is asked for, SQLite takes the newest index that has the ids: so the
    # indexes, and the order in which they are made, decide in which order objects come.
    for sort, indexes in (("", _INDEXED), ("unique ", _UNIQUE)):
        for number, (table, columns, where) in enumerate(indexes):
            name = f"{table}_{sort.strip() or 'index'}_{number}"
            condition = f" where {where}" if where else ""
            yield f"create {sort}index {name} on {table} ({columns}){condition}"
