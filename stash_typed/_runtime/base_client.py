"""What generated clients stand on: a transport, and two methods that hand operations to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping

    from .operation import Operation

__all__ = ["AsyncBaseClient", "AsyncExecutor", "SyncBaseClient", "SyncExecutor"]

T = TypeVar("T")


class AsyncExecutor(Protocol):
    """What an async client needs of a transport; tests may give their own."""

    async def execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> T: ...

    def subscribe(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> AsyncGenerator[T, None]: ...


class SyncExecutor(Protocol):
    """What a sync client needs of a transport; tests may give their own."""

    def execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> T: ...

    def subscribe(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> Generator[T, None, None]: ...


class AsyncBaseClient:
    """The base of generated async clients.

    Args:
        transport: what sends the operations. Several clients may share one.
    """

    def __init__(self, transport: AsyncExecutor) -> None:
        self._transport = transport

    async def _execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> T:
        return await self._transport.execute(operation, result, variables)

    def _subscribe(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> AsyncGenerator[T, None]:
        return self._transport.subscribe(operation, result, variables)


class SyncBaseClient:
    """The base of generated sync clients.

    Args:
        transport: what sends the operations. Several clients may share one.
    """

    def __init__(self, transport: SyncExecutor) -> None:
        self._transport = transport

    def _execute(self, operation: Operation, result: type[T], variables: Mapping[str, object]) -> T:
        return self._transport.execute(operation, result, variables)

    def _subscribe(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> Generator[T, None, None]:
        return self._transport.subscribe(operation, result, variables)
