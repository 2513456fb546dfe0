"""`&`, `|`, `~` against a small server that reads chains the way the real one does, faults included."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stash_typed._runtime.filter_input import FilterInput
from stash_typed.criteria import (
    between,
    equals,
    excludes,
    gt,
    includes,
    includes_all,
    is_null,
    lt,
    matches,
    not_null,
)
from stash_typed.errors import InvalidVariableError
from stash_typed.inputs import (
    IntCriterionInput,
    SceneFilterType,
    StringCriterionInput,
    TagFilterType,
)

# id, title, rating, organized, studio, tags, performers, markers
SCENES: list[tuple[int, str | None, int | None, bool, int | None, str, str, int]] = [
    (1, "alpha one", 90, True, 1, "1", "1", 0),
    (2, "alpha two", 20, False, 2, "2", "2", 2),
    (3, "beta three", 50, True, None, "12", "12", 1),
    (4, "beta four", None, False, None, "3", "", 0),
    (5, None, 80, True, 1, "123", "123", 3),
    (6, "gamma six", 10, False, None, "", "3", 0),
    (7, None, None, True, 2, "24", "1", 1),
    (8, "alpha beta", 100, False, None, "4", "", 0),
]
TAG_NAMES = {1: "red", 2: "green", 3: "blue", 4: "reddish"}


def _found(pattern: str, text: str) -> bool:
    return bool(re.search(pattern, text))


def _database() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.create_function("regexp", 2, _found)
    database.executescript(
        """
        CREATE TABLE scenes (id INTEGER, title TEXT, rating INTEGER, organized INTEGER, studio INTEGER);
        CREATE TABLE scenes_tags (scene_id INTEGER, tag_id INTEGER);
        CREATE TABLE performers_scenes (scene_id INTEGER, performer_id INTEGER);
        CREATE TABLE markers (id INTEGER PRIMARY KEY, scene_id INTEGER);
        CREATE TABLE tags (id INTEGER, name TEXT);
        """
    )
    for id_, title, rating, organized, studio, tags, performers, markers in SCENES:
        row = (id_, title, rating, organized, studio)
        database.execute("INSERT INTO scenes VALUES (?, ?, ?, ?, ?)", row)
        for tag in tags:
            database.execute("INSERT INTO scenes_tags VALUES (?, ?)", (id_, int(tag)))
        for performer in performers:
            database.execute("INSERT INTO performers_scenes VALUES (?, ?)", (id_, int(performer)))
        for _ in range(markers):
            database.execute("INSERT INTO markers (scene_id) VALUES (?)", (id_,))
    database.executemany("INSERT INTO tags VALUES (?, ?)", TAG_NAMES.items())
    return database


DATABASE = _database()


@dataclass
class _Statement:
    """One level of a filter as SQL: what is joined, what goes into WHERE and what into HAVING."""

    joins: dict[str, str] = field(default_factory=dict[str, str])
    where: list[str] = field(default_factory=list[str])
    having: list[str] = field(default_factory=list[str])
    operator: str = ""
    rest: _Statement | None = None

    def all_joins(self) -> dict[str, str]:
        # A name that is joined already is not joined again: the first level's values count.
        return {**(self.rest.all_joins() if self.rest else {}), **self.joins}

    def clause(self, part: str) -> str:
        own = " AND ".join(f"({clause})" for clause in getattr(self, part))
        deeper = self.rest.clause(part) if self.rest else ""
        if not deeper:
            return own
        if self.operator == "NOT":
            return f"({own}) AND NOT ({deeper})" if own else f"NOT ({deeper})"
        return f"({own}) {self.operator} ({deeper})" if own else f"({deeper})"


def _ids(values: list[str]) -> str:
    return f"({', '.join(values)})"


def _tags(statement: _Statement, criterion: dict[str, Any]) -> None:
    values: list[str] = criterion.get("value") or []
    excluded: list[str] = criterion.get("excludes") or []
    if criterion["modifier"] in ("IS_NULL", "NOT_NULL"):
        statement.joins["tags"] = "LEFT JOIN scenes_tags AS tags ON tags.scene_id = scenes.id"
        empty = "IS NULL" if criterion["modifier"] == "IS_NULL" else "IS NOT NULL"
        statement.where.append(f"tags.tag_id {empty}")
        return
    if criterion["modifier"] == "EXCLUDES":
        values, excluded = [], values + excluded
    for name, ids, test in (("tags", values, "IS NOT NULL"), ("tags2", excluded, "IS NULL")):
        if ids:
            table = f"(SELECT * FROM scenes_tags WHERE tag_id IN {_ids(ids)})"
            statement.joins[name] = f"LEFT JOIN {table} AS {name} ON {name}.scene_id = scenes.id"
            statement.where.append(f"{name}.tag_id {test}")
    if criterion["modifier"] == "INCLUDES_ALL" and values:
        statement.having.append(f"count(DISTINCT tags.tag_id) = {len(values)}")


def _performers(statement: _Statement, criterion: dict[str, Any]) -> None:
    modifier: str = criterion["modifier"]
    values: list[str] = criterion.get("value") or []
    if modifier == "EXCLUDES":
        inner = f"SELECT scene_id FROM performers_scenes WHERE performer_id IN {_ids(values)}"
        statement.where.append(f"scenes.id NOT IN ({inner})")
        return
    statement.joins["performers"] = (
        "LEFT JOIN performers_scenes AS performers ON performers.scene_id = scenes.id"
    )
    if modifier in ("IS_NULL", "NOT_NULL"):
        empty = "IS NULL" if modifier == "IS_NULL" else "IS NOT NULL"
        statement.where.append(f"performers.performer_id {empty}")
        return
    statement.where.append(f"performers.performer_id IN {_ids(values)}")
    if modifier == "INCLUDES_ALL":
        statement.having.append(f"count(DISTINCT performers.performer_id) = {len(values)}")


def _studios(statement: _Statement, criterion: dict[str, Any]) -> None:
    ids: list[str] = criterion.get("value") or []
    values = _ids(ids)
    statement.where.append(
        {
            "IS_NULL": "scenes.studio IS NULL",
            "NOT_NULL": "scenes.studio IS NOT NULL",
            "INCLUDES": f"scenes.studio IN {values}",
            "EXCLUDES": f"scenes.studio NOT IN {values} OR scenes.studio IS NULL",
        }[criterion["modifier"]]
    )
    excluded: list[str] = criterion.get("excludes") or []
    if excluded:
        statement.where.append(f"scenes.studio NOT IN {_ids(excluded)} OR scenes.studio IS NULL")


def _title(statement: _Statement, criterion: dict[str, Any]) -> None:
    text = criterion["value"]
    statement.where.append(
        {
            "EQUALS": f"title LIKE '{text}'",
            "NOT_EQUALS": f"title NOT LIKE '{text}'",
            "INCLUDES": f"title LIKE '%{text}%'",
            "EXCLUDES": f"title NOT LIKE '%{text}%'",
            "MATCHES_REGEX": f"title IS NOT NULL AND regexp('{text}', title)",
            "NOT_MATCHES_REGEX": f"title IS NULL OR NOT regexp('{text}', title)",
            "IS_NULL": "title IS NULL OR TRIM(title) = ''",
            "NOT_NULL": "title IS NOT NULL AND TRIM(title) != ''",
        }[criterion["modifier"]]
    )


def _rating(statement: _Statement, criterion: dict[str, Any]) -> None:
    value, value2 = criterion["value"], criterion.get("value2", 0)
    statement.where.append(
        {
            "EQUALS": f"rating = {value}",
            "NOT_EQUALS": f"rating != {value}",
            "GREATER_THAN": f"rating > {value}",
            "LESS_THAN": f"rating < {value}",
            "BETWEEN": f"rating BETWEEN {value} AND {value2}",
            "NOT_BETWEEN": f"rating NOT BETWEEN {value} AND {value2}",
            "IS_NULL": "rating IS NULL",
            "NOT_NULL": "rating IS NOT NULL",
        }[criterion["modifier"]]
    )


def _has_markers(statement: _Statement, criterion: str) -> None:
    statement.joins["markers"] = "LEFT JOIN markers ON markers.scene_id = scenes.id"
    if criterion == "true":
        statement.having.append("count(markers.id) > 0")
    else:
        statement.where.append("markers.id IS NULL")


def _tags_filter(statement: _Statement, criterion: dict[str, Any]) -> None:
    statement.joins["tags"] = "INNER JOIN scenes_tags AS tags ON tags.scene_id = scenes.id"
    name = criterion["name"]["value"]
    statement.where.append(f"tags.tag_id IN (SELECT id FROM tags WHERE name LIKE '%{name}%')")


def _organized(statement: _Statement, criterion: bool) -> None:
    statement.where.append(f"organized = {int(criterion)}")


_HANDLERS: dict[str, Callable[[_Statement, Any], None]] = {
    "tags": _tags,
    "performers": _performers,
    "studios": _studios,
    "title": _title,
    "rating100": _rating,
    "has_markers": _has_markers,
    "tags_filter": _tags_filter,
    "organized": _organized,
}


def _statement(filter_: dict[str, Any]) -> _Statement:
    operators = [name for name in ("AND", "OR", "NOT") if name in filter_]
    assert len(operators) < 2, f"cannot have {' and '.join(operators)} in the same filter"
    statement = _Statement()
    for operator in operators:
        statement.operator, statement.rest = operator, _statement(filter_[operator])
    for name, criterion in filter_.items():
        if name not in operators:
            _HANDLERS[name](statement, criterion)
    return statement


def served(filter_: SceneFilterType, also: str = "1") -> set[int]:
    """What the server finds for a filter, with a text search before it."""
    statement = _statement(filter_.model_dump(mode="json", by_alias=True, exclude_unset=True))
    where, having = statement.clause("where"), statement.clause("having")
    joins = " ".join(statement.all_joins().values())
    sql = f"SELECT DISTINCT scenes.id FROM scenes {joins} WHERE {also}"
    if where:
        sql += f" AND {where}"
    if having:
        sql += f" GROUP BY scenes.id HAVING {having}"
    return {row[0] for row in DATABASE.execute(sql)}


Truth = bool | None
"""As SQL has it: None is what a comparison with nothing gives."""


@dataclass
class Leaf:
    """A criterion, and which scenes fit it."""

    name: str
    criterion: Any
    truth: dict[int, Truth]

    def __repr__(self) -> str:
        return f"{self.name}={self.criterion!r}"


def _leaf(name: str, criterion: Any, fits: Callable[[Any], Truth], column: int) -> Leaf:
    return Leaf(name, criterion, {scene[0]: fits(scene[column]) for scene in SCENES})


def _known(fits: Callable[[Any], bool]) -> Callable[[Any], Truth]:
    def truth(value: object) -> Truth:
        return None if value is None else fits(value)

    return truth


def _title_leaves(text: str) -> Iterator[Leaf]:
    yield _leaf("title", includes(text), _known(lambda v: text in v), 1)
    yield _leaf("title", excludes(text), _known(lambda v: text not in v), 1)
    yield _leaf("title", matches(text), lambda v: v is not None and text in v, 1)


def _rating_leaves(number: int) -> Iterator[Leaf]:
    yield _leaf("rating100", gt(number), _known(lambda v: v > number), 2)
    yield _leaf("rating100", lt(number), _known(lambda v: v < number), 2)
    yield _leaf("rating100", equals(number), _known(lambda v: v == number), 2)


def _related_leaves(name: str, column: int) -> Iterator[Leaf]:
    for ids in ("1", "2", "3", "12"):
        yield _related_leaf(name, column, ids, includes(*ids), True)
        yield _related_leaf(name, column, ids, excludes(*ids), False)
    yield _leaf(name, includes_all("1", "2"), lambda v: {*"12"} <= {*v}, column)
    yield _leaf(name, is_null(), lambda v: not v, column)
    yield _leaf(name, not_null(), bool, column)


def _related_leaf(name: str, column: int, ids: str, criterion: Any, wanted: bool) -> Leaf:
    return _leaf(name, criterion, lambda v: bool({*ids} & {*v}) is wanted, column)


def _flag_leaves(yes: bool) -> Iterator[Leaf]:
    yield _leaf("organized", yes, lambda v: v is yes, 3)
    yield _leaf("has_markers", str(yes).lower(), lambda v: (v > 0) is yes, 7)


LEAVES = [
    *(leaf for text in ("alpha", "beta", "o") for leaf in _title_leaves(text)),
    _leaf("title", equals("beta four"), _known(lambda v: v == "beta four"), 1),
    _leaf("title", is_null(), lambda v: not v, 1),
    *(leaf for number in (10, 50, 80) for leaf in _rating_leaves(number)),
    _leaf("rating100", between(20, 80), _known(lambda v: 20 <= v <= 80), 2),
    _leaf("rating100", is_null(), lambda v: v is None, 2),
    *_related_leaves("tags", 5),
    *_related_leaves("performers", 6),
    *_flag_leaves(True),
    *_flag_leaves(False),
    _leaf("studios", includes("1"), lambda v: v == 1, 4),
    _leaf("studios", excludes("1"), lambda v: v != 1, 4),
    _leaf("studios", is_null(), lambda v: v is None, 4),
    _leaf("tags_filter", TagFilterType(name=includes("red")), lambda v: bool({*v} & {*"14"}), 5),
]


OWN = {"title", "rating100", "organized", "studios", "performers"}


@dataclass
class Expression:
    """A filter, and what it must find."""

    text: str
    filter_: SceneFilterType
    truth: dict[int, Truth]

    @property
    def expected(self) -> set[int]:
        return {id_ for id_, truth in self.truth.items() if truth}

    @property
    def undecided(self) -> set[int]:
        return {id_ for id_, truth in self.truth.items() if truth is None}


def _of(leaves: list[Leaf]) -> Expression:
    filter_ = SceneFilterType.model_validate({leaf.name: leaf.criterion for leaf in leaves})
    truth: dict[int, Truth] = {scene[0]: True for scene in SCENES}
    for leaf in leaves:
        truth = {id_: _and(truth[id_], leaf.truth[id_]) for id_ in truth}
    return Expression(f"S({', '.join(map(repr, leaves))})", filter_, truth)


def _and(first: Truth, second: Truth) -> Truth:
    return False if first is False or second is False else None if None in (first, second) else True


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _joined(kind: str, first: Expression, second: Expression) -> Expression:
    before = first.filter_.model_dump(), second.filter_.model_dump()
    if kind == "&":
        filter_ = first.filter_ & second.filter_
        truth = {id_: _and(first.truth[id_], second.truth[id_]) for id_ in first.truth}
    else:
        filter_ = first.filter_ | second.filter_
        truth = {
            id_: _not(_and(_not(first.truth[id_]), _not(second.truth[id_]))) for id_ in first.truth
        }
    assert (first.filter_.model_dump(), second.filter_.model_dump()) == before
    return Expression(f"({first.text} {kind} {second.text})", filter_, truth)


def _inverted(operand: Expression) -> Expression:
    truth = {id_: _not(truth) for id_, truth in operand.truth.items()}
    return Expression(f"~{operand.text}", ~operand.filter_, truth)


def _grown(draw: st.DrawFn, leaves: st.SearchStrategy[list[Leaf]], depth: int) -> Expression:
    kind = draw(st.sampled_from(["leaf", "~", "&", "|"])) if depth else "leaf"
    if kind == "leaf":
        return _of(draw(leaves))
    first = _grown(draw, leaves, depth - 1)
    if kind == "~":
        return _inverted(first)
    return _joined(kind, first, _grown(draw, leaves, depth - 1))


def _get_along(leaves: list[Leaf]) -> bool:
    # In one filter already, the server takes both for questions about one and the same tag.
    return not {"tags", "tags_filter"} <= {leaf.name for leaf in leaves}


_ANY_LEAVES = st.lists(
    st.sampled_from(LEAVES), min_size=1, max_size=2, unique_by=lambda leaf: leaf.name
).filter(_get_along)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_the_server_finds_what_the_expression_says_or_it_is_refused(data: st.DataObject) -> None:
    draw: Any = data.draw
    try:
        expression = _grown(draw, _ANY_LEAVES, depth=3)
    except InvalidVariableError:
        return

    found = served(expression.filter_)
    # What compares with an empty field is decided in the rarest of cases, where nothing else is left.
    assert expression.expected <= found <= expression.expected | expression.undecided, expression
    assert served(expression.filter_, also="scenes.id != 1") == found - {1}, expression


# One criterion for each field.
_SINGLE_LEAVES = st.lists(
    st.sampled_from(
        list({leaf.name: leaf for leaf in reversed(LEAVES) if leaf.name in OWN}.values())
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda leaf: leaf.name,
)


@given(st.data())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_no_short_expression_of_one_criterion_a_field_is_refused(data: st.DataObject) -> None:
    """A few in a thousand have no chain that would be found; these are always the same."""
    draw: Any = data.draw
    expression = _grown(draw, _SINGLE_LEAVES, depth=2)

    found = served(expression.filter_)
    assert expression.expected <= found <= expression.expected | expression.undecided, expression


def _own(*names: str) -> Expression:
    leaves = {leaf.name: leaf for leaf in reversed(LEAVES)}
    return _of([leaves[name] for name in names])


def test_alternatives_are_counted_without_those_that_others_hold() -> None:
    """Multiplied out they are many more than are left, and the same ones in several orders."""
    either = _joined("|", _own("studios", "rating100"), _own("rating100", "performers"))

    expression = _inverted(_joined("&", either, _inverted(_own("studios", "title"))))

    found = served(expression.filter_)
    assert expression.expected <= found <= expression.expected | expression.undecided, expression


S = SceneFilterType
TITLE = {"modifier": "INCLUDES", "value": "a"}
RATING = {"modifier": "GREATER_THAN", "value": 5}


def wire(filter_: FilterInput) -> dict[str, Any]:
    dumped: dict[str, Any] = filter_.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return dumped


def test_the_plain_operators_are_and_or_and_not() -> None:
    title, rating = S(title=includes("a")), S(rating100=gt(5))

    assert wire(title & rating) == {"title": TITLE, "AND": {"rating100": RATING}}
    # The level before keeps the text search from being taken for a part of the first alternative.
    assert wire(title | rating) == {"AND": {"title": TITLE, "OR": {"rating100": RATING}}}
    assert wire(~title) == {"NOT": {"title": TITLE}}
    assert wire(title & ~rating) == {"title": TITLE, "NOT": {"rating100": RATING}}
    assert wire(~~title) == {"title": TITLE}


def test_a_filter_without_criteria_lets_everything_pass() -> None:
    title = S(title=includes("a"), organized=None)

    assert wire(S() & title) == wire(title & S()) == {"title": TITLE}
    assert wire(S() | title) == {}
    with pytest.raises(InvalidVariableError, match=r"~SceneFilterType\(\) would let nothing pass"):
        _ = ~S()


def test_related_items_are_asked_for_at_once_where_the_server_needs_that() -> None:
    tags = S(tags=includes("1")) & S(tags=includes("2"))
    assert wire(tags) == {"tags": {"modifier": "INCLUDES_ALL", "value": ["1", "2"]}}

    either = S(tags=includes("1", depth=-1)) | S(tags=includes("2", depth=-1))
    assert wire(either) == {"tags": {"modifier": "INCLUDES", "value": ["1", "2"], "depth": -1}}

    assert wire(~S(performers=includes("1"))) == {
        "performers": {"modifier": "EXCLUDES", "value": ["1"]}
    }
    assert wire(~S(url=includes("x"))) == {"url": {"modifier": "EXCLUDES", "value": "x"}}
    assert wire(~S(performer_favorite=True)) == {"performer_favorite": False}


def test_an_items_own_values_are_added_to_any_filter_as_it_is() -> None:
    # The server's own trouble with such a filter is no reason not to read it page by page.
    odd = S(
        tags=includes("1"), tags_filter=TagFilterType(name=equals("x")), NOT=S(url=matches("x"))
    )
    first = S(id=gt(100)) & odd

    assert wire(first) == {"id": {"modifier": "GREATER_THAN", "value": 100}, "AND": wire(odd)}
    assert wire(odd & S(id=gt(100))) == wire(first)
    assert odd.tags is not None
    assert first.AND is not None
    first.AND.tags = None
    assert odd.tags is not None


def test_what_only_the_first_level_knows_comes_first() -> None:
    tags = S(title=includes("a")) & S(performer_tags=includes("1"))

    assert list(wire(tags)) == ["AND", "performer_tags"]


@pytest.mark.parametrize(
    ("join", "reason"),
    [
        (
            lambda: S(title=equals("a")) | S(tags_filter=TagFilterType()),
            "only require `tags_filter`",
        ),
        (lambda: ~S(performer_age=gt(5)), "only require `performer_age`"),
        (
            lambda: TagFilterType(name=equals("a")) | TagFilterType(scene_count=gt(5)),
            "only require `scene_count`, not put it beside other criteria in an OR or a NOT",
        ),
        (
            lambda: TagFilterType(name=equals("a")) | TagFilterType(parents=includes("1")),
            "it knows `parents` only where everything else is added with AND",
        ),
        (
            lambda: (
                (S(tags=includes("1")) & S(organized=True))
                | (S(tags=includes("2")) & S(rating100=gt(5)))
                | (S(tags=includes("3")) & S(title=equals("a")))
            ),
            "it joins no more than two different lists of `tags`",
        ),
        (lambda: ~S(url=matches("x")), "it cannot negate `url`, or only for each of several alone"),
        (
            lambda: (
                (S(title=matches("a")) & S(title=matches("b")))
                | (S(title=matches("c")) & S(title=matches("d")))
            ),
            "a level leads to one other only, and this branches",
        ),
    ],
)
def test_what_the_server_would_get_wrong_is_refused(join: Callable[[], Any], reason: str) -> None:
    with pytest.raises(InvalidVariableError, match=re.escape(reason)) as caught:
        join()
    assert "Ask with several filters" in str(caught.value)
    assert isinstance(caught.value, ValueError)


class Newer(FilterInput):
    """A filter of a newer release, with a field that this client has not seen."""

    AND: Newer | None = None
    OR: Newer | None = None
    NOT: Newer | None = None
    title: StringCriterionInput | None = None
    brand_new: IntCriterionInput | None = None


def test_a_field_of_a_newer_release_is_only_added_with_and() -> None:
    title, brand_new = Newer(title=includes("a")), Newer(brand_new=gt(5))

    assert wire(title & brand_new) == {"brand_new": RATING, "AND": {"title": TITLE}}
    refused: list[Callable[[], Newer]] = [
        lambda: title | brand_new,
        lambda: ~brand_new,
        lambda: ~(title & brand_new),
        lambda: brand_new & Newer(brand_new=lt(9)),
    ]
    for join in refused:
        with pytest.raises(InvalidVariableError, match="`brand_new` is newer than this client"):
            join()


def test_counts_join_with_counts() -> None:
    busy = TagFilterType(image_count=gt(4)) | TagFilterType(scene_count=gt(1))

    assert "scene_count" in wire(busy)["AND"]["OR"]


def test_an_empty_field_fits_neither_a_comparison_nor_its_opposite() -> None:
    high = S(rating100=gt(50))

    assert served(high) == {1, 5, 8}
    assert served(~high) == {2, 3, 6}
    assert served(~high | S(rating100=is_null())) == {2, 3, 4, 6, 7}


def test_filters_of_two_types_do_not_join() -> None:
    with pytest.raises(TypeError, match="'SceneFilterType' and 'TagFilterType'"):
        S() & TagFilterType()  # type: ignore[operator]  # on purpose
    with pytest.raises(TypeError, match=r"'SceneFilterType' and 'dict'"):
        S() | {}  # type: ignore[operator]  # on purpose


def test_a_chain_that_the_server_refuses_is_refused_before() -> None:
    both = S(AND=S(organized=True), OR=S(organized=False))

    with pytest.raises(InvalidVariableError, match="has AND and OR at once"):
        _ = both & S(organized=True)


def test_chains_made_by_hand_join_as_the_server_reads_them() -> None:
    chained = S(organized=True, OR=S(rating100=gt(50), NOT=S(has_markers="false")))
    joined = chained & S(studios=is_null())

    assert served(chained) == {1, 3, 5, 7} | {5}
    assert served(joined) == {3}
