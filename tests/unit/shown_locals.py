"""What tools print of an exception: the local variables of every frame, as Sentry, rich and loguru see them."""

from __future__ import annotations

import io
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from loguru import logger
from rich.traceback import Traceback

_TESTS = str(Path(__file__).resolve().parents[1])


def behind(error: BaseException) -> Iterator[BaseException]:
    """The exception, and every other one that it was raised from or while."""
    left, seen = [error], set[int]()
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        members: tuple[BaseException, ...] = getattr(one, "exceptions", ())
        left += [other for other in (one.__cause__, one.__context__, *members) if other is not None]


def frames(error: BaseException) -> Iterator[FrameType]:
    """Every frame of the tracebacks, but those of the tests themselves."""
    for one in behind(error):
        for frame, _ in traceback.walk_tb(one.__traceback__):
            if not frame.f_code.co_filename.startswith(_TESTS):
                yield frame


def shown(error: BaseException) -> dict[str, str]:
    """Everything that is printed of it, by tool and place."""
    found = {
        f"{frame.f_code.co_filename}:{frame.f_lineno} {name}": repr(value)
        for frame in frames(error)
        for name, value in frame.f_locals.items()
    }
    for one in behind(error):
        found[f"message of {type(one).__name__}"] = f"{one} {one!r}"
        found.update(_traceback(one))
        found.update(_rich(one))
    found.update(_loguru(error))
    return found


def _traceback(error: BaseException) -> Iterator[tuple[str, str]]:
    for summary in traceback.TracebackException.from_exception(error, capture_locals=True).stack:
        if not summary.filename.startswith(_TESTS):
            yield f"TracebackException {summary.filename}:{summary.lineno}", f"{summary.locals}"


def _rich(error: BaseException) -> Iterator[tuple[str, str]]:
    """As `Traceback(show_locals=True)` reads them; drawing them takes ten times as long."""
    trace = Traceback.extract(
        type(error),
        error,
        error.__traceback__,
        show_locals=True,
        locals_max_length=1000,
        locals_hide_dunder=False,
    )
    for stack in trace.stacks:
        for frame in stack.frames:
            if not frame.filename.startswith(_TESTS):
                for name, node in (frame.locals or {}).items():
                    yield f"rich {frame.filename}:{frame.lineno} {name}", f"{node}"


def _loguru(error: BaseException) -> Iterator[tuple[str, str]]:
    """As its default handler writes: with the values that stand in each line of the traceback."""
    written = io.StringIO()
    handler = logger.add(written, backtrace=True, diagnose=True, colorize=False)
    try:
        logger.opt(exception=error).error("it failed")
    finally:
        logger.remove(handler)
    # The frames above the client belong to the caller: here to the tests and to pytest.
    for part in re.split(r'(?m)^.{0,6}File "', written.getvalue()):
        if not part.startswith(_TESTS) and not re.search(
            r"^[^\n]*(pytest|pluggy|runpy|xdist|execnet)", part
        ):
            yield f"loguru {part.splitlines()[0]}", part
