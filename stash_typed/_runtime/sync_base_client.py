# Written from stash_typed/_runtime/base_client.py by `make generate`. Do not edit.

"""The base of generated sync clients, which passes operations to a transport."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast

from typing_extensions import TypeVar as DefaultTypeVar

from .steps import SyncExecutor

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from .operation import Operation

T = TypeVar("T")
JobT = DefaultTypeVar("JobT", covariant=True, default=str)
"""The return type of mutations that start a job: its id, or a client's handle on it."""


class SyncSubscriber(SyncExecutor, Protocol):
    """The methods a sync client needs from a transport; tests may pass their own."""

    def subscribe(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> Generator[T, None, None]: ...


class SyncBaseClient(Generic[JobT]):
    """The base of generated sync clients. Several may share one transport."""

    def __init__(self, transport: SyncSubscriber) -> None:
        self._transport = transport

    def _execute(self, operation: Operation, result: type[T], variables: Mapping[str, object]) -> T:
        return self._transport.execute(operation, result, variables)

    def _subscribe(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> Generator[T, None, None]:
        return self._transport.subscribe(operation, result, variables)

    def _start(
        self,
        operation: Operation,
        result: type[T],
        variables: Mapping[str, object],
        job_id: Callable[[T], str],
    ) -> JobT:
        def send() -> str:
            return job_id(self._execute(operation, result, variables))

        return self._started(send)

    def _started(self, send: Callable[[], str]) -> JobT:
        """Start a job and return its id; clients with job handles override this."""
        return cast("JobT", send())
