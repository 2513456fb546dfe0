"""Whether a request's variables are the ones that a stub waits for, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from stash_typed._runtime.http.request import build_payload
from stash_typed._runtime.operation import Operation

if TYPE_CHECKING:
    from .targets import Target

__all__ = ["difference", "plain_variables"]


def plain_variables(target: Target, variables: Mapping[str, object]) -> dict[str, Any]:
    """Give variables as they stand in a request: inputs, enums and moments as plain JSON values.

    Args:
        target: the operation that they belong to, for messages.
        variables: values by the names that the document gives them.

    Raises:
        InvalidVariableError: a value cannot be sent.
    """
    operation = Operation(name=str(target), kind="query", root_field="", document="")
    return cast("dict[str, Any]", build_payload(operation, variables).get("variables", {}))


def difference(wanted: object, sent: object, path: str) -> str | None:
    """Say where what was sent is not what was wanted.

    Objects may have more than is wanted; lists must be as long, their items may have more.

    Args:
        wanted: plain JSON values.
        sent: plain JSON values.
        path: where both stand.

    Returns:
        The first difference; None when there is none.
    """
    if isinstance(wanted, Mapping) and isinstance(sent, Mapping):
        fields = cast("Mapping[str, object]", sent)
        for name, value in cast("Mapping[str, object]", wanted).items():
            below = f"{path}.{name}" if path else name
            if name not in fields:
                return f"{below} was not sent"
            found = difference(value, fields[name], below)
            if found:
                return found
        return None
    if isinstance(wanted, list) and isinstance(sent, list):
        items, others = cast("Sequence[object]", wanted), cast("Sequence[object]", sent)
        if len(items) != len(others):
            return f"{path} has {len(others)} items, not {len(items)}"
        for place, (item, other) in enumerate(zip(items, others, strict=True)):
            found = difference(item, other, f"{path}.{place}")
            if found:
                return found
        return None
    if wanted == sent and isinstance(wanted, bool) == isinstance(sent, bool):
        return None
    return f"{path} is {sent!r}, not {wanted!r}"
