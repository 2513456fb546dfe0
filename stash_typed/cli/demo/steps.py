"""The steps of the demo: each is headed and timed, and all of them are summed up at the end."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from ..terminal.output import duration, print_heading, print_table, print_text

__all__ = ["Step", "Steps"]


@dataclass
class Step:
    """One step. `seconds` is None if it was left out."""

    title: str
    result: str = ""
    seconds: float | None = None


class Steps:
    """Prints headings and remembers how each step went."""

    def __init__(self) -> None:
        self._done: list[Step] = []

    @contextmanager
    def step(self, title: str) -> Generator[Step, None, None]:
        """Do a step, whose `result` is to be set."""
        step = self._begin(title)
        started = time.monotonic()
        yield step
        step.seconds = time.monotonic() - started
        print_text(f"{step.result} ({duration(step.seconds)})")

    def leave_out(self, title: str, reason: str) -> None:
        """Say why a step is not done."""
        self._begin(title).result = f"left out: {reason}"
        print_text(f"Left out: {reason}.")

    def summary(self) -> None:
        """Print all steps as a table, and the time that they took together."""
        print_heading("Summary")
        rows = (
            (step.title, step.result, None if step.seconds is None else duration(step.seconds))
            for step in self._done
        )
        print_table(("step", "result", "time#"), rows)
        times = [step.seconds for step in self._done if step.seconds is not None]
        left = len(self._done) - len(times)
        print_text(f"{len(times)} steps done, {left} left out, in {duration(sum(times))}.")

    def _begin(self, title: str) -> Step:
        step = Step(title)
        self._done.append(step)
        print_heading(f"{len(self._done)}. {title}")
        return step
