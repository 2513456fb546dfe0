"""The steps of the demonstration: each headed and timed, all of them summed up at the end."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from stash_typed.cli.terminal.output import duration, print_heading, print_table, print_text

__all__ = ["Step", "Steps"]


@dataclass
class Step:
    """One step.

    Attributes:
        title: what is done.
        result: what came of it, for the summary.
        seconds: how long it took; None for a step that was left out.
    """

    title: str
    result: str = ""
    seconds: float | None = None


class Steps:
    """Prints headings and remembers how each step went."""

    def __init__(self) -> None:
        self._done: list[Step] = []

    @contextmanager
    def step(self, title: str) -> Generator[Step, None, None]:
        """Do one step.

        Args:
            title: what is done.

        Yields:
            The step; say in its `result` what came of it.
        """
        step = Step(title)
        self._head(title)
        started = time.monotonic()
        yield step
        step.seconds = time.monotonic() - started
        self._done.append(step)
        print_text(f"{step.result} ({duration(step.seconds)})")

    def leave_out(self, title: str, reason: str) -> None:
        """Say that a step is not done.

        Args:
            title: what would have been done.
            reason: why it is not.
        """
        self._head(title)
        self._done.append(Step(title, f"left out: {reason}"))
        print_text(f"Left out: {reason}.")

    def summary(self) -> None:
        """Print all steps as a table, and the time that they took together."""
        print_heading("Summary")
        print_table(("step", "result", "time#"), map(_row, self._done))
        total = sum(step.seconds or 0.0 for step in self._done)
        done = sum(step.seconds is not None for step in self._done)
        left = len(self._done) - done
        print_text(f"{done} steps done, {left} left out, in {duration(total)}.")

    def _head(self, title: str) -> None:
        print_heading(f"{len(self._done) + 1}. {title}")


def _row(step: Step) -> tuple[str, str, str | None]:
    return step.title, step.result, None if step.seconds is None else duration(step.seconds)
