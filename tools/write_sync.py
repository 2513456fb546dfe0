"""Write the synchronous client from the asynchronous one.

`python -m tools.write_sync` writes each module of `WRITTEN`; with `--check` it only compares.
Modules that really differ, such as waiting for a job, are written by hand and listed in `BY_HAND`.
"""

from __future__ import annotations

import argparse
import ast
import io
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

__all__ = ["WRITTEN", "differences", "written"]

_ROOT = Path(__file__).parents[1]

WRITTEN = {
    "stash_typed._runtime.base_client": "stash_typed._runtime.sync_base_client",
    "stash_typed._runtime.http.async_transport": "stash_typed._runtime.http.sync_transport",
    "stash_typed._runtime.websocket.async_socket": "stash_typed._runtime.websocket.sync_socket",
    "stash_typed.client": "stash_typed.sync.client",
    "stash_typed.files.downloads": "stash_typed.sync.downloads",
    "stash_typed.freeones": "stash_typed.sync.freeones",
    "stash_typed.library.by_kind": "stash_typed.sync.by_kind",
    "stash_typed.library.collections": "stash_typed.sync.collections",
}
"""Asynchronous modules, and the synchronous modules written from them."""

BY_HAND = {
    "stash_typed._runtime.http.async_connections": "stash_typed._runtime.http.sync_connections",
    "stash_typed._runtime.http.async_request": "stash_typed._runtime.http.sync_request",
    "stash_typed._runtime.websocket.async_connection": "stash_typed._runtime.websocket.sync_connection",
    "stash_typed.files.fetching": "stash_typed.sync.fetching",
    "stash_typed.jobs.feed": "stash_typed.sync.job_ledger",
    "stash_typed.jobs.job": "stash_typed.sync.jobs",
    "stash_typed.library.ahead": "stash_typed.sync.ahead",
    "stash_typed_graphql.client": "stash_typed_graphql.sync_client",
}
"""Modules with hand-written synchronous counterparts, which use the names below."""

NAMES = {
    "AbstractAsyncContextManager": "AbstractContextManager",
    "AsyncBaseClient": "SyncBaseClient",
    "AsyncConnection": "SyncConnection",
    "AsyncConnections": "SyncConnections",
    "AsyncExecutor": "SyncExecutor",
    "AsyncExitStack": "ExitStack",
    "AsyncGenerator": "Generator",
    "AsyncRequest": "SyncRequest",
    "AsyncSocket": "SyncSocket",
    "AsyncSubscriber": "SyncSubscriber",
    "AsyncTransport": "SyncTransport",
    "Collection": "SyncCollection",
    "Freeones": "SyncFreeones",
    "Job": "SyncJob",
    "JobFeed": "JobLedger",
    "NamedCollection": "SyncNamedCollection",
    "NamedTagCollection": "SyncNamedTagCollection",
    "Operations": "SyncOperations",
    "PerformerCollection": "SyncPerformerCollection",
    "StashClient": "SyncStashClient",
    "TagCollection": "SyncTagCollection",
    "aclosing": "closing",
    "asynccontextmanager": "contextmanager",
    "feed": "ledger",
    "perform": "perform_sync",
    "suspend_hooks": "suspend_hooks_sync",
}
"""Names in code, except after a dot or `def`: `models.Job` and `StashClient.suspend_hooks` stay."""

MEMBERS = {
    "AsyncClient": "Client",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "aclose": "close",
    "aiter_raw": "iter_raw",
    "aread": "read",
    "enter_async_context": "enter_context",
    "push_async_callback": "callback",
    "push_async_exit": "push",
}
"""Names of methods, and httpx's client, anywhere in code."""

PHRASES = {
    "`aclose`": "`close`",
    "asynchronous": "synchronous",
    "an async ": "a sync ",
    "async clients": "sync clients",
    "async ": "",
    "await ": "",
    "<Collection ": "<SyncCollection ",
    "<StashClient ": "<SyncStashClient ",
    "The next page is fetched ahead.": "Each page is fetched when its first item is asked for.",
    "`Job`": "`SyncJob`",
    "`StashClient`": "`SyncStashClient`",
}
"""Phrases in docstrings, messages and comments."""


def written(source: str) -> str:
    """Return the source of the synchronous module for an asynchronous one."""
    path, target = _path(source), _path(WRITTEN[source])
    header = (
        f"# Written from {path.relative_to(_ROOT).as_posix()} by `make generate`. Do not edit.\n\n"
    )
    text = header + _translated(path.read_text(encoding="utf-8"), source)
    for command in (("check", "--fix-only", "--select=F401,I,RUF022,SIM117"), ("format",)):
        run = [sys.executable, "-m", "ruff", *command, "--quiet", f"--stdin-filename={target}", "-"]
        text = subprocess.run(run, input=text, stdout=subprocess.PIPE, text=True, check=True).stdout
    return text


def differences() -> list[str]:
    """Return the synchronous modules that differ from what would be written."""
    return [
        _path(target).relative_to(_ROOT).as_posix()
        for source, target in WRITTEN.items()
        if not _path(target).exists()
        or _path(target).read_text(encoding="utf-8") != written(source)
    ]


def _path(module: str) -> Path:
    return _ROOT.joinpath(*module.split(".")).with_suffix(".py")


def _translated(text: str, source: str) -> str:
    """Apply the edits and keep the text between them."""
    begins = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    result, done = "", 0
    for (line, column), (last_line, last_column), new in _edits(text, source):
        begin = begins[line - 1] + column
        if begin >= done:  # a module's name is replaced as a whole
            result += text[done:begin] + new
            done = begins[last_line - 1] + last_column
    return result + text[done:]


def _edits(text: str, source: str) -> Iterator[tuple[tuple[int, int], tuple[int, int], str]]:
    """Yield the start and end of each replaced span, and its replacement."""
    imports = {
        (node.lineno, node.col_offset): _imported(node, source)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
    }
    opened: list[str] = []
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in (tokenize.NL, tokenize.INDENT, tokenize.DEDENT)
    ]
    texts = {tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", None)}
    for before, token, after in zip(
        [tokens[0], *tokens[:-1]], tokens, [*tokens[1:], tokens[-1]], strict=True
    ):
        if token.type in texts:
            yield token.start, token.end, _reworded(token.string)
        elif token.start in imports:
            end = next(t.start for t in tokens if t.start > token.start and t.string == "import")
            yield token.start, end, f"from {imports[token.start]} "
        elif token.string in ("async", "await"):
            yield token.start, after.start, ""
        elif token.string == "Awaitable" and after.string == "[":
            yield token.start, token.end, ""
        elif token.string == "[":
            opened.append(before.string)
            if before.string == "Awaitable":
                yield token.start, token.end, ""
        elif token.string == "]":
            generic = opened.pop()
            if generic == "Awaitable":
                yield token.start, token.end, ""
            elif generic == "AsyncGenerator":
                yield token.start, token.start, ", None"
        elif token.type == tokenize.NAME:
            names = MEMBERS if before.string in (".", "def") else MEMBERS | NAMES
            yield token.start, token.end, names.get(token.string, token.string)


def _reworded(text: str) -> str:
    if (name := text.strip('"')) in NAMES:  # in `__all__`
        return text.replace(name, NAMES[name])
    for phrase, new in PHRASES.items():
        text = text.replace(phrase, new)
    return text


def _imported(node: ast.ImportFrom, source: str) -> str:
    """Return the start of a `from` import, naming the module's counterpart if it has one."""
    if not node.level:
        return BY_HAND.get(node.module or "", node.module or "")
    parts = [*source.split(".")[: -node.level], *filter(None, [node.module])]
    module = _counterpart(".".join(parts), [alias.name for alias in node.names])
    own, up = WRITTEN[source].rpartition(".")[0], "."
    while module != own and not module.startswith(f"{own}."):
        own, up = own.rpartition(".")[0], f"{up}."
    return f"{up}{module.removeprefix(own).removeprefix('.')}"


def _counterpart(module: str, names: list[str]) -> str:
    counterparts = WRITTEN | BY_HAND
    for name in names:
        if f"{module}.{name}" in counterparts:
            return counterparts[f"{module}.{name}"].rpartition(".")[0]
    return counterparts.get(module, module)


def main(arguments: list[str] | None = None) -> int:
    """Write the modules, or only compare them and return 1 if one differs."""
    parser = argparse.ArgumentParser(prog="python -m tools.write_sync")
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    if parser.parse_args(arguments).check:
        changed = differences()
        for path in changed:
            print(f"{path} differs from its source: run `make generate`", file=sys.stderr)
        return int(bool(changed))
    for source, target in WRITTEN.items():
        _path(target).write_text(written(source), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
