"""The command `library-report`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from stash_typed import StashClient, StashError

from .marking import mark_unrated
from .report import make_report


async def run(stash: StashClient, *, scan: bool, mark: bool) -> list[str]:
    if scan:
        await (await stash.scan())
    marked = await mark_unrated(stash) if mark else 0
    lines = (await make_report(stash)).lines()
    return [*lines, f"{marked} marked"] if mark else lines


async def _connect_and_run(*, scan: bool, mark: bool) -> list[str]:
    async with StashClient() as stash:
        return await run(stash, scan=scan, mark=mark)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="library-report")
    parser.add_argument("--scan", action="store_true", help="scan the library first")
    parser.add_argument("--mark", action="store_true", help="tag what has no rating")
    options = parser.parse_args(arguments)
    try:
        lines = asyncio.run(_connect_and_run(scan=options.scan, mark=options.mark))
    except StashError as error:
        print(f"library-report: {error}", file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0
