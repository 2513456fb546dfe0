"""Formats modules that are written beside ariadne-codegen's, the way it formats its own."""

from __future__ import annotations

from collections.abc import Mapping

from ariadne_codegen.utils import format_many

__all__ = ["formatted"]


def formatted(modules: Mapping[str, str], header: str) -> dict[str, bytes]:
    """Format modules, imports sorted and unused ones gone, and put the header on each."""
    codes = format_many(list(modules.values()))
    return {name: f"{header}\n\n{code}".encode() for name, code in zip(modules, codes, strict=True)}
