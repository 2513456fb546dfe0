"""A running sandbox: in a thread of this process, on a port of the loopback interface."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .faults import Faults
from .options import Options, StartStatus
from .state import ServerState

if TYPE_CHECKING:
    # These imports take half a second, and are not needed before a sandbox starts.
    from starlette.applications import Starlette

    from .web.loopback import LoopbackServer


class Sandbox:
    """A stand-in Stash server, for `with` and `async with` alike.

    It serves the real schema from its own SQLite database, and refuses unsupported features
    by name. It listens on 127.0.0.1 only and stops when the block ends.
    """

    def __init__(
        self,
        *,
        scenes: int = 0,
        api_key: str | None = None,
        username: str | None = None,
        password: str | None = None,
        data: str | Path | None = None,
        media: str | Path | Sequence[str | Path] | None = None,
        port: int = 0,
        session_seconds: float = 3600.0,
        download_seconds: float = 30.0,
        step_seconds: float = 0.0,
        schema: str | Path | None = None,
        offline: bool = False,
        status: StartStatus = "OK",
        seed: int = 1,
        allowed_hosts: Sequence[str] = (),
        allowed_origins: Sequence[str] = (),
        allowed_folders: Sequence[str | Path] = (),
        allow_delete: bool = False,
    ) -> None:
        """Set the options; nothing starts yet.

        Args:
            scenes: how many synthetic scenes a new library has, with studios, tags and performers.
            api_key: the key that requests need; without it and without credentials none is needed.
            username: the name for `/login`; give the password as well.
            password: the password for `/login`.
            data: a folder that keeps the data; None for one that is removed at the end. In this and
                the other folders `~` is the home folder.
            media: the folder or folders that a scan walks; an empty one of its own when left out.
            port: a port; 0 for a free one.
            session_seconds: how long a session cookie stays valid without a request.
            download_seconds: how long a download link lives after it was first used.
            step_seconds: how long each step of a task takes at least, to watch or stop it.
            schema: SDL text or a file of it, to imitate an older or newer release.
            offline: whether scraping fails as on a server without network.
            status: `SETUP` or `NEEDS_MIGRATION` for a server that is not ready yet.
            seed: the random seed; another one creates a different library of the same size.
            allowed_hosts: host names that it answers to, in addition to those of this machine.
            allowed_origins: origins of web pages that may use it, such as
                `http://localhost:5173`, in addition to its own.
            allowed_folders: folders that it may read and write, in addition to `data` and
                `media`; any path elsewhere is refused.
            allow_delete: whether it may delete and overwrite files that it did not make.

        Raises:
            ValueError: only one of username and password is given, or a host or an origin is none.
        """
        for names in (allowed_hosts, allowed_origins):
            if isinstance(names, str):
                raise ValueError(f"give a list of texts, not the text {names!r}")
        self._options = Options(
            scenes=scenes,
            seed=seed,
            api_key=api_key,
            username=username,
            password=password,
            data=None if data is None else _folder(data),
            media=() if media is None else _folders(media),
            schema=schema,
            session_seconds=session_seconds,
            download_seconds=download_seconds,
            step_seconds=step_seconds,
            offline=offline,
            status=status,
            allowed_hosts=tuple(allowed_hosts),
            allowed_origins=tuple(allowed_origins),
            allowed_folders=_folders(allowed_folders),
            allow_delete=allow_delete,
        )
        self._port = port
        self._app: Starlette | None = None
        self._server: LoopbackServer | None = None

    @property
    def url(self) -> str:
        """The server's address, such as `http://127.0.0.1:41235`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_key(self) -> str | None:
        """The server's current API key; None if it has none."""
        return self.state.config.api_key or None

    @property
    def faults(self) -> Faults:
        """The faults to inject."""
        return self.state.faults

    @property
    def state(self) -> ServerState:
        """The server's internal state, for tests that inspect or prepare its data.

        Raises:
            RuntimeError: the sandbox is not running.
        """
        if self._app is None:
            raise RuntimeError("the sandbox does not run; use it in a with block")
        return cast("ServerState", self._app.state.server)

    def start(self) -> None:
        """Start the server and return once it is ready.

        Raises:
            OSError: the port is taken.
        """
        from .web.app import build_app
        from .web.loopback import LoopbackServer, listen

        listener = listen(self._port)
        self._port = listener.getsockname()[1]
        try:
            self._app = build_app(self._options)
        except BaseException:
            listener.close()
            raise
        self._server = LoopbackServer(self._app)
        self._server.start(listener)

    def stop(self) -> None:
        """Stop the server, its tasks and its thread; stopping twice is safe."""
        if self._server is not None:
            self._server.stop()
            self._server = None
        if self._app is not None:
            self.state.close()
            self._app = None

    def restart(self, while_down: Callable[[], None] | None = None) -> None:
        """Restart on the same port with the same data; jobs and download links are lost.

        Args:
            while_down: called while the server is down.
        """
        from .web.loopback import LoopbackServer, listen

        state = self.state
        assert self._app is not None
        assert self._server is not None
        self._server.stop()
        state.restart()
        if while_down is not None:
            while_down()
        self._server = LoopbackServer(self._app)
        self._server.start(listen(self._port))

    def wait(self) -> None:
        """Wait until the server stops by itself."""
        if self._server is not None:
            self._server.wait()

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    async def __aenter__(self) -> Sandbox:
        from anyio.to_thread import run_sync

        await run_sync(self.start)
        return self

    async def __aexit__(self, *_error: object) -> None:
        from anyio import CancelScope
        from anyio.to_thread import run_sync

        with CancelScope(shield=True):
            await run_sync(self.stop)


def _folders(given: str | Path | Sequence[str | Path]) -> tuple[Path, ...]:
    return tuple(map(_folder, (given,) if isinstance(given, (str, Path)) else given))


def _folder(given: str | Path) -> Path:
    return Path(os.path.expanduser(given))


def run(sandbox: Sandbox, *, started: Callable[[Sandbox], None] | None = None) -> None:
    """Run a sandbox in the foreground until Ctrl-C.

    Args:
        sandbox: a sandbox that is not running yet.
        started: called once it is ready, for example to print its URL.

    Raises:
        OSError: the port is taken.
    """
    with sandbox:
        if started is not None:
            started(sandbox)
        try:
            sandbox.wait()
        except KeyboardInterrupt:
            return


def create_app(options: Options | None = None) -> Starlette:
    """Return a sandbox as an ASGI application, to mount in a test's own.

    Its data is ready at once; `app.state.server` is its state. If you mount it below another
    application, call `app.state.server.close()` at the end; on its own it closes itself.

    Args:
        options: the sandbox's options; the defaults when left out.
    """
    from .web.app import build_app

    return build_app(options or Options())
