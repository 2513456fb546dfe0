"""Suspended hooks: what was enabled is enabled again, whatever happens in between."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import TypeVar

import pytest
from pydantic import TypeAdapter
from pytest_httpx import HTTPXMock

from stash_typed._runtime.http.async_transport import AsyncTransport
from stash_typed._runtime.http.sync_transport import SyncTransport
from stash_typed._runtime.operation import Operation
from stash_typed._runtime.steps import Ask
from stash_typed.errors import StashConnectionError, StashError
from stash_typed.hooks import hooked_plugins, set_enabled, suspend_hooks, suspend_hooks_sync
from tests.unit.ends import ENDS, connect

T = TypeVar("T")

pytestmark = pytest.mark.anyio


Failing = Callable[[str, Mapping[str, object]], StashError | None]


def _never(_field: str, _variables: Mapping[str, object]) -> None:
    """Let every request succeed."""


class Server:
    """Three plugins: one with a hook, one without, one with a hook that the owner disabled."""

    def __init__(self) -> None:
        self.enabled = {"hooked": True, "plain": True, "resting": False}
        self.hooks = {"hooked": ["on change"], "plain": None, "resting": ["on change"]}
        self.asked: list[str] = []
        self.fail: Failing = _never

    def answer(self, operation: Operation, variables: Mapping[str, object]) -> object:
        self.asked.append(operation.root_field)
        if (error := self.fail(operation.root_field, variables)) is not None:
            raise error
        if operation.root_field == "plugins":
            plugins = [
                {"id": id_, "enabled": on, "hooks": _named(self.hooks[id_])}
                for id_, on in self.enabled.items()
            ]
            return {"plugins": plugins}
        enabled_map = variables["enabledMap"]
        self.enabled.update(TypeAdapter(dict[str, bool]).validate_python(enabled_map))
        return {"setPluginsEnabled": True}


def _named(hooks: list[str] | None) -> list[dict[str, str]] | None:
    return None if hooks is None else [{"name": name} for name in hooks]


class AsyncEnd:
    """The server, each of its answers one turn of the event loop away."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def execute(
        self, operation: Operation, result: type[T], variables: Mapping[str, object]
    ) -> T:
        await asyncio.sleep(0)
        data = self.server.answer(operation, variables)
        await asyncio.sleep(0)
        return TypeAdapter(result).validate_python(data)


class SyncEnd:
    def __init__(self, server: Server) -> None:
        self.server = server

    def execute(self, operation: Operation, result: type[T], variables: Mapping[str, object]) -> T:
        return TypeAdapter(result).validate_python(self.server.answer(operation, variables))


BEFORE = {"hooked": True, "plain": True, "resting": False}
SUSPENDED = {"hooked": False, "plain": True, "resting": False}


async def test_hooks_rest_inside_and_run_again_afterwards() -> None:
    server = Server()
    async with suspend_hooks(AsyncEnd(server)) as ids:
        assert ids == ["hooked"]
        assert server.enabled == SUSPENDED
    assert server.enabled == BEFORE


async def test_the_inner_one_of_two_leaves_them_alone() -> None:
    server = Server()
    async with suspend_hooks(AsyncEnd(server)):
        async with suspend_hooks(AsyncEnd(server)) as inner:
            assert inner == []
        assert server.enabled == SUSPENDED
    assert server.enabled == BEFORE


async def test_nothing_is_changed_where_nothing_has_hooks() -> None:
    server = Server()
    server.enabled["hooked"] = False
    async with suspend_hooks(AsyncEnd(server)) as ids:
        assert ids == []
    assert server.asked == ["plugins"]


async def test_an_error_inside_comes_out_after_enabling() -> None:
    server = Server()
    with pytest.raises(ZeroDivisionError):
        async with suspend_hooks(AsyncEnd(server)):
            raise ZeroDivisionError
    assert server.enabled == BEFORE


@pytest.mark.parametrize("turns", range(12))
@pytest.mark.parametrize("again", [False, True])
async def test_a_cancelled_task_enables_them_all_the_same(turns: int, again: bool) -> None:
    server = Server()

    async def work() -> None:
        async with suspend_hooks(AsyncEnd(server)):
            await asyncio.sleep(60)

    task = asyncio.create_task(work())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    if again:
        await asyncio.sleep(0)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert server.enabled == BEFORE


async def test_a_cancellation_while_enabling_waits_for_it() -> None:
    server, inside = Server(), asyncio.Event()

    async def work() -> None:
        async with suspend_hooks(AsyncEnd(server)):
            inside.set()

    task = asyncio.create_task(work())
    await inside.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert server.enabled == BEFORE


def _lost(
    times: int, *, enabling: bool
) -> Callable[[str, Mapping[str, object]], StashError | None]:
    """Lose the connection the first so many times that plugins are switched on (or off)."""
    left = times

    def fail(field: str, variables: Mapping[str, object]) -> StashError | None:
        nonlocal left
        enabled_map = variables.get("enabledMap")
        if not isinstance(enabled_map, dict) or enabled_map != {"hooked": enabling} or not left:
            return None
        left -= 1
        return StashConnectionError("connection lost", url="http://stash.test:9999/graphql")

    return fail


async def test_a_stale_connection_is_no_reason_to_leave_them_off() -> None:
    server = Server()
    server.fail = _lost(1, enabling=True)
    async with suspend_hooks(AsyncEnd(server)):
        pass
    assert server.enabled == BEFORE


@pytest.mark.parametrize("done", [True, False])
async def test_plugins_are_switched_on_once_more_only_where_a_look_shows_them_off(
    done: bool,
) -> None:
    server, lost = Server(), _lost(1, enabling=True)

    def fail(field: str, variables: Mapping[str, object]) -> StashError | None:
        error = lost(field, variables)
        if error is not None and done:
            server.enabled["hooked"] = True  # carried out, and the answer lost
        return error

    server.fail = fail
    async with suspend_hooks(AsyncEnd(server)):
        pass
    again = [] if done else ["setPluginsEnabled"]
    assert server.asked == [
        "plugins",
        "setPluginsEnabled",
        "setPluginsEnabled",
        "plugins",
        *again,
    ]
    assert server.enabled == BEFORE


@pytest.mark.parametrize("enabling", [False, True])
async def test_a_switch_that_nobody_confirmed(enabling: bool, httpx_mock: HTTPXMock) -> None:
    plugins = [{"id": "hooked", "enabled": True, "hooks": [{"name": "x"}]}]
    for _ in ENDS:
        httpx_mock.add_response(json={"data": {"plugins": plugins}})
        for on in (False, True):
            httpx_mock.add_response(json={"data": {"setPluginsEnabled": on is not enabling}})
    words = r"does not say that hooked are (on|off) now"
    inside: list[str] = []

    async with connect("async", "http://stash.test") as opened:
        assert isinstance(opened.transport, AsyncTransport)
        with pytest.raises(StashError, match=words):
            async with suspend_hooks(opened.transport):
                inside.append("async")
    async with connect("sync", "http://stash.test") as opened:
        assert isinstance(opened.transport, SyncTransport)
        with pytest.raises(StashError, match=words), suspend_hooks_sync(opened.transport):
            inside.append("sync")

    # The block must not run with hooks on.
    assert inside == (["async", "sync"] if enabling else [])
    assert len(httpx_mock.get_requests()) == 6


async def test_plugins_that_stay_off_are_named() -> None:
    server = Server()
    server.fail = _lost(2, enabling=True)
    with pytest.raises(StashError, match="could not be enabled again: hooked") as caught:
        async with suspend_hooks(AsyncEnd(server)):
            raise ZeroDivisionError
    for words in ("connection lost", "stash.test:9999", "set_plugins_enabled({'hooked': True})"):
        assert words in str(caught.value)
    assert isinstance(caught.value.__cause__, StashConnectionError)
    assert server.enabled == SUSPENDED


async def test_an_answer_lost_while_disabling_enables_them_to_be_sure() -> None:
    server = Server()
    server.fail = _lost(1, enabling=False)
    with pytest.raises(StashConnectionError):
        async with suspend_hooks(AsyncEnd(server)):
            pytest.fail("the block must not run with hooks on")
    assert server.asked == ["plugins", "setPluginsEnabled", "setPluginsEnabled"]
    assert server.enabled == BEFORE


async def test_what_is_suspended_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "stash_typed"):
        async with suspend_hooks(AsyncEnd(Server())):
            pass
    assert "suspending the hooks of the plugins hooked" in caplog.text


def test_without_an_event_loop() -> None:
    server = Server()
    with suspend_hooks_sync(SyncEnd(server)) as ids:
        assert ids == ["hooked"]
        assert server.enabled == SUSPENDED
        with suspend_hooks_sync(SyncEnd(server)) as inner:
            assert inner == []
        assert server.enabled == SUSPENDED
    assert server.enabled == BEFORE


def test_a_key_pressed_inside_enables_them() -> None:
    server = Server()
    with pytest.raises(KeyboardInterrupt), suspend_hooks_sync(SyncEnd(server)):
        raise KeyboardInterrupt
    assert server.enabled == BEFORE


def test_a_key_pressed_while_enabling_does_not_stop_it() -> None:
    server, pressed = Server(), False

    def press(field: str, variables: Mapping[str, object]) -> None:
        nonlocal pressed
        if variables == {"enabledMap": {"hooked": True}} and not pressed:
            pressed = True
            raise KeyboardInterrupt

    server.fail = press
    with pytest.raises(KeyboardInterrupt), suspend_hooks_sync(SyncEnd(server)):
        pass
    assert server.enabled == BEFORE


def test_plugins_that_stay_off_are_named_without_an_event_loop() -> None:
    server = Server()
    server.fail = _lost(2, enabling=True)
    with (
        pytest.raises(StashError, match="could not be enabled again: hooked"),
        suspend_hooks_sync(SyncEnd(server)),
    ):
        pass


def test_nothing_is_asked_for_no_plugins() -> None:
    assert list(set_enabled([], True)) == []


def test_a_server_without_plugins() -> None:
    procedure = hooked_plugins()
    ask = next(procedure)
    assert isinstance(ask, Ask)
    with pytest.raises(StopIteration) as stopped:
        procedure.send(ask.result.model_validate({"plugins": None}))
    assert stopped.value.value == []


@pytest.mark.parametrize("end", ["async", "sync"])
async def test_what_is_sent(end: str, httpx_mock: HTTPXMock) -> None:
    plugins = [{"id": "a b", "enabled": True, "hooks": [{"name": "x"}]}]
    httpx_mock.add_response(json={"data": {"plugins": plugins}})
    for _ in range(2):
        httpx_mock.add_response(json={"data": {"setPluginsEnabled": True}})

    async with connect("async" if end == "async" else "sync", "http://stash.test:9999") as opened:
        if isinstance(opened.transport, SyncTransport):
            with suspend_hooks_sync(opened.transport):
                pass
        else:
            async with suspend_hooks(opened.transport):
                pass

    bodies = [json.loads(request.content) for request in httpx_mock.get_requests()]
    assert [body["operationName"] for body in bodies] == [
        "HookedPlugins",
        "SetPluginsEnabled",
        "SetPluginsEnabled",
    ]
    assert [body["variables"] for body in bodies[1:]] == [
        {"enabledMap": {"a b": False}},
        {"enabledMap": {"a b": True}},
    ]
