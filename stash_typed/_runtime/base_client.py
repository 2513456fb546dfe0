"""The base of generated async clients: it hands operations to a transport."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast

from typing_extensions import TypeVar as DefaultTypeVar

from .steps import AsyncExecutor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

    from .operation import Operation

T = TypeVar("T")
JobT = DefaultTypeVar("JobT", covariant=True, default=str)
"""What mutations that start a job return: its id, or what a client makes of it."""


class AsyncSubscriber(AsyncExecutor, Protocol):
    """What an async client needs of a transport; tests may give their own."""

    def subscribe(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> AsyncGenerator[T, None]: ...


class AsyncBaseClient(Generic[JobT]):
    """The base of generated async clients. Several may share one transport."""

    def __init__(self, transport: AsyncSubscriber) -> None:
        self._transport = transport

    async def _execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> T:
        return await self._transport.execute(operation, result, variables)

    def _subscribe(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> AsyncGenerator[T, None]:
        return self._transport.subscribe(operation, result, variables)

    async def _start(
        self,
        operation: Operation,
        result: type[T],
        variables: Mapping[str, object],
        job_id: Callable[[T], str],
    ) -> JobT:
        async def send() -> str:
            return job_id(await self._execute(operation, result, variables))

        return await self._started(send)

    async def _started(self, send: Callable[[], Awaitable[str]]) -> JobT:
        """Start a job and return what stands for it; clients with handles on jobs override this."""
        return cast("JobT", await send())
