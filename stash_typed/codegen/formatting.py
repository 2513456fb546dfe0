"""Formats modules that are written beside ariadne-codegen's, the way it formats its own."""

from __future__ import annotations

from ariadne_codegen.utils import format_code

__all__ = ["formatted"]


def formatted(code: str, header: str) -> str:
    """Format a module and put the header on it.

    Args:
        code: the module's text.
        header: the comment that every generated file begins with.

    Returns:
        The module's text, imports sorted and unused ones gone.
    """
    return f"{header}\n\n{format_code(code)}"
