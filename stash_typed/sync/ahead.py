"""The pages of `SyncCollection.iterate`: fetching ahead would need a thread."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

from .._runtime.steps import SyncExecutor, perform_sync
from ..library.paging import Pager

__all__ = ["pages"]

T = TypeVar("T")


def pages(executor: SyncExecutor, pager: Pager[T]) -> Generator[list[T], None, None]:
    """Yield one page after another, each fetched on demand."""
    while not pager.done:
        yield perform_sync(executor, pager.next_page())
