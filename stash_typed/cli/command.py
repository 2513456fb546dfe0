"""Decorators that turn a function into a command: options, the server, and the event loop."""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from stash_typed._runtime.foreign_text import visible
from stash_typed._runtime.secret import Secret

from .errors import UsageError

if TYPE_CHECKING:
    from stash_typed.client import StashClient

T = TypeVar("T")
_META = "stash_typed.server"


def option(text: str, *names: str, metavar: str | None = None, **more: Any) -> Any:
    """Declare an option, named after its parameter if no names are given."""
    return typer.Option(*names, help=text, metavar=metavar, **more)


def argument(text: str, metavar: str | None = None) -> Any:
    return typer.Argument(help=text, metavar=metavar)


def flag(name: str) -> str:
    """Return the option for a parameter as typer would write it, but without its negation."""
    return f"--{name.replace('_', '-')}"


Json = Annotated[bool, option("Print JSON.", "--json")]
_option = partial(option, rich_help_panel="Server")


@dataclass(frozen=True)
class Server:
    """The server options of the command line. Options that are None come from the environment.

    The fields are the options of every command that talks to a server.
    """

    url: Annotated[
        str | None,
        _option(
            "The server's address (default: STASH_URL, or http://localhost:9999).", metavar="URL"
        ),
    ] = None
    api_key: Annotated[
        Secret | None, _option("API key (default: STASH_API_KEY).", metavar="KEY", parser=Secret)
    ] = field(default=None, repr=False)
    username: Annotated[
        str | None, _option("User name (default: STASH_USERNAME).", metavar="NAME")
    ] = None
    password: Annotated[
        Secret | None,
        _option("Password (default: STASH_PASSWORD, or ask).", metavar="TEXT", parser=Secret),
    ] = field(default=None, repr=False)
    timeout: Annotated[
        float | None,
        _option("Timeout in seconds (default: STASH_TIMEOUT, or 30).", metavar="SECONDS"),
    ] = None
    insecure: Annotated[
        bool | None,
        _option(
            "Do not verify the server's certificate; like STASH_VERIFY=0.",
            "--insecure",
            show_default=False,
        ),
    ] = None
    ca_file: Annotated[
        Path | None,
        _option(
            "Verify the certificate against this CA file (default: STASH_VERIFY).",
            metavar="FILE",
            exists=True,
        ),
    ] = None

    def over(self, other: Server) -> Server:
        """Return this server, with values that are None taken from `other`."""
        return replace(other, **{name: v for name, v in vars(self).items() if v is not None})

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[StashClient, None]:
        """Open a client, and raise NotReadyError if a request fails because the server is not ready."""
        from stash_typed.client import StashClient
        from stash_typed.errors import GraphQLError, NotFoundError, ValidationFailedError

        if self.insecure and self.ca_file:
            raise UsageError("--insecure and --ca-file exclude each other: use one of them.")
        verify = False if self.insecure else str(self.ca_file) if self.ca_file else None
        async with StashClient(
            self.url,
            api_key=self.api_key,
            username=self.username,
            password=self.password,
            timeout=self.timeout,
            verify=verify,
        ) as stash:
            try:
                yield stash
            except (NotFoundError, ValidationFailedError):
                raise
            except GraphQLError:
                await _raise_if_not_ready(stash)
                raise

    def with_password(self) -> Server:
        """Return this server, prompting for the password if only the user name is known."""
        if self.password or not self.username or os.environ.get("STASH_PASSWORD"):
            return self
        if not _is_terminal():
            raise UsageError("--username needs --password, or STASH_PASSWORD in the environment.")
        text = f"Password for {visible(self.username)}"
        return replace(self, password=Secret(typer.prompt(text, hide_input=True, err=True)))


def _is_terminal() -> bool:
    return sys.stdin.isatty()


async def _raise_if_not_ready(stash: StashClient) -> None:
    from stash_typed.errors import StashError
    from stash_typed.readiness import ready_or_raise

    try:
        status = await stash.system_status()
    except StashError:
        return
    ready_or_raise(status, stash.url)


def with_server(function: Callable[..., None]) -> Callable[..., None]:
    """Add the server options to a command; those before the command's name count as well.

    The function receives the server first, and typer's context if it has a parameter `ctx`. A
    parameter `flags`, annotated with help texts by name, receives the names of the flags set.
    """
    own = dict(inspect.signature(function, eval_str=True).parameters)
    del own["server"]
    texts: dict[str, str] = {}
    if "flags" in own:
        (texts,) = own.pop("flags").annotation.__metadata__
    flags = [(name, Annotated[bool, option(text, flag(name))]) for name, text in texts.items()]
    options = inspect.signature(Server, eval_str=True).parameters
    # All are passed by name, so parameters with and without a default may come in any order.
    only = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("ctx", only, annotation=typer.Context),
        *(inspect.Parameter(name, only, annotation=type_, default=False) for name, type_ in flags),
        *(p.replace(kind=only) for p in (*own.values(), *options.values()) if p.name != "ctx"),
    ]

    @wraps(function)
    def command(ctx: typer.Context, **given: Any) -> None:
        server = Server(**{name: given.pop(name) for name in options})
        # A command and the groups around it share `meta`.
        server = ctx.meta[_META] = server.over(ctx.meta.get(_META, Server()))
        if texts:
            given["flags"] = [name for name in texts if given.pop(name)]
        if "ctx" in own:
            given["ctx"] = ctx
        function(server, **given)

    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    return command


def connected(function: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    @wraps(function)
    def run(server: Server, **given: Any) -> None:
        run_to_end(function(server.with_password(), **given))

    return with_server(run)


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in its own event loop.

    Ctrl-C cancels it, so that it can clean up and talk to the server, and raises KeyboardInterrupt
    here; a second Ctrl-C cancels the cleanup.
    """

    async def cancellable() -> T:
        task = asyncio.current_task()
        assert task is not None
        # Python 3.10 would raise KeyboardInterrupt wherever the loop is at that moment, such as in
        # the parser of a socket, which would then wait forever. Where signal handlers are not
        # supported (on Windows, and outside the main thread), asyncio's own behaviour applies.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, task.cancel)
        return await work

    try:
        return asyncio.run(cancellable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
