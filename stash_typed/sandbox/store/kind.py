"""What a kind of object is: its fields, and where they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["text", "enum", "int", "float", "flag", "date", "ref", "time"]


@dataclass(frozen=True)
class Column:
    """A field of the schema that is one column.

    Attributes:
        name: the field's name in inputs and answers.
        type: how it is read and written: a `text` without a value is answered as an empty one,
            an `enum` as null; `ref` is another object's id, `flag` a boolean; a `date` has a
            second column, `<column>_precision`.
        stored: the column's name, where it differs from the field's.
        of: of a `ref` the other kind's name.
        answer: of a `ref` the field that gives the object, where it is not the name without `_id`.
    """

    name: str
    type: ColumnType = "text"
    stored: str = ""
    of: str = ""
    answer: str = ""

    @property
    def column(self) -> str:
        return self.stored or self.name


@dataclass(frozen=True)
class IdList:
    """A field of inputs that is a list of other objects' ids.

    Attributes:
        name: the input's field, such as `tag_ids`.
        table: the join table.
        owner: the join table's column of this kind.
        member: its column of the other kind.
        of: the other kind's name.
        answer: the field that gives the objects, such as `tags`.
        order: how answers are sorted, an SQL expression over `j` (the join) and `m` (the member).
    """

    name: str
    table: str
    owner: str
    member: str
    of: str
    answer: str
    order: str = ""

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
    """One kind of object.

    Attributes:
        name: as error texts call it.
        table: its table.
        columns, id_lists, text_lists: its fields.
        stash_ids, custom_fields: the tables of these, or an empty text.
        blobs: image name to column.
        files: the table that joins it with files, or an empty text.
        answers: what is read and never written: `stored` is an SQL expression.
        source: the tables that `answers` need, joined with the kind's own.
    """

    name: str
    table: str
    columns: tuple[Column, ...]
    id_lists: tuple[IdList, ...] = ()
    text_lists: tuple[TextList, ...] = ()
    stash_ids: str = ""
    custom_fields: str = ""
    blobs: Mapping[str, str] = field(default_factory=dict[str, str])
    files: str = ""
    answers: tuple[Column, ...] = ()
    source: str = ""

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
