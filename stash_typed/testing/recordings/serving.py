"""An application that runs in a thread of this process, on a free port of the loopback interface."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stash_typed.sandbox.web.loopback import LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Generator

    from starlette.applications import Starlette

__all__ = ["serving"]


@contextmanager
def serving(app: Starlette) -> Generator[str, None, None]:
    """Serve an application, whose lifespan is not run, and give its address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        # It listens from here on: whoever connects before the server runs is answered a bit later.
        listener.listen(128)
        server = LoopbackServer(app)
        thread = threading.Thread(
            target=lambda: server.run(sockets=[listener]), name="stash-typed-proxy", daemon=True
        )
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.leave()
            thread.join()
