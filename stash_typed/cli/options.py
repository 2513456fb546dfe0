"""A short way to declare options, and those that many commands have."""

from __future__ import annotations

from typing import Annotated, Any

import typer

__all__ = ["Json", "argument", "flag", "option"]


def option(text: str, *names: str, metavar: str | None = None, **more: Any) -> Any:
    """Declare an option; its names are made of the parameter's name if none are given."""
    return typer.Option(*names, help=text, metavar=metavar, **more)


def argument(text: str, metavar: str | None = None) -> Any:
    """Declare an argument."""
    return typer.Argument(help=text, metavar=metavar)


def flag(name: str) -> str:
    """Return a parameter's name as typer would write it, but without its negation."""
    return f"--{name.replace('_', '-')}"


Json = Annotated[bool, option("Print JSON.", "--json")]
