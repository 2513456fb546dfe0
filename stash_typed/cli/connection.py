"""Which server a command talks to: the options, and the client that they make."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, replace
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
_PANEL = "Server"
_SERVER = "stash_typed.server"


@dataclass(frozen=True)
class Server:
    """A server as the command line names it; what is None comes from the environment.

    Attributes:
        url, api_key, username, password, timeout, ca_file: as the options say.
        insecure: whether the certificate goes unchecked.
    """

    url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float | None = None
    insecure: bool | None = None
    ca_file: Path | None = None

    def over(self, other: Server) -> Server:
        """Give this server, completed by another one.

        Args:
            other: answers for whatever is None here.
        """
        given = {f.name: getattr(self, f.name) for f in fields(self)}
        return replace(other, **{name: v for name, v in given.items() if v is not None})

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[StashClient, None]:
        """Give a client for a while.

        Raises:
            UsageError: two options exclude each other.
            StashError: the settings make no sense, or what was done with the client failed.
        """
        from stash_typed.errors import GraphQLError, NotFoundError, ValidationFailedError

        async with self._client() as stash:
            try:
                yield stash
            except (NotFoundError, ValidationFailedError):
                raise
            except GraphQLError:
                await _raise_if_not_ready(stash)
                raise

    def _client(self) -> StashClient:
        from stash_typed.client import StashClient

        if self.insecure and self.ca_file:
            raise UsageError("--insecure and --ca-file exclude each other: give one of them.")
        return StashClient(
            self.url,
            api_key=self.api_key,
            username=self.username,
            password=self.password,
            timeout=self.timeout,
            verify=False if self.insecure else None if self.ca_file is None else str(self.ca_file),
        )

    def with_password(self) -> Server:
        """Give this server, its password asked for if only the user name is known.

        Raises:
            UsageError: it is missing and there is nobody to ask.
        """
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
    """Raise NotReadyError when that is behind an error, which does not say so itself."""
    from stash_typed.errors import StashError
    from stash_typed.readiness import ready_or_raise

    try:
        status = await stash.system_status()
    except StashError:
        return
    ready_or_raise(status, stash.url)


def _options(
    *,
    url: Annotated[
        str | None,
        typer.Option(
            help="The server's address; else STASH_URL, else http://localhost:9999.",
            metavar="URL",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    api_key: Annotated[
        Secret | None,
        typer.Option(
            parser=Secret,
            help="The key from its security settings; else STASH_API_KEY.",
            metavar="KEY",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    username: Annotated[
        str | None,
        typer.Option(
            help="The name to sign in with; else STASH_USERNAME.",
            metavar="NAME",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    password: Annotated[
        Secret | None,
        typer.Option(
            parser=Secret,
            help="Its password; else STASH_PASSWORD, else it is asked for.",
            metavar="TEXT",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option(
            help="Seconds that one answer may take; else STASH_TIMEOUT, else 30.",
            metavar="SECONDS",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    insecure: Annotated[
        bool | None,
        typer.Option(
            "--insecure",
            help="Do not check the certificate of an https server; as STASH_VERIFY=0.",
            show_default=False,
            rich_help_panel=_PANEL,
        ),
    ] = None,
    ca_file: Annotated[
        Path | None,
        typer.Option(
            help="Check it with the certificates in this file; else STASH_VERIFY.",
            metavar="FILE",
            exists=True,
            rich_help_panel=_PANEL,
        ),
    ] = None,
) -> Server:
    return Server(url, api_key, username, password, timeout, insecure, ca_file)


def with_server(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the server's options after its own.

    Args:
        function: takes the server first, and typer's context wherever it wants it.

    Returns:
        The command, with a signature for typer to read. Options that were given before the
        command's name count as well.
    """
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    shared = list(inspect.signature(_options, eval_str=True).parameters.values())
    wanted = [p.name for p in own if p.annotation is typer.Context]
    context = inspect.Parameter(
        wanted[0] if wanted else "ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context
    )
    # All are passed by name; so the order of those with and without a default is free.
    parameters = [
        context,
        *(
            p.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for p in (*own, *shared)
            if p.name != context.name
        ),
    ]

    @wraps(function)
    def command(**given: Any) -> None:
        server = _options(**{p.name: given.pop(p.name) for p in shared})
        ctx: typer.Context = given[context.name] if wanted else given.pop(context.name)
        # `meta` is one for a command and the groups around it.
        server = ctx.meta[_SERVER] = server.over(ctx.meta.get(_SERVER, Server()))
        function(server, **given)

    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    return command


def connected(
    function: Callable[Concatenate[Server, P], Coroutine[Any, Any, None]],
) -> Callable[..., None]:
    """Make a command of an async function that talks to a server.

    Args:
        function: takes the server first.

    Returns:
        The command: it runs the function to its end.
    """

    @wraps(function)
    def run(server: Server, *args: P.args, **kwargs: P.kwargs) -> None:
        run_to_end(function(server.with_password(), *args, **kwargs))

    return with_server(run)
