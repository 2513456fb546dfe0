"""Work of several requests, written once for the asynchronous and the synchronous client.

A procedure is a generator that yields what it asks the server for and is given the answer; an error
is thrown into it where it asked. It does no I/O and knows no event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ._runtime.errors import StashError
from ._runtime.tracebacks import emptied_frames

if TYPE_CHECKING:
    from ._runtime.operation import Operation

__all__ = ["Ask", "AsyncAsker", "Procedure", "SyncAsker", "perform", "perform_sync"]

T = TypeVar("T")


@dataclass(frozen=True)
class Ask:
    """One request of a procedure.

    Attributes:
        operation: what is asked for.
        result: the type of the answer's data.
        variables: values by the names that the document gives them.
    """

    operation: Operation
    result: type[Any]
    variables: Mapping[str, object] = field(default_factory=dict[str, object])


Procedure = Generator[Ask, Any, T]


class AsyncAsker(Protocol):
    """What performs a request; a transport does."""

    async def execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> T: ...


class SyncAsker(Protocol):
    """What performs a request; a transport does."""

    def execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> T: ...


async def perform(asker: AsyncAsker, procedure: Procedure[T]) -> T:
    """Run a procedure to its end.

    Args:
        asker: what performs the requests.
        procedure: what to do.

    Returns:
        What the procedure returns.

    Raises:
        StashError: what the procedure did not handle.
    """
    resume: Callable[[], Ask] = procedure.__next__
    with emptied_frames():
        while True:
            try:
                ask = resume()
            except StopIteration as stop:
                value: T = stop.value
                return value
            try:
                resume = _sending(
                    procedure, await asker.execute(ask.operation, ask.result, ask.variables)
                )
            except StashError as error:
                resume = _throwing(procedure, error)


def perform_sync(asker: SyncAsker, procedure: Procedure[T]) -> T:
    """Run a procedure to its end, as `perform` does.

    Args:
        asker: what performs the requests.
        procedure: what to do.

    Returns:
        What the procedure returns.

    Raises:
        StashError: what the procedure did not handle.
    """
    resume: Callable[[], Ask] = procedure.__next__
    with emptied_frames():
        while True:
            try:
                ask = resume()
            except StopIteration as stop:
                value: T = stop.value
                return value
            try:
                resume = _sending(
                    procedure, asker.execute(ask.operation, ask.result, ask.variables)
                )
            except StashError as error:
                resume = _throwing(procedure, error)


def _throwing(procedure: Procedure[T], error: StashError) -> Callable[[], Ask]:
    return lambda: procedure.throw(error)


def _sending(procedure: Procedure[T], answer: object) -> Callable[[], Ask]:
    return lambda: procedure.send(answer)
