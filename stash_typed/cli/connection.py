"""Which server a command talks to: the options that name it, and the client they make."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

from stash_typed._runtime.foreign_text import visible
from stash_typed._runtime.secret import Secret

from .errors import UsageError
from .terminal.interrupt import run_to_end

if TYPE_CHECKING:
    from stash_typed.client import StashClient

__all__ = ["Server", "connected", "with_server"]

P = ParamSpec("P")
_META = "stash_typed.server"


def _option(text: str, metavar: str | None = None, *names: str, **more: Any) -> Any:
    return typer.Option(*names, help=text, metavar=metavar, rich_help_panel="Server", **more)


@dataclass(frozen=True)
class Server:
    """A server as the command line names it. The environment answers for what is None.

    Its fields are the options of every command that talks to a server.
    """

    url: Annotated[
        str | None,
        _option("The server's address (default: STASH_URL, or http://localhost:9999).", "URL"),
    ] = None
    api_key: Annotated[
        Secret | None,
        _option("API key (default: STASH_API_KEY).", "KEY", parser=Secret),
    ] = field(default=None, repr=False)
    username: Annotated[
        str | None, _option("User name to sign in with (default: STASH_USERNAME).", "NAME")
    ] = None
    password: Annotated[
        Secret | None,
        _option(
            "Password to sign in with (default: STASH_PASSWORD, or ask).", "TEXT", parser=Secret
        ),
    ] = field(default=None, repr=False)
    timeout: Annotated[
        float | None,
        _option("Seconds to wait for an answer (default: STASH_TIMEOUT, or 30).", "SECONDS"),
    ] = None
    insecure: Annotated[
        bool | None,
        _option(
            "Do not verify the server's certificate; like STASH_VERIFY=0.",
            None,
            "--insecure",
            show_default=False,
        ),
    ] = None
    ca_file: Annotated[
        Path | None,
        _option(
            "Verify the certificate against this CA file (default: STASH_VERIFY).",
            "FILE",
            exists=True,
        ),
    ] = None

    def over(self, other: Server) -> Server:
        """Return this server, with `other` answering for what is None."""
        return replace(other, **{name: v for name, v in vars(self).items() if v is not None})

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[StashClient, None]:
        """Open a client; errors of a server that is not ready say so."""
        from stash_typed.client import StashClient
        from stash_typed.errors import GraphQLError, NotFoundError, ValidationFailedError

        if self.insecure and self.ca_file:
            raise UsageError("--insecure and --ca-file exclude each other: give one of them.")
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
        """Return this server, its password asked for if only the user name is known."""
        if self.password or not self.username or os.environ.get("STASH_PASSWORD"):
            return self
        if not _is_terminal():
            raise UsageError("--username needs --password, or STASH_PASSWORD in the environment.")
        return replace(self, password=_asked(f"Password of {visible(self.username)}"))


def _asked(text: str) -> Secret:
    return Secret(typer.prompt(text, hide_input=True, err=True))


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
    """Give a command the server's options after its own; those before its name count as well.

    The function takes the server first, and typer's context if it has a parameter `ctx`.
    """
    own = dict(inspect.signature(function, eval_str=True).parameters)
    del own["server"]
    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    options = inspect.signature(Server, eval_str=True).parameters
    # All are passed by name, so those with and without a default may stand in any order.
    parameters = [
        p.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for p in {"ctx": context, **own, **options}.values()
    ]

    @wraps(function)
    def command(ctx: typer.Context, **given: Any) -> None:
        server = Server(**{name: given.pop(name) for name in options})
        # `meta` is one for a command and the groups around it.
        server = ctx.meta[_META] = server.over(ctx.meta.get(_META, Server()))
        function(server, **({"ctx": ctx} if "ctx" in own else {}), **given)

    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    return command


def connected(
    function: Callable[Concatenate[Server, P], Coroutine[Any, Any, None]],
) -> Callable[..., None]:
    """Make a command of an async function that takes the server first."""

    @wraps(function)
    def run(server: Server, *args: P.args, **kwargs: P.kwargs) -> None:
        run_to_end(function(server.with_password(), *args, **kwargs))

    return with_server(run)
