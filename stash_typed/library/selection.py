"""What is selected of each thing that is read: the shipped fragment, or what a model of the caller's asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from .._runtime.operation import operation_name

if TYPE_CHECKING:
    from pydantic import BaseModel

    from .kinds import Kind

__all__ = ["Choice", "chosen", "shipped_choice"]

T = TypeVar("T")


@dataclass(frozen=True)
class Choice(Generic[T]):
    """What is selected of each thing, and the type that it becomes.

    Attributes:
        item: a pydantic model.
        selection: the text between the braces.
        fragments: definitions that the selection spreads.
        parts: where in the selection stands what another server may lack, and what it is called; a
            `!` behind it says that the item cannot do without.
    """

    item: type[T]
    selection: str
    fragments: str = ""
    parts: tuple[tuple[int, int, str], ...] = ()

    def parts_in(self, text: str) -> str:
        """Say where these parts stand in a document, each time that it holds the selection.

        Args:
            text: the definition that the selection was put into.
        """
        found: list[str] = []
        at = text.find(self.selection) if self.parts else -1
        while at >= 0:
            found += [f"{at + start}-{at + end}:{name}" for start, end, name in self.parts]
            at = text.find(self.selection, at + len(self.selection))
        return " ".join(found)


def shipped_choice(kind: Kind) -> Choice[Any]:
    """Give the default selection: the fragment of the kind's noun, as it is shipped.

    Args:
        kind: what is read.

    Returns:
        The choice, whose items are the public model.
    """
    fragments = kind.shipped.document.partition("\n\nfragment ")[2]
    wanted = _without_page_fragment(
        f"fragment {fragments}".strip(), f"{operation_name(kind.find)}Result"
    )
    return Choice(kind.model, f"...{kind.noun}", wanted)


def _without_page_fragment(fragments: str, name: str) -> str:
    """Leave out the fragment of the page itself: a fragment that is not spread is an error."""
    return "\n\n".join(
        text for text in fragments.split("\n\n") if not text.startswith(f"fragment {name} on ")
    )


def chosen(kind: Kind, model: type[T]) -> Choice[T]:
    """Give the selection that a caller's own model stands for.

    Args:
        kind: what is read.
        model: a pydantic model.

    Returns:
        The choice, whose items are that model.

    Raises:
        SelectionError: the schema has no such field, or it does not always fit.
    """
    from ..select.selection import selection_of

    selection = selection_of(cast("type[BaseModel]", model), kind.noun)
    # Left out of the answer, a field would have no value: the caller's model may have no default.
    parts = tuple((field.start, field.end, f"{field.coordinate}!") for field in selection.fields)
    return Choice(model, selection.text, parts=parts)
