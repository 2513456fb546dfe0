"""Tracebacks of exceptions that leave the client: complete, but without local variables.

Tools that report errors (Sentry, loguru, rich, `pytest -l`) print the local variables of every frame
of a traceback. Those of httpx, h11 and websockets hold headers, ours hold answers with links that
carry a key. So the frames that an exception has left are emptied: files and lines stay, the values
are gone, in the exceptions that it was raised from as well.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import cast

from .redact import redact_text


class emptied_frames:  # noqa: N801  (used like a function)
    """Empties the frames that whatever is raised in its block has left; the block's own is kept."""

    __slots__ = ("_outside",)

    def __enter__(self) -> None:
        # What the caller is handling just now may end up as a context, and is the caller's own.
        self._outside = sys.exc_info()[1]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            empty_frames(error, but=self._outside)


def empty_frames(
    error: BaseException, *, but: BaseException | None = None, below: str = ""
) -> None:
    """Empty the frames that an exception has left, and those of the exceptions behind it."""
    for one in behind(error, but=but):
        _empty(one.__traceback__, below if one is error else "")


def behind(error: BaseException, *, but: BaseException | None = None) -> Iterator[BaseException]:
    """Yield an exception, and all that it was raised from or while, members of groups included."""
    left, seen = [error], {id(but)}
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        members = getattr(one, "exceptions", ())
        others = [one.__cause__, one.__context__]
        if isinstance(members, tuple):
            others += [
                m for m in cast("tuple[object, ...]", members) if isinstance(m, BaseException)
            ]
        left += [other for other in others if other is not None]


def conceal(error: BaseException, secrets: Iterable[str]) -> None:
    """Hide secrets in the message of another library's exception."""
    if any(isinstance(arg, str) for arg in error.args):
        error.args = tuple(
            redact_text(arg, secrets) if isinstance(arg, str) else arg for arg in error.args
        )


def _empty(traceback: TracebackType | None, below: str) -> None:
    while traceback is not None:
        frame = traceback.tb_frame
        if not below or str(frame.f_globals.get("__name__")).partition(".")[0] == below:
            below = ""
            with suppress(RuntimeError):  # it still runs
                frame.clear()
        traceback = traceback.tb_next
