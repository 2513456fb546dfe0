"""An application that runs in a thread of this process, on a free port of the loopback interface."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from stash_typed.sandbox.web.loopback import LoopbackServer, listen

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.applications import Starlette


@contextmanager
def serving(app: Starlette) -> Generator[str, None, None]:
    """Serve an application, whose lifespan is not run, and give its address."""
    listener = listen()
    server = LoopbackServer(app)
    server.start(listener)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.stop()
