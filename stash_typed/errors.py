"""The errors of stash-typed. All derive from `StashError`; `_runtime/errors.py` draws the tree."""

from __future__ import annotations

from ._runtime.errors import *  # noqa: F403  # a second list of the names would go out of date
from ._runtime.errors import __all__ as __all__
