"""No tool that prints the local variables of a traceback prints a secret, whatever went wrong."""

from __future__ import annotations

import asyncio
import json
import pickle
import signal
import socket
import threading
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from stash_typed import StashClient, SyncStashClient
from stash_typed._runtime.http.async_transport import AsyncTransport
from stash_typed._runtime.http.sync_transport import SyncTransport
from stash_typed._runtime.tracebacks import empty_frames
from stash_typed.config import Config
from stash_typed.errors import ConfigurationError, StashConnectionError, StashError
from stash_typed.inputs import ConfigGeneralInput

from .ends import AT_ONCE, ENDS, End
from .loopback import Asked, Says, loopback
from .shown_locals import behind, frames, shown
from .socket_server import Partner, socket_server
from .tls import make_certificate, server_context

CANARY = "Kanarienvogel"
"""Stands in every secret."""
KEY = f"eyJhbGciOiJIUzI1NiJ9.{CANARY}{'k' * 40}.{'s' * 40}"
LINK = f"http://nas/downloads/1/backup.sqlite?apikey={KEY}"
SESSION = {"Set-Cookie": f"session={CANARY}-from-the-server; Path=/"}


class Quiet(dict[str, Any]):
    """Arguments that the frames of these tests do not show."""

    def __repr__(self) -> str:
        return "…"


@dataclass(frozen=True)
class Kind:
    """Credentials of one kind: as arguments, and in the environment."""

    given: Mapping[str, str] = field(default_factory=dict[str, str])
    environ: Mapping[str, str] = field(default_factory=dict[str, str])


USER = {"username": "ada", "password": f"{CANARY}-password"}
KINDS = {
    "key": Kind({"api_key": KEY}),
    "password": Kind(USER),
    "cookie": Kind({"session_cookie": f"{CANARY}-cookie"}),
    "cookie and key": Kind({"session_cookie": f"{CANARY}-cookie", "api_key": KEY}),
    "cookie and password": Kind({"session_cookie": f"{CANARY}-cookie", **USER}),
    "key in the environment": Kind(environ={"STASH_API_KEY": KEY}),
    "password in the environment": Kind(
        environ={"STASH_USERNAME": "ada", "STASH_PASSWORD": f"{CANARY}-password"}
    ),
}
HEADERS = {"X-Proxy-Token": f"{CANARY}-header"}

Answer = Callable[[Asked], Says]
AsyncCall = Callable[[StashClient], Awaitable[object]]
SyncCall = Callable[[SyncStashClient], object]


def graphql(data: object = None, *errors: object, status: int = 200) -> Says:
    body = {"data": data, **({"errors": list(errors)} if errors else {})}
    return Says(status, json.dumps(body).encode(), SESSION)


def always(says: Says, login: Says | None = None) -> Answer:
    """Answer a sign-in well, and everything else like this."""
    welcome = login or Says(headers=SESSION)
    return lambda asked: welcome if asked.path == "/login" else says


def in_turn(*all_says: Says) -> Answer:
    """Answer the first request like this, the second one like that."""
    left = list(all_says)

    def answer(asked: Asked) -> Says:
        if asked.path == "/login":
            return Says(headers=SESSION)
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


class Shot(BaseModel):
    """A model of the caller's own, which shows everything."""

    id: str
    image_path: str | None


class Clip(BaseModel):
    id: str
    title: str | None


async def version(stash: StashClient) -> object:
    return await stash.version()


def version_sync(stash: SyncStashClient) -> object:
    return stash.version()


async def backup(stash: StashClient) -> object:
    return await stash.backup("/tmp")


def backup_sync(stash: SyncStashClient) -> object:
    return stash.backup("/tmp")


async def set_password(stash: StashClient) -> object:
    return await stash.configure_general(ConfigGeneralInput(**ANSWERED))


def set_password_sync(stash: SyncStashClient) -> object:
    return stash.configure_general(ConfigGeneralInput(**ANSWERED))


async def own_document(stash: StashClient) -> object:
    return await stash.graphql("mutation ($p: String!) { setup(p: $p) }", ANSWERED)


def own_document_sync(stash: SyncStashClient) -> object:
    return stash.graphql("mutation ($p: String!) { setup(p: $p) }", ANSWERED)


async def upload(stash: StashClient) -> object:
    return await stash.graphql("mutation ($p: Upload!) { setup(p: $p) }", UPLOADED)


def upload_sync(stash: SyncStashClient) -> object:
    return stash.graphql("mutation ($p: Upload!) { setup(p: $p) }", UPLOADED)


async def own_rows(stash: StashClient) -> object:
    return [row async for row in stash.tags.iterate(select=Shot, page_size=1)]


def own_rows_sync(stash: SyncStashClient) -> object:
    return list(stash.tags.iterate(select=Shot, page_size=1))


async def own_scenes(stash: StashClient) -> object:
    return [row async for row in stash.scenes.iterate(select=Clip)]


def own_scenes_sync(stash: SyncStashClient) -> object:
    return list(stash.scenes.iterate(select=Clip))


async def subscribe(stash: StashClient) -> object:
    return [item async for item in stash.jobs_subscribe()]


def subscribe_sync(stash: SyncStashClient) -> object:
    return list(stash.jobs_subscribe())


async def after_the_end(stash: StashClient) -> object:
    await stash.aclose()
    return await stash.version()


def after_the_end_sync(stash: SyncStashClient) -> object:
    stash.close()
    return stash.version()


async def compatibility(stash: StashClient) -> object:
    return await stash.check_compatibility()


def compatibility_sync(stash: SyncStashClient) -> object:
    return stash.check_compatibility()


def _upload() -> object:
    from stash_typed import Upload

    return Upload("/nowhere/at/all")


ANSWERED = Quiet(password=f"{CANARY}-new-password")
UPLOADED = Quiet(p=_upload(), password=f"{CANARY}-new-password")

TAG = {"id": "1", "image_path": LINK}
IDS = [{"id": "2"}, {"id": "1"}]
VERSION = {"version": {"version": "1", "hash": "", "build_time": ""}}
UNKNOWN_FIELD = {
    "message": f'Cannot query field "version" on type "Query": {LINK}',
    "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
}

Fault = tuple[Answer, AsyncCall, SyncCall]
FAULTS: dict[str, Fault] = {
    "refused key": (always(Says(401)), version, version_sync),
    "status 500": (always(Says(500, LINK.encode(), SESSION)), version, version_sync),
    "status 502": (always(Says(502, LINK.encode(), SESSION)), version, version_sync),
    "web page": (always(Says(200, f"<a href={LINK}>".encode())), version, version_sync),
    "broken JSON": (always(Says(200, f'{{"a": "{LINK}'.encode())), version, version_sync),
    "a list": (always(Says(200, json.dumps([LINK]).encode())), version, version_sync),
    "errors": (always(graphql({"a": LINK}, {"message": LINK})), version, version_sync),
    "misfit": (always(graphql({"version": LINK})), version, version_sync),
    "unknown field": (always(graphql(None, UNKNOWN_FIELD, status=422)), version, version_sync),
    "redirect": (
        always(Says(302, headers={"Location": f"/login?returnURL={LINK}"})),
        version,
        version_sync,
    ),
    "redirect elsewhere": (always(Says(302, headers={"Location": LINK})), version, version_sync),
    "hang-up": (always(Says(hang_up=True)), version, version_sync),
    "no HTTP": (
        always(Says(200, headers={"Content-Length": "5, 6", **SESSION})),
        version,
        version_sync,
    ),
    "new password": (always(Says(500)), set_password, set_password_sync),
    "own document": (always(Says(500)), own_document, own_document_sync),
    "own document lost": (always(Says(hang_up=True)), own_document, own_document_sync),
    "unreadable upload": (always(graphql({})), upload, upload_sync),
    "download": (
        in_turn(graphql({"backupDatabase": LINK}), Says(404, LINK.encode())),
        backup,
        backup_sync,
    ),
    "unreadable link": (
        always(graphql({"backupDatabase": f"//[::1?apikey={KEY}"})),
        backup,
        backup_sync,
    ),
    "broken download": (
        in_turn(
            graphql({"backupDatabase": LINK}),
            Says(
                200, LINK.encode(), {"Content-Length": "100000", "Connection": "close", **SESSION}
            ),
        ),
        backup,
        backup_sync,
    ),
    "second page": (
        in_turn(
            graphql({"found": {"count": 2, "items": [{"id": "1"}, {"id": "2"}]}}),
            graphql({"found": {"items": [TAG]}}),
            Says(500, LINK.encode()),
        ),
        own_rows,
        own_rows_sync,
    ),
    "falling ids": (
        always(
            graphql({"found": {"cursor": IDS, "items": [{**each, "title": LINK} for each in IDS]}})
        ),
        own_scenes,
        own_scenes_sync,
    ),
    "closed": (always(graphql(VERSION)), after_the_end, after_the_end_sync),
    "compatibility": (
        in_turn(graphql(VERSION), Says(500, LINK.encode())),
        compatibility,
        compatibility_sync,
    ),
    "socket refused": (always(Says(403, LINK.encode(), SESSION)), subscribe, subscribe_sync),
    "socket unauthorised": (always(Says(401, LINK.encode(), SESSION)), subscribe, subscribe_sync),
    "no socket": (always(Says(200, LINK.encode(), SESSION)), subscribe, subscribe_sync),
}
SIGN_IN_FAULTS: dict[str, Fault] = {
    "refused password": (
        always(graphql(VERSION), Says(401, LINK.encode())),
        version,
        version_sync,
    ),
    "no session": (always(graphql(VERSION), Says()), version, version_sync),
    "odd session": (
        always(graphql(VERSION), Says(headers={"Set-Cookie": f"session={CANARY}ü"})),
        version,
        version_sync,
    ),
    "sign-in lost": (always(graphql(VERSION), Says(hang_up=True)), version, version_sync),
    "sign-in redirected": (
        always(graphql(VERSION), Says(302, headers={"Location": LINK})),
        version,
        version_sync,
    ),
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("URL", "API_KEY", "USERNAME", "PASSWORD", "VERIFY", "TIMEOUT"):
        monkeypatch.delenv(f"STASH_{name}", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def prepared(kind: Kind, monkeypatch: pytest.MonkeyPatch, **more: object) -> Quiet:
    """Set the environment, and give the arguments of a client."""
    for name, value in kind.environ.items():
        monkeypatch.setenv(name, value)
    return Quiet(**kind.given, headers=HEADERS, timeout=10, **more)


def connection_of(stash: StashClient) -> AsyncTransport:
    connection = vars(stash)["_connection"]
    assert isinstance(connection, AsyncTransport)
    return connection


def sync_connection_of(stash: SyncStashClient) -> SyncTransport:
    connection = vars(stash)["_connection"]
    assert isinstance(connection, SyncTransport)
    return connection


def at_once(stash: StashClient | SyncStashClient) -> None:
    """Let nothing wait before it is sent again."""
    stash._connection._exchange._retry = AT_ONCE  # pyright: ignore[reportPrivateUsage]


def raised(
    end: End, url: str, arguments: Quiet, call: AsyncCall, call_sync: SyncCall
) -> BaseException:
    """Give what a call raises."""
    if end == "sync":
        with SyncStashClient(url, **arguments) as stash:
            at_once(stash)
            try:
                call_sync(stash)
            except BaseException as error:  # noqa: BLE001  (looked at)
                return error
        raise AssertionError("nothing was raised")

    async def run() -> BaseException:
        async with StashClient(url, **arguments) as stash:
            at_once(stash)
            try:
                await call(stash)
            except BaseException as error:  # noqa: BLE001  (looked at)
                return error
        raise AssertionError("nothing was raised")

    return asyncio.run(run())


def assert_discreet(error: BaseException) -> None:
    """No tool prints a secret, neither here nor where it is sent to."""
    leaks = {place: text for place, text in shown(error).items() if CANARY in text}
    assert leaks == {}
    if isinstance(error, StashError):
        assert CANARY.encode() not in pickle.dumps(error)


def test_the_tools_see_what_is_there() -> None:
    def deepest(key: str) -> None:
        text = json.loads(f'"{key}"')
        json.loads(text)

    with pytest.raises(ValueError, match="Expecting") as caught:
        deepest(KEY)
    places = [place for place, text in shown(caught.value).items() if CANARY in text]
    for tool in ("rich", "loguru", "TracebackException", "/"):
        assert any(place.startswith(tool) and "json" in place for place in places), tool


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "kind", ["key", "cookie and key", "cookie and password", "password in the environment"]
)
def test_no_fault_shows_a_secret(
    end: End, fault: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, call, call_sync = FAULTS[fault]
    arguments = prepared(KINDS[kind], monkeypatch)
    with loopback(answer) as server:
        error = raised(end, server.url, arguments, call, call_sync)
    assert isinstance(error, StashError)
    assert_discreet(error)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("fault", SIGN_IN_FAULTS)
@pytest.mark.parametrize("kind", ["password", "password in the environment"])
def test_no_failed_sign_in_shows_a_secret(
    end: End, fault: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, call, call_sync = SIGN_IN_FAULTS[fault]
    arguments = prepared(KINDS[kind], monkeypatch)
    with loopback(answer) as server:
        error = raised(end, server.url, arguments, call, call_sync)
    assert isinstance(error, StashError)
    assert_discreet(error)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", ["key", "password", "cookie"])
@pytest.mark.parametrize("call", [(version, version_sync), (subscribe, subscribe_sync)])
def test_no_missing_server_shows_a_secret(
    end: End, kind: str, call: tuple[AsyncCall, SyncCall], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = prepared(KINDS[kind], monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = raised(end, f"http://127.0.0.1:{port}", arguments, *call)
    assert isinstance(error, StashConnectionError)
    assert_discreet(error)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", ["key", "password", "cookie"])
@pytest.mark.parametrize("call", [(version, version_sync), (subscribe, subscribe_sync)])
def test_no_time_limit_shows_a_secret(
    end: End, kind: str, call: tuple[AsyncCall, SyncCall], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = prepared(KINDS[kind], monkeypatch)
    arguments["timeout"] = 0.1
    with socket.create_server(("127.0.0.1", 0)) as silent:
        error = raised(end, f"http://127.0.0.1:{silent.getsockname()[1]}", arguments, *call)
    assert isinstance(error, StashError)
    assert_discreet(error)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", ["key", "password", "cookie"])
@pytest.mark.parametrize("call", [(version, version_sync), (subscribe, subscribe_sync)])
@pytest.mark.parametrize("secure", [True, False])
def test_no_trouble_with_tls_shows_a_secret(
    end: End,
    kind: str,
    call: tuple[AsyncCall, SyncCall],
    secure: bool,
    certificates: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = prepared(KINDS[kind], monkeypatch)
    context = server_context(certificates) if secure else None
    with loopback(always(graphql(VERSION)), secure=context) as server:
        url = f"https{server.url.removeprefix('https').removeprefix('http')}"
        error = raised(end, url, arguments, *call)
    assert isinstance(error, StashConnectionError)
    assert_discreet(error)


async def _lost(partner: Partner) -> None:
    await partner.begin()
    partner.connection.transport.abort()


async def _closed(partner: Partner) -> None:
    await partner.begin()
    await partner.connection.close(4400, KEY)


async def _forbidden(partner: Partner) -> None:
    await partner.hear("connection_init")
    await partner.connection.close(4403, KEY)


async def _refused(partner: Partner) -> None:
    await partner.begin()
    await partner.say("error", id="1", payload=[{"message": f"what is {KEY}?"}])


async def _misfit(partner: Partner) -> None:
    await partner.begin()
    await partner.next({"jobsSubscribe": {"type": KEY}})


async def _nonsense(partner: Partner) -> None:
    await partner.hear("connection_init")
    await partner.connection.send(KEY)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", ["key", "cookie", "cookie and key", "key in the environment"])
@pytest.mark.parametrize("part", [_lost, _closed, _forbidden, _refused, _misfit, _nonsense])
def test_no_ending_of_a_subscription_shows_a_secret(
    end: End,
    kind: str,
    part: Callable[[Partner], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = prepared(KINDS[kind], monkeypatch)

    async def run() -> BaseException:
        async with socket_server(part) as server:
            return await asyncio.to_thread(
                raised, end, server.url, arguments, subscribe, subscribe_sync
            )

    error = asyncio.run(run())
    assert isinstance(error, StashError)
    assert_discreet(error)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", [version, set_password, subscribe])
def test_no_cancellation_shows_a_secret(
    kind: str, call: AsyncCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = prepared(KINDS[kind], monkeypatch)

    async def run() -> BaseException:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            async with StashClient(url, **arguments) as stash:
                task = asyncio.ensure_future(call(stash))
                silent.setblocking(False)
                connection, _ = await asyncio.get_running_loop().sock_accept(silent)
                with connection:
                    await asyncio.get_running_loop().sock_recv(connection, 1)
                    task.cancel()
                    try:
                        await task
                    except asyncio.CancelledError as error:
                        return error
        raise AssertionError("nothing was raised")

    assert_discreet(asyncio.run(run()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", [version_sync, set_password_sync])
def test_no_interruption_shows_a_secret(
    kind: str, call: SyncCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = prepared(KINDS[kind], monkeypatch)
    main = threading.main_thread().ident
    assert main is not None
    done = threading.Event()

    def answer(asked: Asked) -> Says:
        signal.pthread_kill(main, signal.SIGINT)
        done.wait(10)
        return Says(500)

    with loopback(answer) as server, SyncStashClient(server.url, **arguments) as stash:
        with pytest.raises(KeyboardInterrupt) as caught:
            call(stash)
        done.set()
    assert_discreet(caught.value)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", ["key", "cookie and password"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://nas"},
        {"url": f"http://ada:{CANARY}@nas"},
        {"url": f"ada:{CANARY}@nas:9999"},
        {"url": f"http://ada:{CANARY}/{CANARY}@nas:9999"},
        {"url": f"http://nas?apikey={CANARY}"},
        {"timeout": -1},
        {"timeout": "soon"},
        {"verify": "/nowhere"},
        {"headers": {"X-Token": f"{CANARY}\n"}},
        {"headers": {"X-Token": f"{CANARY}ü"}},
        {"headers": [f"{CANARY}"]},
        {"limit": 0},
        {"http_client": 1},
        {"api_key": f"{CANARY}ü", "username": None, "password": None},
        {"api_key": "", "username": None, "password": None},
        {"session_cookie": f"{CANARY}\x01"},
        {"api_key": KEY, "username": "ada", "password": f"{CANARY}"},
        {"api_key": None, "username": "ada", "password": f"{CANARY}\ud800"},
        {"api_key": None, "username": None, "password": f"{CANARY}"},
    ],
    ids=lambda wrong: ",".join(wrong),
)
def test_no_wrong_argument_shows_a_secret(
    end: End, kind: str, wrong: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_TOKEN", f"{CANARY}-of-another-program")
    arguments = prepared(KINDS[kind], monkeypatch)
    arguments.update(wrong)
    client = StashClient if end == "async" else SyncStashClient
    with pytest.raises(ConfigurationError) as caught:
        client(**arguments)
    assert_discreet(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STASH_URL", f"http://ada:{CANARY}@nas"),
        ("STASH_API_KEY", f"{CANARY}ü"),
        ("STASH_PASSWORD", f"{CANARY}"),
        ("STASH_VERIFY", "/nowhere"),
        ("STASH_TIMEOUT", "soon"),
    ],
)
def test_no_wrong_variable_shows_a_secret(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_TOKEN", f"{CANARY}-of-another-program")
    monkeypatch.setenv(name, value)
    for make in (StashClient, SyncStashClient, Config.resolve):
        with pytest.raises(ConfigurationError, match=name) as caught:
            make(headers=Quiet(HEADERS))
        assert_discreet(caught.value)


@pytest.mark.parametrize("end", ENDS)
def test_no_proxy_shows_its_password(end: End, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = prepared(KINDS["key"], monkeypatch)
    monkeypatch.setenv("ALL_PROXY", f"gopher://ada:{CANARY}@nas:1")
    error = raised(end, "http://nas:9999", arguments, version, version_sync)
    assert isinstance(error, ConfigurationError)
    assert_discreet(error)


def test_nothing_of_a_client_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in KINDS.values():
        arguments = prepared(kind, monkeypatch)
        config = Config.resolve(**arguments)
        stash = StashClient(**arguments)
        with SyncStashClient(**arguments) as sync_stash:
            held: list[object] = [
                *(config, config.credentials, config.headers, stash, stash.scenes, stash.freeones),
                *(sync_stash, sync_stash.scenes, vars(stash), vars(connection_of(stash))),
            ]
            assert CANARY not in repr(held)


def test_files_and_lines_stay() -> None:
    with loopback(always(Says(500))) as server, SyncStashClient(server.url) as stash:
        at_once(stash)
        with pytest.raises(StashError) as caught:
            stash.version()
    names = {frame.f_code.co_name for frame in frames(caught.value)}
    assert {"version", "execute", "perform_sync", "decode"} <= names


def test_what_the_caller_was_handling_keeps_its_variables() -> None:
    def broken() -> None:
        wanted = "kept"
        raise ValueError(wanted)

    with loopback(always(Says(500))) as server, SyncStashClient(server.url) as stash:
        at_once(stash)

        def recover() -> None:
            try:
                broken()
            except ValueError:
                stash.version()

        with pytest.raises(StashError) as caught:
            recover()
    (handled,) = [one for one in behind(caught.value) if type(one) is ValueError]
    variables = [frame.f_locals for frame, _ in traceback.walk_tb(handled.__traceback__)]
    assert {"wanted": "kept"} in variables


@pytest.mark.parametrize("end", ENDS)
def test_what_the_caller_does_with_a_file_keeps_its_variables(end: End) -> None:
    def read(chunks: Iterator[bytes]) -> None:
        wanted = "kept"
        for _ in chunks:
            assert wanted

    async def read_async(chunks: AsyncIterator[bytes]) -> None:
        wanted = "kept"
        async for _ in chunks:
            assert wanted

    async def run(url: str) -> BaseException:
        async with StashClient(url, api_key="k") as stash:
            with pytest.raises(StashError) as caught:
                async with connection_of(stash).stream("GET", "/file") as response:
                    await read_async(response.aiter_bytes())
        return caught.value

    says = Says(200, b"short", {"Content-Length": "100000", "Connection": "close"})
    with loopback(always(says)) as server:
        if end == "async":
            error = asyncio.run(run(server.url))
        else:
            with SyncStashClient(server.url, api_key="k") as stash:
                with (
                    pytest.raises(StashError) as caught,
                    sync_connection_of(stash).stream("GET", "/file") as response,
                ):
                    read(response.iter_bytes())
                error = caught.value
    cause = error.__cause__
    assert cause is not None
    variables = [frame.f_locals for frame, _ in traceback.walk_tb(cause.__traceback__)]
    assert any(found.get("wanted") == "kept" for found in variables)


def test_groups_are_emptied_too() -> None:
    class Group(Exception):
        def __init__(self, *exceptions: Exception) -> None:
            self.exceptions = exceptions

    def fail() -> None:
        secret = KEY
        raise ValueError(f"{len(secret)} characters")

    with pytest.raises(ValueError, match="characters") as caught:
        fail()
    assert "secret" in caught.traceback[-1].frame.f_locals
    empty_frames(Group(caught.value))
    assert "secret" not in caught.traceback[-1].frame.f_locals
