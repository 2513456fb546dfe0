"""The base of generated async clients, which passes operations to a transport."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast

from typing_extensions import TypeVar as DefaultTypeVar

from .steps import AsyncExecutor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

    from .operation import Operation

T = TypeVar("T")
JobT = DefaultTypeVar("JobT", covariant=True, default=str)
"""The return type of mutations that start a job: its id, or a client's handle on it."""


class AsyncSubscriber(AsyncExecutor, Protocol):
    """The methods an async client needs from a transport; tests may pass their own."""

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
        """Start a job and return its id; clients with job handles override this."""
        return cast("JobT", await send())
