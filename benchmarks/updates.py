"""How much longer 1,000 different changes take one by one than with `update_many`.

    python benchmarks/updates.py [URL]

Makes scenes of its own and removes them. Without a URL it asks a sandbox of its own.
"""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from contextlib import nullcontext

from stash_typed import StashClient
from stash_typed.criteria import matches
from stash_typed.inputs import (
    SceneCreateInput,
    SceneFilterType,
    ScenesDestroyInput,
    SceneUpdateInput,
)
from stash_typed.sandbox import Sandbox

CHANGES = 1000


async def measure(url: str) -> None:
    """Measure and print."""
    prefix = f"benchmark {uuid.uuid4().hex}"
    async with StashClient(url) as stash:
        for n in range(CHANGES):
            await stash.scene_create(SceneCreateInput(title=f"{prefix} {n}"))
        where = SceneFilterType(title=matches(f"^{prefix}"))
        try:
            ids = [scene.id async for scene in stash.scenes.iterate(where)]
            begin = time.perf_counter()
            for id_ in ids:
                await stash.scene_update(SceneUpdateInput(id=id_, details=f"one by one {id_}"))
            singly = time.perf_counter() - begin
            begin = time.perf_counter()
            await stash.scenes.update_many(
                [SceneUpdateInput(id=id_, details=f"many {id_}") for id_ in ids]
            )
            many = time.perf_counter() - begin
        finally:
            left = [scene.id async for scene in stash.scenes.iterate(where)]
            await stash.scenes_destroy(ScenesDestroyInput(ids=left))
    print(
        f"{len(ids)} changes one by one: {singly:.2f} s; update_many: {many / singly:.3f} of that"
    )


def main(url: str | None) -> None:
    """Measure against a server, or a sandbox."""
    with nullcontext() if url else Sandbox() as sandbox:
        asyncio.run(measure(url or (sandbox.url if sandbox else "")))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
