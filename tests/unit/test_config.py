"""Where settings come from, and which go first."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from stash_typed._runtime.auth.credentials import ApiKey, NoCredentials, Password, SessionCookie
from stash_typed.config import Config
from stash_typed.errors import ConfigurationError


def resolve(environ: dict[str, str] | None = None, **given: Any) -> Config:
    return Config.resolve(environ=environ or {}, **given)


def test_defaults() -> None:
    config = resolve()
    assert config.endpoint.url == "http://localhost:9999"
    assert config.credentials == NoCredentials()
    assert (config.timeout, config.verify, config.headers) == (30.0, True, {})


def test_the_environment(tmp_path: Path) -> None:
    certificates = tmp_path / "ca.pem"
    certificates.touch()
    config = resolve(
        {
            "STASH_URL": "nas:9999",
            "STASH_API_KEY": " abc\n",
            "STASH_TIMEOUT": "2.5",
            "STASH_VERIFY": f"{certificates}",
        }
    )
    assert config.endpoint.url == "http://nas:9999"
    assert config.credentials == ApiKey("abc")
    assert config.timeout == 2.5
    assert config.verify == f"{certificates}"


def test_empty_variables_are_not_set() -> None:
    names = ["URL", "API_KEY", "USERNAME", "PASSWORD", "VERIFY", "TIMEOUT"]
    assert resolve({f"STASH_{name}": "" for name in names}) == resolve()


def test_arguments_go_before_the_environment() -> None:
    config = resolve(
        {
            "STASH_URL": "nas:9999",
            "STASH_API_KEY": "abc",
            "STASH_TIMEOUT": "nonsense",
            "STASH_VERIFY": "nonsense",
        },
        url="other:9999",
        api_key="def",
        timeout=5,
        verify=False,
        headers={"X-Name": "value"},
    )
    assert config.endpoint.url == "http://other:9999"
    assert config.credentials == ApiKey("def")
    assert (config.timeout, config.verify, config.headers) == (5.0, False, {"X-Name": "value"})


def test_the_process_environment_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STASH_URL", "http://nas:1234")
    assert Config.resolve().endpoint.port == 1234


PAIR = {"STASH_USERNAME": "ada", "STASH_PASSWORD": "word"}
KEY = {"STASH_API_KEY": "abc"}


@pytest.mark.parametrize(
    ("environ", "given", "credentials"),
    [
        (PAIR, {}, Password("ada", "word")),
        ({**PAIR, **KEY}, {}, ApiKey("abc")),
        (PAIR, {"api_key": "def"}, ApiKey("def")),
        (KEY, {"username": "bob", "password": "pass"}, Password("bob", "pass")),
        (PAIR, {"username": "bob"}, Password("bob", "word")),
        (PAIR, {"password": "pass"}, Password("ada", "pass")),
        ({**PAIR, **KEY}, {"session_cookie": "c"}, SessionCookie("c")),
        ({}, {"session_cookie": "c", "api_key": "def"}, SessionCookie("c", ApiKey("def"))),
        (
            {},
            {"session_cookie": "c", "username": "bob", "password": "pass"},
            SessionCookie("c", Password("bob", "pass")),
        ),
    ],
)
def test_credentials_of_one_kind_keep_out_the_others(
    environ: dict[str, str], given: dict[str, Any], credentials: object
) -> None:
    assert resolve(environ, **given).credentials == credentials


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        (None, True),
        ("http://nas:9999/graphql", True),
        ("https://nas:9999", False),
        ("http://nas:9998", False),
        ("http://evil:9999", False),
    ],
)
def test_credentials_of_the_environment_belong_to_its_server(url: str | None, sent: bool) -> None:
    config = resolve({"STASH_URL": "http://nas:9999", **KEY}, url=url)
    assert isinstance(config.credentials, ApiKey) is sent
    assert sent or "STASH_URL" in config.credentials.note  # type: ignore[union-attr]  # no key, so none


def test_without_a_server_in_the_environment_its_credentials_are_for_any() -> None:
    assert resolve(KEY, url="http://nas:9999").credentials == ApiKey("abc")


@pytest.mark.parametrize(
    ("environ", "given", "says"),
    [
        ({"STASH_URL": "ftp://nas"}, {}, "STASH_URL"),
        ({"STASH_USERNAME": "ada"}, {}, "STASH_USERNAME is given without STASH_PASSWORD"),
        ({"STASH_PASSWORD": "word"}, {}, "STASH_PASSWORD is given without STASH_USERNAME"),
        ({}, {"username": "ada"}, "username=… is given without password=…"),
        ({}, {"password": "word"}, "password=… is given without username=…"),
        ({}, {"username": "", "password": ""}, "empty"),
        ({}, {"api_key": ""}, "api_key=…: the API key is empty"),
        ({"STASH_API_KEY": "ключ"}, {}, "STASH_API_KEY=…: the API key has characters"),
        (
            {"STASH_USERNAME": "ada", "STASH_PASSWORD": "word\ud800"},
            {},
            "STASH_USERNAME=… and STASH_PASSWORD=…: the password is not",
        ),
        ({}, {"session_cookie": ""}, "session cookie is empty"),
        ({}, {"api_key": "abc", "username": "ada"}, "both"),
        ({"STASH_TIMEOUT": "soon"}, {}, "STASH_TIMEOUT must be a number of seconds above 0"),
        ({"STASH_TIMEOUT": "-1"}, {}, "STASH_TIMEOUT"),
        ({"STASH_TIMEOUT": "nan"}, {}, "STASH_TIMEOUT"),
        ({}, {"timeout": 0}, "timeout must be"),
        ({}, {"timeout": math.nan}, "timeout must be"),
        ({"STASH_VERIFY": "/nowhere/ca.pem"}, {}, "STASH_VERIFY: there is no file"),
        ({}, {"verify": "/nowhere/ca.pem"}, "verify: there is no file"),
        ({}, {"headers": {"X": "a\r\nY: b"}}, "'X'"),
        ({}, {"headers": {"X": "ü"}}, "'X'"),
    ],
)
def test_nonsense_is_named(environ: dict[str, str], given: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        resolve(environ, **given)
    assert says in str(caught.value)
    assert "word" not in str(caught.value).replace("password", "").replace("PASSWORD", "")


@pytest.mark.parametrize("text", ["0", "false", "No", "OFF"])
def test_verification_is_turned_off(text: str) -> None:
    assert resolve({"STASH_VERIFY": text}).verify is False


@pytest.mark.parametrize("text", ["1", "true", "Yes", "ON", ""])
def test_verification_stays_on(text: str) -> None:
    assert resolve({"STASH_VERIFY": text}).verify is True


def test_infinity_waits_for_ever() -> None:
    assert resolve(timeout=math.inf).timeout is None
    assert resolve({"STASH_TIMEOUT": "inf"}).timeout is None


def test_nothing_secret_is_shown() -> None:
    config = resolve(api_key="s3cret-key", headers={"CF-Access": "s3cret-header"})
    assert "s3cret" not in repr(config)
