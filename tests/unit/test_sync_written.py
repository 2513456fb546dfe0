"""The synchronous client is what `make generate` writes from the asynchronous one."""

from __future__ import annotations

from tools.write_sync import differences


def test_nothing_differs_from_what_the_sources_give() -> None:
    assert differences() == []
