"""The declaration of a kind of object: its fields, and their tables and columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["text", "enum", "int", "float", "flag", "date", "ref", "time"]
"""An empty `text` is answered as such, an `enum` as null; a `date` has a column of its precision."""


@dataclass(frozen=True)
class Column:
    """A field of the schema that is one column, called `stored` where that is another name."""

    name: str
    type: ColumnType = "text"
    stored: str = ""
    of: str = ""  # of a `ref` the other kind's name
    answer: str = ""  # the field that gives that object, if not the name without `_id`

    @property
    def column(self) -> str:
        return self.stored or self.name


@dataclass(frozen=True)
class IdList:
    """A field of inputs that lists other objects' ids, kept in a join table."""

    name: str
    table: str
    owner: str
    member: str
    of: str
    answer: str
    order: str = ""  # SQL over `j` (the join table) and `m` (the member)

    @property
    def sorting(self) -> str:
        return self.order or (_TAG_ORDER if self.of == "tag" else f"j.{self.member}")


_TAG_ORDER = "natural_key(coalesce(m.sort_name, m.name))"


@dataclass(frozen=True)
class TextList:
    """A field that is a list of texts in a table of its own; `ordered` lists keep their order."""

    name: str
    table: str
    owner: str
    column: str
    ordered: bool = False

    @property
    def sorting(self) -> str:
        return "position" if self.ordered else self.column


@dataclass(frozen=True)
class Kind:
    """One kind of object; a table that it does not have is an empty text."""

    name: str
    table: str
    columns: tuple[Column, ...]
    id_lists: tuple[IdList, ...] = ()
    text_lists: tuple[TextList, ...] = ()
    stash_ids: str = ""
    custom_fields: str = ""
    blobs: Mapping[str, str] = field(default_factory=dict[str, str])  # image name to column
    files: str = ""
    answers: tuple[Column, ...] = ()  # read and never written: `stored` is an SQL expression
    source: str = ""  # the tables that `answers` need, joined with the kind's own

    @property
    def noun(self) -> str:
        """The name as tables and arguments spell it, such as `scene_marker`."""
        return self.name.replace(" ", "_")

    @property
    def type(self) -> str:
        """The name as the schema spells it, such as `SceneMarker`."""
        return self.name.title().replace(" ", "")

    @property
    def owner(self) -> str:
        return f"{self.noun}_id"

    def ids_of(self, other: str) -> IdList | None:
        return next((each for each in self.id_lists if each.of == other), None)

    def texts(self, name: str) -> TextList | None:
        return next((each for each in self.text_lists if each.name == name), None)

    def has(self, column: str) -> bool:
        return any(each.name == column for each in self.columns)
