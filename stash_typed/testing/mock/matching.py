"""Matching a request's variables against those that a stub expects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from stash_typed._runtime.http.request import build_payload
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.redact import HIDDEN


def plain_variables(operation: str, variables: Mapping[str, object]) -> dict[str, Any]:
    """Return variables as a request has them: inputs, enums and datetimes as plain JSON."""
    named = Operation(name=operation, kind="query", root_field="", text="")
    return cast("dict[str, Any]", build_payload(named, variables).get("variables", {}))


def difference(
    wanted: object, sent: object, path: str = "", *, recorded: bool = False
) -> str | None:
    """Return the first difference between sent and expected JSON; None if there is none.

    Objects may have more fields than expected, at any depth; lists must be as long. Recorded
    objects have exactly the same fields, and redacted values match anything.
    """
    pairs: list[tuple[object, object, object]] = []
    if isinstance(wanted, Mapping) and isinstance(sent, Mapping):
        fields = cast("Mapping[str, object]", sent)
        if recorded and fields.keys() - cast("Mapping[str, object]", wanted).keys():
            return f"{path} has more fields"
        for name, value in cast("Mapping[str, object]", wanted).items():
            if name not in fields:
                return f"{_below(path, name)} was not sent"
            pairs.append((name, value, fields[name]))
    elif isinstance(wanted, list) and isinstance(sent, list):
        items, others = cast("list[object]", wanted), cast("list[object]", sent)
        if len(items) != len(others):
            return f"{path} has {len(others)} items, not {len(items)}"
        pairs = [(place, item, others[place]) for place, item in enumerate(items)]
    elif recorded and isinstance(wanted, str) and isinstance(sent, str) and HIDDEN in wanted:
        pattern = ".*".join(map(re.escape, wanted.split(HIDDEN)))
        return None if re.fullmatch(pattern, sent, re.DOTALL) else f"{path} is not {wanted!r}"
    elif wanted != sent or isinstance(wanted, bool) != isinstance(sent, bool):
        return f"{path} is {sent!r}, not {wanted!r}"
    found = (
        difference(item, other, _below(path, step), recorded=recorded)
        for step, item, other in pairs
    )
    return next((each for each in found if each), None)


def _below(path: str, step: object) -> str:
    return f"{path}.{step}" if path else str(step)
