"""Freeones keeps its pace however many threads ask, and whichever asks first."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from stash_typed import SyncStashClient
from tests.unit.loopback import Asked, Says, loopback

PAUSE = 0.1


def test_threads_that_ask_first_share_one_pace() -> None:
    asked_at: list[float] = []

    def answer(_: Asked) -> Says:
        asked_at.append(time.monotonic())
        return Says(body=b'{"data": {"scrapeSinglePerformer": []}}')

    with loopback(answer) as server, SyncStashClient(server.url) as stash:
        # It is there before any thread asks for it: `cached_property` has no lock since Python 3.12.
        assert "freeones" in vars(stash)
        together = threading.Barrier(4)

        def search(name: str) -> list[str]:
            together.wait()
            stash.freeones.min_interval = PAUSE
            return stash.freeones.search(name)

        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(search, "abcd")) == [[]] * 4

    pauses = [later - before for before, later in pairwise(asked_at)]
    assert len(pauses) == 3
    assert min(pauses) >= PAUSE
