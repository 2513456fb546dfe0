"""Procedures: work of several requests, written once and performed by both kinds of client.

A procedure is a generator that yields steps and receives the result of each; a `StashError` is
thrown into it where a step failed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import AbstractAsyncContextManager, closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .deadline import no_time_error, time_left, within
from .errors import StashError, StashTimeoutError
from .tracebacks import emptied_frames

if TYPE_CHECKING:
    import asyncio

    from .messages import Outgoing, Reply
    from .operation import Operation

T = TypeVar("T")


@dataclass(frozen=True)
class Ask:
    """Execute an operation, within so many seconds; its answer is wanted as `result`."""

    operation: Operation
    result: type[Any]
    variables: Mapping[str, object] = field(default_factory=dict[str, object])
    seconds: float | None = None


@dataclass(frozen=True)
class Send:
    """Send one HTTP request; its `Reply` is wanted."""

    request: Outgoing


@dataclass(frozen=True)
class Sleep:
    seconds: float


@dataclass(frozen=True)
class Locked:
    """Perform a procedure while nobody else holds the lock; its result is wanted."""

    procedure: Procedure[Any]
    lock: Lock


Step = Ask | Send | Sleep | Locked
Procedure = Generator[Step, Any, T]


class AsyncExecutor(Protocol):
    """Executes operations, as a transport does."""

    async def execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> T: ...


class SyncExecutor(Protocol):
    def execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> T: ...


class Lock:
    """A lock for threads, or for the tasks of one event loop."""

    def __init__(self, name: str, url: str = "") -> None:
        self._name = name
        self._url = url
        self._threads = threading.Lock()
        self._tasks: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None

    def between_tasks(self) -> AbstractAsyncContextManager[None]:
        """Return the lock of the running event loop."""
        import asyncio

        from .ending import running_loop

        loop = running_loop(self._name)
        if self._tasks is None or self._tasks[0] is not loop:
            self._tasks = loop, asyncio.Lock()
        return self._tasks[1]

    @contextmanager
    def between_threads(self) -> Generator[None, None, None]:
        """Hold the lock, if there is time to wait for it."""
        left = time_left()
        if not self._threads.acquire(timeout=-1 if left is None else left):
            raise no_time_error(self._name, self._url)
        try:
            yield
        finally:
            self._threads.release()


async def perform(
    executor: AsyncExecutor,
    procedure: Procedure[T],
    send: Callable[[Outgoing], Awaitable[Reply]] | None = None,
) -> T:
    """Run a procedure to its end. Only transports perform `Send`."""
    # In a frame of its own, which is emptied: its variables hold requests and answers.
    with emptied_frames(), closing(procedure):
        return await _performed(executor, procedure, send)


async def _performed(
    executor: AsyncExecutor,
    procedure: Procedure[T],
    send: Callable[[Outgoing], Awaitable[Reply]] | None,
) -> T:
    import asyncio

    from .ending import NotInTimeError, in_all

    answer: object = None
    failure: StashError | None = None
    while True:
        try:
            step = procedure.send(answer) if failure is None else procedure.throw(failure)
        except StopIteration as end:
            result: T = end.value
            return result
        answer, failure = None, None
        try:
            if isinstance(step, Ask):
                asked = executor.execute(step.operation, step.result, step.variables)
                answer = await (asked if step.seconds is None else in_all(step.seconds, asked))
            elif isinstance(step, Sleep):
                await asyncio.sleep(step.seconds)
            elif isinstance(step, Locked):
                async with step.lock.between_tasks():
                    answer = await perform(executor, step.procedure, send)
            elif send is not None:
                answer = await send(step.request)
        except StashError as error:
            failure = error
        except NotInTimeError as late:
            failure = StashTimeoutError(str(late))


def perform_sync(
    executor: SyncExecutor,
    procedure: Procedure[T],
    send: Callable[[Outgoing], Reply] | None = None,
) -> T:
    """Run a procedure to its end, as `perform` does."""
    with emptied_frames(), closing(procedure):
        return _performed_sync(executor, procedure, send)


def _performed_sync(
    executor: SyncExecutor,
    procedure: Procedure[T],
    send: Callable[[Outgoing], Reply] | None,
) -> T:
    answer: object = None
    failure: StashError | None = None
    while True:
        try:
            step = procedure.send(answer) if failure is None else procedure.throw(failure)
        except StopIteration as end:
            result: T = end.value
            return result
        answer, failure = None, None
        try:
            if isinstance(step, Ask):
                with within(step.seconds):
                    answer = executor.execute(step.operation, step.result, step.variables)
            elif isinstance(step, Sleep):
                time.sleep(step.seconds)
            elif isinstance(step, Locked):
                with step.lock.between_threads():
                    answer = perform_sync(executor, step.procedure, send)
            elif send is not None:
                answer = send(step.request)
        except StashError as error:
            failure = error
