"""`stash-typed demo`: the product's main job, from schema to results, in one go."""

from __future__ import annotations

from .command import demo

__all__ = ["demo"]
