"""Pages of other sites, and names that lead here by somebody else's will: all are refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Subprotocol

from stash_typed.sandbox import Sandbox, create_app
from tests.sandbox.asking import ask, client, run_job, socket_to, subscribe
from tests.sandbox.raw import Reply, send

_JSON = {"content-type": "application/json"}
_MAKE = b'{"query": "mutation { tagCreate(input: { name: \\"planted\\" }) { id } }"}'
_TAGS = "{ findTags { count } }"
_FOREIGN = [
    "http://evil.example",
    "https://evil.example",
    "null",
    "",
    "http://evil.example:{port}",
    "http://localhost.evil.example:{port}",
    "http://127.0.0.1.evil.example:{port}",
    "http://127.0.0.1:{port}.evil.example",
    "http://127.0.0.1:{port}@evil.example",
    "http://evil.example#http://127.0.0.1:{port}",
    "http://evil.example http://127.0.0.1:{port}",
    "http://0.0.0.0:{port}",
    "http://127.0.0.1:1",  # another program's page on this machine
    "http://localhost",
    "https://127.0.0.1",
    "http://127.0.0.1",
    "ws://127.0.0.1:{port}",
    "file://",
    "chrome-extension://abcdef",
    "http://127.0.0.1:{port}/path",
    "http://2130706433:{port}",
]
_OWN = [
    "http://127.0.0.1:{port}",
    "http://localhost:{port}",
    "http://[::1]:{port}",
    "http://LOCALHOST:{port}",
    "https://127.0.0.1:{port}",
]


@pytest.fixture(scope="module", name="server")
def _server() -> Iterator[Sandbox]:
    with Sandbox(scenes=2) as server:
        yield server


def _port(server: Sandbox) -> str:
    return server.url.rpartition(":")[2]


def _at(server: Sandbox, text: str) -> str:
    return text.replace("{port}", _port(server))


def _handshake(server: Sandbox, **headers: str) -> Reply:
    upgrade = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "sec-websocket-protocol": "graphql-transport-ws",
    }
    return send(server, "/graphql", {**upgrade, **headers})


@pytest.mark.parametrize("origin", _FOREIGN)
def test_a_foreign_page_is_refused_over_http_and_websocket(server: Sandbox, origin: str) -> None:
    origin = _at(server, origin)
    posted = send(server, "/graphql", {**_JSON, "origin": origin}, method="POST", body=_MAKE)
    assert posted.status == 403
    assert "--allow-origin" in posted.text
    assert "allowed_origins=" in posted.text
    assert _handshake(server, origin=origin).status == 403
    asked = {"origin": origin, "access-control-request-method": "POST"}
    preflight = send(server, "/graphql", asked, method="OPTIONS")
    assert preflight.status == 403
    assert not [name for name in preflight.headers if name.startswith("access-control")]
    assert "planted" not in str(ask(server, "{ findTags { tags { name } } }"))


@pytest.mark.parametrize("origin", _OWN)
def test_its_own_page_is_answered(server: Sandbox, origin: str) -> None:
    origin = _at(server, origin)
    body = json.dumps({"query": _TAGS}).encode()
    assert send(
        server, "/graphql", {**_JSON, "origin": origin}, method="POST", body=body
    ).status == (200)
    assert _handshake(server, origin=origin).status == 101


def test_who_has_no_origin_is_no_page(server: Sandbox) -> None:
    assert _handshake(server).status == 101
    assert send(
        server, "/graphql", _JSON, method="POST", body=b'{"query": "{ __typename }"}'
    ).status == (200)


def test_one_foreign_origin_among_two_is_enough(server: Sandbox) -> None:
    own = ("origin", server.url)
    foreign = ("origin", "http://evil.example")
    for both in ([own, foreign], [foreign, own]):
        assert send(server, "/healthz", both).status == 403


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1.evil.example:{port}",
        "localhost.evil.example",
        "evil.localhost:{port}",
        "localhost.:{port}",
        "0.0.0.0:{port}",
        "2130706433:{port}",
        "127.1:{port}",
        "[::]:{port}",
        "127.0.0.1:{port}, evil.example",
        "evil.example@127.0.0.1",
        "",
    ],
)
def test_a_name_that_was_led_here_is_refused(server: Sandbox, host: str) -> None:
    host = _at(server, host)
    # As after DNS rebinding: to the browser, page and server are one site.
    same = {"host": host, "origin": f"http://{host}", "sec-fetch-site": "same-origin"}
    posted = send(server, "/graphql", {**_JSON, **same}, method="POST", body=_MAKE)
    assert posted.status in (400, 403)
    if posted.status == 403:
        assert "--allow-host" in posted.text
        assert "allowed_hosts=" in posted.text
    assert _handshake(server, **same).status in (400, 403)
    for path in ("/", "/healthz", "/playground", "/login", "/logout", "/scene/1/stream"):
        assert send(server, path, {"host": host}).status in (400, 403), path


def test_a_second_name_beside_the_right_one_is_refused(server: Sandbox) -> None:
    own = ("host", server.url.removeprefix("http://"))
    for both in ([own, ("host", "evil.example")], [("host", "evil.example"), own]):
        assert send(server, "/healthz", both).status in (400, 403)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1.2.3:{port}", "localhost:{port}", "[::1]:{port}"]
)
def test_every_name_of_this_machine_is_its_own(server: Sandbox, host: str) -> None:
    assert send(server, "/healthz", {"host": _at(server, host)}).status == 200


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", _MAKE),
        (
            "application/x-www-form-urlencoded",
            b"query=mutation{tagCreate(input:{name:%22a%22}){id}}",
        ),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n'
            + _MAKE
            + b'\r\n--b\r\ncontent-disposition: form-data; name="map"\r\n\r\n{}\r\n--b--\r\n',
        ),
    ],
)
@pytest.mark.parametrize(
    "source",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"referer": "http://evil.example/page"},
    ],
)
def test_a_form_of_a_foreign_page_changes_nothing(
    server: Sandbox, content_type: str, body: bytes, source: dict[str, str]
) -> None:
    before = ask(server, _TAGS)
    headers = {"content-type": content_type, **source}
    assert send(server, "/graphql", headers, method="POST", body=body).status == 403
    assert ask(server, _TAGS) == before


def test_a_clients_upload_needs_no_origin(server: Sandbox) -> None:
    files = {
        "operations": (None, '{"query": "{ __typename }"}'),
        "map": (None, "{}"),
    }
    with client(server) as http:
        assert http.post("/graphql", files=files).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "path",
    [
        "/graphql?query={__typename}",
        "/logout",
        "/scene/1/screenshot",
        "/downloads/00000000/x",
        "/css",
    ],
)
@pytest.mark.parametrize(
    "source",
    [
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
        {"referer": "https://evil.example/"},
        {"referer": "http://127.0.0.1:1/"},
    ],
)
def test_pictures_frames_and_links_of_other_pages_reach_nothing(
    server: Sandbox, path: str, source: dict[str, str]
) -> None:
    assert send(server, path, source).status == 403


def test_a_link_may_lead_to_a_page_and_its_own_page_to_everything(server: Sandbox) -> None:
    link = {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
        "referer": "https://docs.example/",
    }
    assert send(server, "/playground", link).status == 200
    assert send(server, "/", link).status == 200
    own = {"sec-fetch-site": "same-origin", "referer": f"{server.url}/playground"}
    assert send(server, "/scene/1/screenshot", own).status == 200
    assert send(server, "/scene/1/screenshot", {"referer": f"{server.url}/"}).status == 200
    typed = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}
    assert send(server, "/scene/1/screenshot", typed).status == 200


def test_its_pages_are_shown_in_no_frame_and_its_pictures_run_nothing(server: Sandbox) -> None:
    for path in ("/", "/playground"):
        page = send(server, path, {})
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "DENY"
    picture = send(server, "/scene/1/screenshot", {})
    assert "sandbox" in picture.headers["content-security-policy"]
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert picture.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_video_that_is_opened_in_a_browser_plays(tmp_path: Path) -> None:
    (tmp_path / "a.webm").write_bytes(b"a" * 100)
    with Sandbox(media=tmp_path) as server:
        run_job(server, "mutation { metadataScan(input: {}) }")
        video = send(server, "/scene/1/stream", {})
    assert video.headers["content-type"] == "video/webm"
    # A browser's player is a page around the video: in a sandbox it may not load it.
    assert "content-security-policy" not in video.headers
    assert video.headers["x-content-type-options"] == "nosniff"


def test_what_the_options_name_is_let_in() -> None:
    page = "http://localhost:5173"
    with Sandbox(allowed_hosts=["Stash.test"], allowed_origins=[f"{page}/"]) as server:
        assert send(server, "/healthz", {"host": "stash.test:80"}).status == 200
        assert send(server, "/healthz", {"host": "other.test"}).status == 403
        own = {"host": "stash.test", "origin": "http://stash.test"}
        assert send(server, "/healthz", own).status == 200
        assert _handshake(server, origin=page).status == 101
        assert _handshake(server, origin="http://localhost:5174").status == 403
        answered = send(
            server,
            "/graphql",
            {**_JSON, "origin": page},
            method="POST",
            body=b'{"query": "{ __typename }"}',
        )
        assert answered.status == 200
        assert answered.headers["access-control-allow-origin"] == page
        asked = {
            "origin": page,
            "access-control-request-method": "POST",
            "access-control-request-headers": "apikey, content-type",
        }
        preflight = send(server, "/graphql", asked, method="OPTIONS")
        assert preflight.status == 200
        assert "apikey" in preflight.headers["access-control-allow-headers"].lower()
        picture = {"sec-fetch-site": "same-site", "sec-fetch-dest": "image"}
        assert send(server, "/css", {**picture, "referer": f"{page}/x"}).status == 200
        assert send(server, "/css", {**picture, "referer": "http://localhost:1/"}).status == 403


@pytest.mark.parametrize("wrong", ["*", "http://a.test", "a/b", "", "a.test, b.test"])
def test_a_host_is_a_name(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a valid host"):
        Sandbox(allowed_hosts=[wrong])


@pytest.mark.parametrize(
    "wrong", ["*", "null", "localhost:5173", "http://*", "http://a.test/x", ""]
)
def test_an_origin_is_scheme_host_and_port(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a valid origin"):
        Sandbox(allowed_origins=[wrong])


def test_one_text_is_no_list_of_them() -> None:
    with pytest.raises(ValueError, match="a list of texts"):
        Sandbox(allowed_hosts="stash.test")


def _open(server: Sandbox) -> Any:
    return connect(
        server.url.replace("http", "ws") + "/graphql",
        subprotocols=[Subprotocol("graphql-transport-ws")],
        proxy=None,
        open_timeout=10,
    )


def test_sockets_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stash_typed.sandbox.web.websocket._MOST_SOCKETS", 2)
    with Sandbox() as server, _open(server), _open(server):
        with pytest.raises(InvalidStatus) as caught, _open(server):
            pass
        assert caught.value.response.status_code == 503


def test_operations_on_a_socket_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stash_typed.sandbox.web.websocket._MOST_OPERATIONS", 2)
    with Sandbox() as server, socket_to(server) as socket:
        for number in range(2):
            subscribe(socket, "subscription { jobsSubscribe { type } }", str(number))
        with pytest.raises(ConnectionClosed, match="4429"):
            subscribe(socket, "subscription { jobsSubscribe { type } }", "one too many")


def _send_and_hear(socket: Connection, text: str) -> None:
    socket.send(text)
    socket.recv(10)


def test_a_message_that_is_too_large_closes_its_socket_alone(server: Sandbox) -> None:
    with _open(server) as socket, pytest.raises(ConnectionClosed, match="1009"):
        _send_and_hear(socket, "[" + " " * (17 << 20))
    assert ask(server, "{ version { version } }")


@pytest.mark.anyio
@pytest.mark.parametrize(("host", "status"), [("in-process", 200), ("evil.example", 403)])
async def test_an_application_without_a_socket_has_the_name_in_its_url(
    host: str, status: int
) -> None:
    app = create_app()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://in-process") as http:
        reply = await http.get("/healthz", headers={"host": host})
    app.state.server.close()
    assert reply.status_code == status


@pytest.mark.parametrize("text", ["[" * 200_000, '{"type": ' * 100_000])
def test_a_message_of_brackets_closes_its_socket_alone(server: Sandbox, text: str) -> None:
    with _open(server) as socket:
        socket.send(text)
        with pytest.raises(ConnectionClosed, match="4400"):
            socket.recv(10)
    assert ask(server, "{ version { version } }")
