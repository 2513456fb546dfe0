"""Suspending plugin hooks, which would otherwise run for every item of a bulk change.

The server has no switch for hooks alone, so the plugins that have hooks are disabled for a time.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager

from ._runtime.errors import ResponseFormatError, StashConnectionError, StashError
from ._runtime.foreign_text import one_line
from ._runtime.log import logger
from ._runtime.steps import Ask, AsyncExecutor, Procedure, SyncExecutor, perform, perform_sync
from .library import documents

__all__ = ["hooked_plugins", "set_enabled", "suspend_hooks", "suspend_hooks_sync"]


def hooked_plugins() -> Procedure[list[str]]:
    """Look up the ids of the enabled plugins that have hooks."""
    data: documents.HookedPlugins = yield documents.hooked_plugins()
    return [plugin.id for plugin in data.plugins or [] if plugin.enabled and plugin.hooks]


def set_enabled(ids: Sequence[str], enabled: bool) -> Procedure[None]:
    """Enable or disable plugins; raise ResponseFormatError if the answer does not confirm it."""
    from stash_typed_graphql.set_plugins_enabled import OPERATION, SetPluginsEnabledData

    if not ids:
        return
    data: SetPluginsEnabledData = yield Ask(
        OPERATION, SetPluginsEnabledData, {"enabledMap": dict.fromkeys(ids, enabled)}
    )
    if not data.set_plugins_enabled:
        raise ResponseFormatError(
            f"the server does not say that {', '.join(ids)} are {'on' if enabled else 'off'} now",
            operation=OPERATION.name,
        )


def _enable_again(ids: Sequence[str]) -> Procedure[None]:
    """Enable plugins. After a long change the first connection may have gone stale: then only those
    that it did not reach are switched once more."""
    try:
        yield from set_enabled(ids, True)
    except StashConnectionError:
        yield from _enable_the_rest(ids)


def _enable_the_rest(ids: Sequence[str]) -> Procedure[None]:
    data: documents.HookedPlugins = yield documents.hooked_plugins()
    off = {plugin.id for plugin in data.plugins or [] if not plugin.enabled}
    yield from set_enabled([id_ for id_ in ids if id_ in off], True)


@asynccontextmanager
async def suspend_hooks(executor: AsyncExecutor) -> AsyncGenerator[list[str], None]:
    """Suspend plugin hooks for the block, and always resume them afterwards.

    The plugins that have hooks are disabled meanwhile, including their tasks and pages, for all users
    of the server. A nested block does nothing. They stay disabled only if this process is killed:
    their names are in the log, at INFO.
    """
    from ._runtime.ending import to_the_end

    ids = await perform(executor, hooked_plugins())
    try:
        if ids:
            _announce(ids)
            # Half a switch is none: whether a request that was broken off is carried out, nobody knows.
            await to_the_end(perform(executor, set_enabled(ids, False)))
        yield ids
    finally:
        try:
            await to_the_end(perform(executor, _enable_again(ids)))
        except StashError as error:
            raise _still_off(ids, error) from error


@contextmanager
def suspend_hooks_sync(executor: SyncExecutor) -> Generator[list[str], None, None]:
    """Suspend plugin hooks, as `suspend_hooks` does."""
    ids = perform_sync(executor, hooked_plugins())
    try:
        if ids:
            _announce(ids)
            perform_sync(executor, set_enabled(ids, False))
        yield ids
    finally:
        try:
            try:
                perform_sync(executor, _enable_again(ids))
            except KeyboardInterrupt:
                perform_sync(executor, _enable_the_rest(ids))
                raise
        except StashError as error:
            raise _still_off(ids, error) from error


def _announce(ids: Sequence[str]) -> None:
    logger.info("suspending the hooks of the plugins %s", one_line(", ".join(ids)))


def _still_off(ids: Sequence[str], error: StashError) -> StashError:
    return StashError(
        f"Plugins that were disabled for a while could not be enabled again: {one_line(', '.join(ids))}."
        f" {error.message}",
        operation=error.operation,
        url=error.url,
        hint="Enable them on the server's page under Settings > Plugins, or with"
        f" set_plugins_enabled({one_line(repr(dict.fromkeys(ids, True)))}).",
    )
