"""How long a process takes from its start to the first typed answer, as a multiple of plain httpx.

    python benchmarks/startup.py [URL]

Runs the scripts in turn, so that a machine whose speed drifts does not favour one of them, and
prints medians of ratios. Without a URL it asks a sandbox of its own.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from contextlib import nullcontext

from stash_typed.sandbox import Sandbox

ROUNDS = 15
SCRIPTS = {
    "plain httpx": """
import httpx
answer = httpx.post({url!r} + "/graphql", json={{"query": "{{ version {{ version }} }}"}})
assert answer.json()["data"]["version"]["version"]
""",
    "SyncStashClient": """
from stash_typed import SyncStashClient
with SyncStashClient({url!r}) as stash:
    assert stash.version().version
""",
    "StashClient": """
import asyncio
from stash_typed import StashClient
async def main():
    async with StashClient({url!r}) as stash:
        assert (await stash.version()).version
asyncio.run(main())
""",
    "StashClient, one scene": """
import asyncio
from stash_typed import StashClient
async def main():
    async with StashClient({url!r}) as stash:
        assert (await stash.find_scenes()).count >= 0
asyncio.run(main())
""",
}


def seconds(script: str) -> float:
    """Run a script in a process of its own and give its wall time."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    return time.perf_counter() - begin


def main(url: str | None) -> None:
    """Measure and print."""
    with nullcontext() if url else Sandbox(scenes=25) as sandbox:
        address = url or (sandbox.url if sandbox else "")
        scripts = {name: text.format(url=address) for name, text in SCRIPTS.items()}
        for script in scripts.values():
            seconds(script)
        rounds = [{name: seconds(text) for name, text in scripts.items()} for _ in range(ROUNDS)]
    plain = statistics.median(times["plain httpx"] for times in rounds)
    print(f"plain httpx: {plain:.3f} s (median of {ROUNDS})")
    for name in list(scripts)[1:]:
        ratios = [times[name] / times["plain httpx"] for times in rounds]
        print(f"{name}: {statistics.median(ratios):.2f} times that")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
