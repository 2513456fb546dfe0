"""Who may ask what: keys, cookies, sign-in, and the answers to everybody else."""

from __future__ import annotations

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from stash_typed.sandbox import Sandbox
from tests.sandbox.asking import ask, client, socket_to

_QUERY = {"query": "{ version { version } }"}
_LOGIN = {"username": "stash", "password": "correct horse"}


@pytest.fixture(scope="module", name="server")
def _server() -> object:
    with Sandbox(api_key="the-key", username="stash", password="correct horse") as server:
        yield server


def _is_refused(response: httpx.Response) -> bool:
    return (
        response.status_code == 401
        and response.content == b""
        and response.headers["www-authenticate"] == "FormBased"
        and "set-cookie" not in response.headers
    )


@pytest.mark.parametrize("path", ["/graphql", "/downloads/0/a.zip", "/scene/1/stream.mp4", "/x.js"])
def test_without_credentials_the_answer_is_an_empty_401(server: Sandbox, path: str) -> None:
    with client(server) as http:
        assert _is_refused(http.get(path))


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/", "%2F"),
        ("/playground", "%2Fplayground"),
        ("/scenes?q=a&page=2", "%2Fscenes%3Fq%3Da%26page%3D2"),
        ("/scene/1/screenshot", "%2Fscene%2F1%2Fscreenshot"),
    ],
)
def test_pages_lead_to_the_sign_in_page(server: Sandbox, path: str, back: str) -> None:
    with client(server) as http:
        response = http.get(path)
    assert response.status_code == 302
    assert response.headers["location"] == f"/login?returnURL={back}"


@pytest.mark.parametrize("path", ["/healthz", "/login", "/css"])
def test_some_paths_are_open(server: Sandbox, path: str) -> None:
    with client(server) as http:
        assert http.get(path).status_code == 200


def test_the_key_opens_as_header_and_as_parameter(server: Sandbox) -> None:
    with client(server) as http:
        assert http.post("/graphql", json=_QUERY, headers={"ApiKey": "the-key"}).is_success
        assert http.post("/graphql?apikey=the-key", json=_QUERY).is_success
        assert http.get("/playground?apikey=the-key").is_success


def test_a_wrong_key_is_refused_even_beside_a_good_cookie(server: Sandbox) -> None:
    with client(server) as http:
        assert http.post("/login", data=_LOGIN).is_success
        assert http.post("/graphql", json=_QUERY).is_success
        assert _is_refused(http.post("/graphql", json=_QUERY, headers={"ApiKey": "wrong"}))
        assert _is_refused(http.post("/graphql?apikey=wrong", json=_QUERY))


def test_a_wrong_key_is_refused_where_no_credentials_are_set() -> None:
    with Sandbox() as server, client(server) as http:
        assert http.post("/graphql", json=_QUERY).is_success
        assert _is_refused(http.post("/graphql", json=_QUERY, headers={"ApiKey": "any"}))


def test_where_no_credentials_are_set_any_name_signs_in() -> None:
    with Sandbox() as server, client(server) as http:
        response = http.post("/login", data={"username": "any", "password": "thing"})
        assert response.is_success
        assert "session" in response.cookies
        assert http.get("/login").headers["location"] == "/"


@pytest.mark.parametrize("field", ["username", "password"])
def test_wrong_credentials_do_not_sign_in(server: Sandbox, field: str) -> None:
    with client(server) as http:
        response = http.post("/login", data={**_LOGIN, field: "wrong"})
    assert response.status_code == 401
    assert response.text == "Username or password is invalid\n"
    assert "set-cookie" not in response.headers


def test_a_session_opens_and_each_answer_renews_it(server: Sandbox) -> None:
    with client(server) as http:
        first = http.post("/login", data=_LOGIN).headers["set-cookie"]
        assert "Max-Age=3600" in first
        assert "Path=/" in first
        assert "SameSite=Lax" in first
        second = http.post("/graphql", json=_QUERY).headers["set-cookie"]
        assert second.partition(";")[0] != first.partition(";")[0]
        assert http.get("/playground").is_success


def test_a_key_gets_no_cookie(server: Sandbox) -> None:
    with client(server, ApiKey="the-key") as http:
        assert "set-cookie" not in http.post("/graphql", json=_QUERY).headers


def test_an_altered_cookie_is_refused(server: Sandbox) -> None:
    with client(server) as http:
        http.post("/login", data=_LOGIN)
        good = http.cookies["session"]
        http.cookies.clear()
        for bad in (good[:-1] + ("0" if good[-1] != "0" else "1"), "", "x", "a.b", '"'):
            assert _is_refused(
                http.post("/graphql", json=_QUERY, headers={"cookie": f"session={bad}"})
            )


def test_a_session_ends_after_its_time() -> None:
    now = 1_800_000_000.0
    with (
        Sandbox(username="stash", password="correct horse", session_seconds=10) as server,
        client(server) as http,
    ):
        server.state.sessions.clock = lambda: now
        cookie = http.post("/login", data=_LOGIN).cookies["session"]
        headers = {"cookie": f"session={cookie}"}
        now += 9
        renewed = http.post("/graphql", json=_QUERY, headers=headers)
        assert renewed.is_success
        now += 9
        http.cookies.clear()
        assert _is_refused(http.post("/graphql", json=_QUERY, headers=headers))
        headers = {"cookie": renewed.headers["set-cookie"].partition(";")[0]}
        assert http.post("/graphql", json=_QUERY, headers=headers).is_success


def test_a_session_outlives_a_restart(server: Sandbox) -> None:
    with client(server) as http:
        http.post("/login", data=_LOGIN)
        server.restart()
        assert http.post("/graphql", json=_QUERY).is_success


def test_signing_out_takes_the_cookie_away(server: Sandbox) -> None:
    with client(server) as http:
        http.post("/login", data=_LOGIN)
        assert http.get("/logout").headers["location"] == "/login"
        assert "session" not in http.cookies
        assert _is_refused(http.post("/graphql", json=_QUERY))


def test_the_handshake_of_a_websocket_needs_credentials_too(server: Sandbox) -> None:
    with pytest.raises(InvalidStatus) as refused, socket_to(server):
        pass
    assert refused.value.response.status_code == 401
    with socket_to(server, ApiKey="the-key"):
        pass


def test_credentials_set_at_run_time_count_at_once() -> None:
    with Sandbox() as server, client(server) as http:
        ask(
            server,
            "mutation($input: ConfigGeneralInput!) { configureGeneral(input: $input)"
            " { username } }",
            input=_LOGIN,
        )
        assert _is_refused(http.post("/graphql", json=_QUERY))
        http.post("/login", data=_LOGIN)
        mutation = {"query": "mutation { generateAPIKey(input: {}) }"}
        first = http.post("/graphql", json=mutation).json()["data"]["generateAPIKey"]
        assert server.api_key == first
        second = http.post("/graphql", json=mutation).json()["data"]["generateAPIKey"]
        http.cookies.clear()
        assert _is_refused(http.post("/graphql", json=_QUERY, headers={"ApiKey": first}))
        assert http.post("/graphql", json=_QUERY, headers={"ApiKey": second}).is_success


def test_without_credentials_no_key_is_made() -> None:
    with Sandbox() as server:
        assert ask(server, "mutation { generateAPIKey(input: {}) }") == ""
        assert server.api_key is None


def test_a_key_alone_protects_the_server() -> None:
    with Sandbox(api_key="only") as server, client(server) as http:
        assert _is_refused(http.post("/graphql", json=_QUERY))
        assert http.post("/graphql", json=_QUERY, headers={"ApiKey": "only"}).is_success


def test_the_password_is_kept_as_a_hash(server: Sandbox) -> None:
    general = ask(server, "{ configuration { general { password apiKey username } } }")["general"]
    assert general["apiKey"] == "the-key"
    assert general["username"] == "stash"
    assert "correct horse" not in general["password"]
    assert "the-key" not in repr(server.state.options)
    assert "correct horse" not in repr(server.state.options)
