"""Criteria as functions: `SceneFilterType(rating100=gt(80), tags=includes("5", depth=-1))`.

Each function fits every filter field for which it makes sense. A type checker refuses the others;
without one, they are refused when the filter is created. Filters are joined with `&`, `|`
and `~`; `_runtime/filter_input.py` says how the server reads that.

An empty number, date or time matches no comparison, not even `not_equals` and `not_between`: use
`is_null()`.
"""

from __future__ import annotations

from ._criteria.relations import (
    custom_field,
    duplicated,
    excludes,
    includes,
    includes_all,
    is_null,
    near,
    not_null,
)
from ._criteria.values import between, equals, gt, lt, matches, not_between, not_equals, not_matches

__all__ = [
    "between",
    "custom_field",
    "duplicated",
    "equals",
    "excludes",
    "gt",
    "includes",
    "includes_all",
    "is_null",
    "lt",
    "matches",
    "near",
    "not_between",
    "not_equals",
    "not_matches",
    "not_null",
]
