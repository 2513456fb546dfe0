"""Performers: names with disambiguations, aliases and dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stash_typed.sandbox.errors import AnswerError

from .changes import Changes
from .kinds import PERFORMER
from .moments import format_date
from .objects import Objects

_DAYS = ("birthdate", "death_date")
_DAY_COLUMNS = ("birthdate", "birthdate_precision", "death_date", "death_date_precision")


class Performers(Objects):
    kind = PERFORMER

    def check_new(self, changes: Changes) -> None:
        values = changes.columns
        self._check_name(0, str(values.get("name") or ""), str(values.get("disambiguation") or ""))
        aliases = changes.texts.get("alias_list")
        _check_aliases(str(values["name"]), list(aliases.values) if aliases else [])
        _check_dates(*(_day(values, name) for name in _DAYS))

    def check_change(self, key: int, changes: Changes) -> None:
        item = self.require(key)
        values = changes.columns
        name = str(values.get("name", item["name"]) or "")
        if "name" in values or "disambiguation" in values:
            other = str(values.get("disambiguation", item["disambiguation"]) or "")
            self._check_name(key, name, other)
        change = changes.texts.get("alias_list")
        if "name" in values or change is not None:
            aliases = self.aliases(key)
            _check_aliases(name, change.applied(aliases) if change else aliases)
        if "birthdate" in values or "death_date" in values:
            old = self.database.row(
                "select birthdate, birthdate_precision, death_date, death_date_precision"
                " from performers where id = ?",
                (key,),
            )
            days = {} if old is None else dict(zip(_DAY_COLUMNS, old, strict=True))
            _check_dates(*(_day({**days, **values}, name) for name in _DAYS))

    def _check_name(self, key: int, name: str, disambiguation: str) -> None:
        if not name:
            raise AnswerError("performer name must not be blank")
        same, arguments = "(disambiguation is null or trim(disambiguation) = '')", [name]
        if disambiguation:
            same, arguments = "disambiguation like ?", [name, disambiguation]
        found = self.database.column(
            f"select id from performers where name like ? and {same}", arguments
        )
        if found and (found != [key]):
            more = f" and disambiguation '{disambiguation}'" if disambiguation else ""
            raise AnswerError(f"performer with name '{name}'{more} already exists")


def _check_aliases(name: str, aliases: list[str]) -> None:
    seen = {name.lower()}
    for alias in aliases:
        if alias.lower() in seen:
            raise AnswerError(f"performer contains duplicate alias '{alias}'")
        seen.add(alias.lower())


def _day(columns: Mapping[str, Any], name: str) -> tuple[str | None, int | None]:
    return columns.get(name), columns.get(f"{name}_precision")


def _check_dates(
    birth: tuple[str | None, int | None], death: tuple[str | None, int | None]
) -> None:
    if birth[0] and death[0] and birth[0] > death[0]:
        dates = f"death date {format_date(*death)} should be after birthdate {format_date(*birth)}"
        raise AnswerError(dates)
