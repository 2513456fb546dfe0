"""`stash-typed sandbox`: a stand-in server for experiments."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ..command import option
from ..errors import CommandError, UsageError
from ..terminal.output import print_text, say

if TYPE_CHECKING:
    from stash_typed.sandbox import Sandbox


def sandbox(
    *,
    port: Annotated[int, option("Port to listen on; 0 for a free one.", min=0, max=65535)] = 9999,
    scenes: Annotated[int, option("Number of synthetic scenes in a new library.", min=0)] = 20,
    api_key: Annotated[str | None, option("API key that requests need.", metavar="KEY")] = None,
    username: Annotated[str | None, option("User name to sign in with.", metavar="NAME")] = None,
    password: Annotated[str | None, option("Password to sign in with.", metavar="TEXT")] = None,
    data: Annotated[
        Path | None,
        option("Keep the data in this folder; otherwise it is deleted at the end.", metavar="DIR"),
    ] = None,
    media: Annotated[
        list[Path] | None, option("Folder that `scan` walks; may be repeated.", metavar="DIR")
    ] = None,
    allow_folder: Annotated[
        list[Path] | None,
        option("Another folder that may be read and written; may be repeated.", metavar="DIR"),
    ] = None,
    allow_delete: Annotated[
        bool, option("Allow deleting files that the sandbox did not create.", "--allow-delete")
    ] = False,
    allow_host: Annotated[
        list[str] | None, option("Another host name to accept; may be repeated.", metavar="NAME")
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        option(
            "Origin of web pages that may use it, such as http://localhost:5173; may be repeated.",
            metavar="ORIGIN",
        ),
    ] = None,
) -> None:
    """Run a stand-in Stash server on 127.0.0.1 until Ctrl-C."""
    if (username is None) != (password is None):
        raise UsageError("--username and --password belong together: use both or neither.")
    for name, folders in (("--media", media), ("--allow-folder", allow_folder)):
        for folder in folders or ():
            if not os.path.isdir(os.path.expanduser(folder)):
                raise CommandError(f"{name}: there is no folder {str(folder)!r}.")
    from stash_typed.sandbox import Sandbox, run
    from stash_typed.sandbox.errors import AnswerError

    try:
        server = Sandbox(
            port=port,
            scenes=scenes,
            api_key=api_key,
            username=username,
            password=password,
            data=data,
            media=media,
            allowed_folders=allow_folder or (),
            allow_delete=allow_delete,
            allowed_hosts=allow_host or (),
            allowed_origins=allow_origin or (),
        )
    except ValueError as error:
        raise UsageError(f"{error}.") from None
    # SIGTERM ends the sandbox as Ctrl-C does, so that it cleans up.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(server, started=_greet)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise CommandError(
            f"port {port} of 127.0.0.1 is in use. Choose another one, or --port 0 for a free one."
        ) from None
    except AnswerError as error:
        raise CommandError(f"{error}.") from None
    finally:
        signal.signal(signal.SIGTERM, before)
    say("The sandbox has stopped.")


def _greet(server: Sandbox) -> None:
    key = f" --api-key {server.api_key}" if server.api_key else ""
    print_text(server.url)
    if server.api_key:
        print_text(f"API key: {server.api_key}")
    say(
        f"The sandbox is running at {server.url} (playground: {server.url}/playground).\n"
        f"Try: stash-typed status --url {server.url}{key}\n"
        "Ctrl-C stops it."
    )
