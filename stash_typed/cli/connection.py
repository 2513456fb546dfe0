"""Which server a command talks to: the options that name it, and the client they make."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stash_typed._runtime.foreign_text import visible
from stash_typed._runtime.secret import Secret

from .errors import UsageError
from .options import flag, option
from .terminal.interrupt import run_to_end

if TYPE_CHECKING:
    from stash_typed.client import StashClient

__all__ = ["Server", "connected", "with_server"]

_META = "stash_typed.server"


_option = partial(option, rich_help_panel="Server")


@dataclass(frozen=True)
class Server:
    """A server as the command line names it. The environment answers for what is None.

    Its fields are the options of every command that talks to a server.
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
        str | None, _option("User name to sign in with (default: STASH_USERNAME).", metavar="NAME")
    ] = None
    password: Annotated[
        Secret | None,
        _option(
            "Password to sign in with (default: STASH_PASSWORD, or ask).",
            metavar="TEXT",
            parser=Secret,
        ),
    ] = field(default=None, repr=False)
    timeout: Annotated[
        float | None,
        _option(
            "Seconds to wait for an answer (default: STASH_TIMEOUT, or 30).", metavar="SECONDS"
        ),
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

    The function takes the server first, and typer's context if it has a parameter `ctx`. A
    parameter `flags`, annotated with texts by name, is given the names of those that are set.
    """
    own = dict(inspect.signature(function, eval_str=True).parameters)
    del own["server"]
    texts = own.pop("flags").annotation.__metadata__[0] if "flags" in own else {}
    annotations = {name: Annotated[bool, option(text, flag(name))] for name, text in texts.items()}
    options = inspect.signature(Server, eval_str=True).parameters
    # All are passed by name, so those with and without a default may stand in any order.
    only = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("ctx", only, annotation=typer.Context),
        *(inspect.Parameter(n, only, annotation=a, default=False) for n, a in annotations.items()),
        *(p.replace(kind=only) for p in (*own.values(), *options.values()) if p.name != "ctx"),
    ]

    @wraps(function)
    def command(ctx: typer.Context, **given: Any) -> None:
        server = Server(**{name: given.pop(name) for name in options})
        # `meta` is one for a command and the groups around it.
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
    """Make a command of an async function that takes the server first."""

    @wraps(function)
    def run(server: Server, **given: Any) -> None:
        run_to_end(function(server.with_password(), **given))

    return with_server(run)
