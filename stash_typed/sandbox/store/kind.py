"""What a kind of object is: its fields, and where they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Column", "ColumnType", "IdList", "Kind", "TextList"]

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
    """

    name: str
    type: ColumnType = "text"
    stored: str = ""

    @property
    def column(self) -> str:
        """The column's name."""
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
        order: how answers are sorted, an SQL expression over `j` (the join) and `m` (the member).
    """

    name: str
    table: str
    owner: str
    member: str
    of: str
    order: str = ""

    @property
    def sorting(self) -> str:
        """The SQL to sort members by."""
        return self.order or (_TAG_ORDER if self.of == "tag" else f"j.{self.member}")

    @property
    def label(self) -> str:
        """The list's words in error texts."""
        return self.name.replace("_", " ")


_TAG_ORDER = "natural_key(coalesce(m.sort_name, m.name))"


@dataclass(frozen=True)
class TextList:
    """A field that is a list of texts in a table of its own; `ordered` lists keep their order."""

    name: str
    table: str
    owner: str
    column: str
    ordered: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of object.

    Attributes:
        name: as error texts call it.
        table: its table.
        owner: its column in join tables.
        columns, id_lists, text_lists: its fields.
        stash_ids: the table of its stash ids, or an empty text.
        blobs: image name to column.
        files: the table that joins it with files, or an empty text.
        answers: what is read and never written: `stored` is an SQL expression.
        source: the tables that `answers` need, joined with the kind's own.
    """

    name: str
    table: str
    owner: str
    columns: tuple[Column, ...]
    id_lists: tuple[IdList, ...] = ()
    text_lists: tuple[TextList, ...] = ()
    stash_ids: str = ""
    blobs: Mapping[str, str] = field(default_factory=dict[str, str])
    files: str = ""
    answers: tuple[Column, ...] = ()
    source: str = ""
