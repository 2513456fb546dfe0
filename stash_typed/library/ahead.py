"""Fetching the next page while the caller processes the current one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeVar

from .._runtime.ending import end
from .._runtime.steps import AsyncExecutor, perform
from .paging import Pager

__all__ = ["pages"]

T = TypeVar("T")


async def pages(executor: AsyncExecutor, pager: Pager[T]) -> AsyncGenerator[list[T], None]:
    """Yield one page after another; close it to cancel the page being fetched."""
    items = await perform(executor, pager.next_page())
    while True:
        ahead = None if pager.done else asyncio.ensure_future(perform(executor, pager.next_page()))
        try:
            yield items
            if ahead is None:
                return
            items = await ahead
        finally:
            if ahead is not None:
                await end(ahead)
