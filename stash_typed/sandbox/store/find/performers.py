"""How performers are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.store.kinds import PERFORMER

from .builder import Builder, inner, left
from .criteria import Handler, count, day, flag, moment, number, one_of, text, year
from .finder import Finder, Sort, by_text, nested, register, text_last
from .special import custom_fields, missing, stash_id, text_list
from .trees import TAG_TREE, Tree, linked_tree, tree_values
from .visuals import counted, plain_sorts

__all__ = ["PERFORMERS"]

_WORKS = (
    ("scenes", "performers_scenes", "scene_id"),
    ("images", "performers_images", "image_id"),
    ("galleries", "performers_galleries", "gallery_id"),
)
_O_COUNT = (
    "(select sum(o) from (select sum(i.o_counter) as o from performers_images l"
    " left join images i on i.id = l.image_id where l.performer_id = performers.id"
    " union all select count(d.o_date) from performers_scenes l"
    " left join scenes_o_dates d on d.scene_id = l.scene_id"
    " where l.performer_id = performers.id))"
)
_PLAYED = (
    "(select {what} from performers_scenes l left join scenes_view_dates d"
    " on d.scene_id = l.scene_id where l.performer_id = performers.id)"
)
_LAST_O = (
    "(select max(d.o_date) from performers_scenes l left join scenes_o_dates d"
    " on d.scene_id = l.scene_id where l.performer_id = performers.id)"
)
_PLAY_COUNT = _PLAYED.format(what="count(distinct d.view_date)")
_DURATION = (
    "(select coalesce(sum(v.duration), 0) from performers_scenes l"
    " left join scenes_files f on f.scene_id = l.scene_id"
    " left join video_files v on v.file_id = f.file_id where l.performer_id = performers.id)"
)


def _counted(table: str) -> Sort:
    return counted(table, "performer_id", "performers")


def _enum(column: str) -> Handler:
    def handle(builder: Builder, criterion: Mapping[str, Any]) -> None:
        value: list[str] | str | None = criterion.get("value")
        values: list[str] = criterion.get("value_list") or []
        if isinstance(value, list):
            values = value
        elif value is not None and not values:
            values = [value]
        clause = one_of(column, criterion["modifier"], values)
        if clause is not None:
            builder.where.append(clause)

    return handle


def _studios(builder: Builder, criterion: Mapping[str, Any]) -> None:
    """Add the criterion on the studios of what performers appear in."""
    modifier = criterion["modifier"]
    if modifier in ("IS_NULL", "NOT_NULL"):
        for table, links, owner in _WORKS:
            builder.join(
                left(links, f"{links}.performer_id = performers.id"),
                left(table, f"{links}.{owner} = {table}.id"),
            )
        none = " and ".join(f"{table}.studio_id is null" for table, _, _ in _WORKS)
        builder.require(f"{'not ' if modifier == 'NOT_NULL' else ''}({none})")
        return
    if modifier not in ("INCLUDES", "EXCLUDES"):  # others ask for nothing
        return
    depth = criterion.get("depth")
    for name, ids, negated in (
        ("performer_studio", criterion.get("value"), modifier == "EXCLUDES"),
        ("performer_studio_exclude", criterion.get("excludes"), True),
    ):
        if not ids:
            continue
        values = tree_values(builder.database, Tree("studios"), ids, depth)
        builder.define(
            name,
            " union ".join(
                f"select l.performer_id from {table} o join {links} l on o.id = l.{owner}"
                f" where o.studio_id in (select column2 from ({values}))"
                for table, links, owner in _WORKS
            ),
        )
        builder.join(left(name, f"performers.id = {name}.performer_id"))
        builder.require(f"{name}.performer_id is {'' if negated else 'not '}null")


def _groups(builder: Builder, criterion: Mapping[str, Any]) -> None:
    """Add the criterion on the groups of scenes that performers appear in."""
    modifier: str = criterion["modifier"]
    ids: list[str] = criterion.get("value") or []
    if modifier in ("IS_NULL", "NOT_NULL"):
        builder.join(
            left("performers_scenes", "performers_scenes.performer_id = performers.id"),
            left("groups_scenes", "performers_scenes.scene_id = groups_scenes.scene_id"),
        )
        negation = "not " if modifier == "NOT_NULL" else ""
        builder.require(f"{negation}groups_scenes.group_id is null")
        return
    if not ids or modifier not in ("INCLUDES", "EXCLUDES"):
        return
    marks = ", ".join("?" * len(ids))
    depth = criterion.get("depth") or 0
    chosen = f"g.group_id in ({marks})"
    if depth:
        # The server begins with groups that are somebody's sub-groups: a group on its own, and
        # the one at the top, find nobody this way.
        limit = "" if depth == -1 else f" where h.depth < {depth}"
        builder.define(
            "group_hierarchy",
            f"select sub_id as item_id, 0 as depth from groups_relations where sub_id in ({marks})"
            " union select r.sub_id, h.depth + 1 from groups_relations r"
            f" join group_hierarchy h on h.item_id = r.containing_id{limit}",
            *ids,
        )
        chosen = "g.group_id in (select item_id from group_hierarchy)"
    builder.define(
        "performer_group",
        "select l.performer_id from performers_scenes l join groups_scenes g"
        f" on l.scene_id = g.scene_id where {chosen}",
        *(() if depth else ids),
    )
    builder.join(left("performer_group", "performers.id = performer_group.performer_id"))
    sign = "not " if modifier == "INCLUDES" else ""
    builder.require(f"performer_group.performer_id is {sign}null")


def _performers(builder: Builder, criterion: Mapping[str, Any]) -> None:
    """Add the criterion on who else appears in what performers appear in."""
    ids: list[str] = criterion.get("value") or []
    if not all(each.isdecimal() for each in ids) or not ids:
        raise AnswerError('near ")": syntax error')
    marks = ", ".join("?" * len(ids))
    everyone = ""
    if criterion["modifier"] == "INCLUDES_ALL" and len(ids) > 1:
        everyone = f" group by b.performer_id having count(distinct a.performer_id) is {len(ids)}"
    builder.define(
        "performer_performers",
        " union ".join(
            f"select b.performer_id from {links} a join {links} b on a.{owner} = b.{owner}"
            f" where a.performer_id in ({marks}) and b.performer_id != a.performer_id{everyone}"
            for _, links, owner in _WORKS
        ),
        *(ids * len(_WORKS)),
    )
    builder.join(inner("performer_performers", "performers.id = performer_performers.performer_id"))


PERFORMERS = register(
    Finder(
        kind=PERFORMER,
        input="PerformerFilterType",
        filters={
            **{
                name: text(f"performers.{name}")
                for name in (
                    *("name", "disambiguation", "details", "ethnicity", "country", "eye_color"),
                    *("measurements", "fake_tits", "career_length", "tattoos", "piercings"),
                    "hair_color",
                )
            },
            "filter_favorites": flag("performers.favorite"),
            "ignore_auto_tag": flag("performers.ignore_auto_tag"),
            "birth_year": year("performers.birthdate"),
            "death_year": year("performers.death_date"),
            "age": number(
                "cast(ifnull(strftime('%Y.%m%d', performers.death_date),"
                " strftime('%Y.%m%d', 'now')) - strftime('%Y.%m%d', performers.birthdate) as int)"
            ),
            "gender": _enum("performers.gender"),
            "circumcised": _enum("performers.circumcised"),
            "is_missing": missing(
                "performers",
                "name disambiguation gender birthdate ethnicity country eye_color height"
                " measurements fake_tits career_length tattoos piercings details death_date"
                " hair_color weight rating penis_length circumcised",
                url=(
                    "performer_urls.url is null",
                    (left("performer_urls", "performer_urls.performer_id = performers.id"),),
                ),
                scenes=(
                    "scenes_join.scene_id is null",
                    (
                        left(
                            "performers_scenes",
                            "scenes_join.performer_id = performers.id",
                            "scenes_join",
                        ),
                    ),
                ),
                image=("performers.image_blob is null", ()),
                stash_id=(
                    "performer_stash_ids.performer_id is null",
                    (
                        left(
                            "performer_stash_ids",
                            "performer_stash_ids.performer_id = performers.id",
                        ),
                    ),
                ),
                aliases=(
                    "performer_aliases.alias is null",
                    (left("performer_aliases", "performer_aliases.performer_id = performers.id"),),
                ),
            ),
            "height_cm": number("performers.height"),
            "penis_length": number("performers.penis_length"),
            "rating100": number("performers.rating"),
            "url": text_list("performer_urls", "performer_id", "url", "performers"),
            "weight": number("performers.weight"),
            "stash_id_endpoint": stash_id("performer_stash_ids", "performer_id", "performers"),
            "aliases": text_list("performer_aliases", "performer_id", "alias", "performers"),
            "tags": linked_tree(
                *("performer_tag", ("performers_tags", "performer_id", "tag_id")),
                *(TAG_TREE, "performers"),
            ),
            "studios": _studios,
            "groups": _groups,
            "performers": _performers,
            "tag_count": count("performers_tags", "performer_id", "performers"),
            "scene_count": count("performers_scenes", "performer_id", "performers"),
            "image_count": count("performers_images", "performer_id", "performers"),
            "gallery_count": count("performers_galleries", "performer_id", "performers"),
            "play_count": number(_PLAY_COUNT),
            "o_counter": number(_O_COUNT),
            "birthdate": day("performers.birthdate"),
            "death_date": day("performers.death_date"),
            "created_at": moment("performers.created_at"),
            "updated_at": moment("performers.updated_at"),
            **{
                name: nested(
                    other,
                    f"{links}.{owner}",
                    inner(links, f"{links}.performer_id = performers.id"),
                )
                for name, other, (_, links, owner) in zip(
                    ("scenes_filter", "images_filter", "galleries_filter"),
                    ("scene", "image", "gallery"),
                    _WORKS,
                    strict=True,
                )
            },
            "tags_filter": nested(
                "tag",
                "performer_tag.tag_id",
                inner(
                    "performers_tags", "performer_tag.performer_id = performers.id", "performer_tag"
                ),
            ),
            "custom_fields": custom_fields("performer_custom_fields", "performer_id", "performers"),
        },
        search=("performers.name", "performer_aliases.alias"),
        search_joins=(left("performer_aliases", "performer_aliases.performer_id = performers.id"),),
        sorts={
            **plain_sorts(
                "performers",
                "id birthdate career_length created_at updated_at height measurements"
                " penis_length rating weight",
            ),
            "name": by_text("performers.name"),
            "tag_count": _counted("performers_tags"),
            "scenes_count": _counted("performers_scenes"),
            "images_count": _counted("performers_images"),
            "galleries_count": _counted("performers_galleries"),
            "scenes_duration": Sort(f"{_DURATION} {{direction}}"),
            "play_count": Sort(f"{_PLAY_COUNT} {{direction}}"),
            "o_counter": Sort(f"{_O_COUNT} {{direction}}"),
            "last_played_at": Sort(f"{_PLAYED.format(what='max(d.view_date)')} {{direction}}"),
            "last_o_at": Sort(f"{_LAST_O} {{direction}}"),
        },
        last=text_last("performers", "performers.name"),
        default_sort="name",
    )
)
