"""The finder of performers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.store.kinds import PERFORMER

from .builder import Builder, inner, left
from .common import (
    counted,
    empty,
    lasting,
    lists,
    own_filters,
    plain_sorts,
    related_filters,
    unlisted,
)
from .criteria import count, number, year
from .finder import Finder, Sort, by_text, register, text_last
from .relations import marks, or_none
from .special import missing
from .trees import STUDIO_TREE, tree_values

_WORKS = tuple(lists(PERFORMER))
_O_COUNT = (
    "(select sum(o) from (select sum(i.o_counter) as o from performers_images l"
    " left join images i on i.id = l.image_id where l.performer_id = performers.id"
    " union all select count(d.o_date) from performers_scenes l"
    " left join scenes_o_dates d on d.scene_id = l.scene_id"
    " where l.performer_id = performers.id))"
)
_OF_SCENES = (
    "(select {what} from performers_scenes l left join {table} d"
    " on d.scene_id = l.scene_id where l.performer_id = performers.id)"
)
_LAST_O = _OF_SCENES.format(what="max(d.o_date)", table="scenes_o_dates")
_LAST_PLAYED = _OF_SCENES.format(what="max(d.view_date)", table="scenes_view_dates")
_PLAY_COUNT = _OF_SCENES.format(what="count(distinct d.view_date)", table="scenes_view_dates")


def _studios(builder: Builder, criterion: Mapping[str, Any]) -> None:
    """Add the criterion on the studios of what performers appear in."""
    modifier = criterion["modifier"]
    if modifier in ("IS_NULL", "NOT_NULL"):
        for kind, links, owner, _ in _WORKS:
            builder.join(
                left(links, f"{links}.performer_id = performers.id"),
                left(kind.table, f"{links}.{owner} = {kind.table}.id"),
            )
        none = " and ".join(f"{kind.table}.studio_id is null" for kind, _, _, _ in _WORKS)
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
        values = tree_values(builder.database, STUDIO_TREE, ids, depth)
        builder.define(
            name,
            " union ".join(
                f"select l.performer_id from {kind.table} o join {links} l on o.id = l.{owner}"
                f" where o.studio_id in (select column2 from ({values}))"
                for kind, links, owner, _ in _WORKS
            ),
        )
        builder.join(left(name, f"performers.id = {name}.performer_id"))
        builder.require(f"{name}.performer_id is {'' if negated else 'not '}null")


@or_none(
    "groups_scenes.group_id",
    left("performers_scenes", "performers_scenes.performer_id = performers.id"),
    left("groups_scenes", "performers_scenes.scene_id = groups_scenes.scene_id"),
)
def _groups(builder: Builder, criterion: Mapping[str, Any]) -> None:
    """Add the criterion on the groups of scenes that performers appear in."""
    modifier: str = criterion["modifier"]
    ids: list[str] = criterion.get("value") or []
    if not ids or modifier not in ("INCLUDES", "EXCLUDES"):
        return
    depth = criterion.get("depth") or 0
    chosen = f"g.group_id in {marks(ids)}"
    if depth:
        # The server begins with groups that are somebody's sub-groups: a group on its own, and
        # the one at the top, find nobody this way.
        limit = "" if depth == -1 else f" where h.depth < {depth}"
        builder.define(
            "group_hierarchy",
            f"select sub_id as item_id, 0 as depth from groups_relations where sub_id in {marks(ids)}"
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
    everyone = ""
    if criterion["modifier"] == "INCLUDES_ALL" and len(ids) > 1:
        everyone = f" group by b.performer_id having count(distinct a.performer_id) is {len(ids)}"
    builder.define(
        "performer_performers",
        " union ".join(
            f"select b.performer_id from {links} a join {links} b on a.{owner} = b.{owner}"
            f" where a.performer_id in {marks(ids)} and b.performer_id != a.performer_id{everyone}"
            for _, links, owner, _ in _WORKS
        ),
        *(ids * len(_WORKS)),
    )
    builder.join(inner("performer_performers", "performers.id = performer_performers.performer_id"))


register(
    Finder(
        kind=PERFORMER,
        filters={
            **own_filters(PERFORMER, renamed={"favorite": "filter_favorites"}),
            "birth_year": year("performers.birthdate"),
            "death_year": year("performers.death_date"),
            "age": number(
                "cast(ifnull(strftime('%Y.%m%d', performers.death_date),"
                " strftime('%Y.%m%d', 'now')) - strftime('%Y.%m%d', performers.birthdate) as int)"
            ),
            "is_missing": missing(
                "performers",
                "name disambiguation gender birthdate ethnicity country eye_color height"
                " measurements fake_tits career_length tattoos piercings details death_date"
                " hair_color weight rating penis_length circumcised",
                url=unlisted(PERFORMER, "performer_urls", "url"),
                scenes=empty(PERFORMER, "scenes", "performers_scenes"),
                image=("performers.image_blob is null", ()),
                stash_id=unlisted(PERFORMER, "performer_stash_ids"),
                aliases=unlisted(PERFORMER, "performer_aliases", "alias"),
            ),
            "studios": _studios,
            "groups": _groups,
            "performers": _performers,
            **{
                f"{kind.noun}_count": count(links, "performer_id", "performers")
                for kind, links, _, _ in _WORKS
            },
            "play_count": number(_PLAY_COUNT),
            "o_counter": number(_O_COUNT),
            **related_filters(PERFORMER, _WORKS),
        },
        search=("performers.name", "performer_aliases.alias"),
        search_joins=(left("performer_aliases", "performer_aliases.performer_id = performers.id"),),
        sorts={
            **plain_sorts(
                PERFORMER,
                "birthdate career_length height measurements penis_length rating weight",
            ),
            "name": by_text("performers.name"),
            **{
                f"{kind.table}_count": counted(links, "performer_id", "performers")
                for kind, links, _, _ in _WORKS
            },
            "scenes_duration": lasting(
                "performers_scenes", "scene_id", "performer_id", "performers"
            ),
            "play_count": Sort(f"{_PLAY_COUNT} {{direction}}"),
            "o_counter": Sort(f"{_O_COUNT} {{direction}}"),
            "last_played_at": Sort(f"{_LAST_PLAYED} {{direction}}"),
            "last_o_at": Sort(f"{_LAST_O} {{direction}}"),
        },
        last=text_last("performers", "performers.name"),
        default_sort="name",
    )
)
