"""One url, as people write it, and every address that follows from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stash_typed._runtime.endpoint import Endpoint
from stash_typed.errors import ConfigurationError, StashError


@pytest.mark.parametrize(
    ("given_url", "url"),
    [
        ("http://localhost:9999", "http://localhost:9999"),
        ("http://localhost:9999/", "http://localhost:9999"),
        ("nas:9999", "http://nas:9999"),
        ("nas", "http://nas"),
        (" nas:9999 \n", "http://nas:9999"),
        ("NAS:9999", "http://nas:9999"),
        ("HTTPS://Host/Stash/", "https://host/Stash"),
        ("https://host:443/stash", "https://host/stash"),
        ("http://host:80", "http://host"),
        ("http://nas:9999/graphql", "http://nas:9999"),
        ("http://nas:9999/graphql/", "http://nas:9999"),
        ("https://host/stash/graphql", "https://host/stash"),
        ("https://host/stash/playground", "https://host/stash"),
        ("http://nas:9999/login?returnURL=%2F", "http://nas:9999"),
        ("http://[::1]:9999", "http://[::1]:9999"),
        ("[::1]:9999", "http://[::1]:9999"),
        ("::1", "http://[::1]"),
        ("192.168.1.4:9999", "http://192.168.1.4:9999"),
        ("my_stash.lan:9999/stash", "http://my_stash.lan:9999/stash"),
        ("http://bücher.example:9999", "http://xn--bcher-kva.example:9999"),
    ],
)
def test_urls_as_people_write_them(given_url: str, url: str) -> None:
    assert Endpoint.parse(given_url).url == url


@pytest.mark.parametrize(
    ("given_url", "says"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("http://my nas:9999", "characters that no url has"),
        ("http://nas\\x:9999", "characters that no url has"),
        ("ftp://nas", "ftp://"),
        ("file:///etc/hosts", "file://"),
        ("http://", "no host"),
        ("http://:9999", "no host"),
        ("http://nas:99999", "out of range"),
        ("http://nas:0", "port 0"),
        ("http://nas:abc", "port"),
        ("http://[::1", "IPv6"),
        ("http://na$s:9999", "host name"),
        ("http://»", "host name"),
        ("http://☃.example", "host name"),
        ("http://xn--a.example", "host name"),
        ("http://nas/\x80", "characters"),
        ("http://nas/\u202e", "characters"),
        ("http://nas:9999?x=1", "query"),
        ("http://me:s3cret@nas:9999", "user or password"),
        ("http://nas:9999?apikey=s3cret", "API key"),
        ("http://nas:9999/login?apikey=s3cret", "API key"),
    ],
)
def test_nonsense_is_refused_with_what_was_given(given_url: str, says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Endpoint.parse(given_url)
    text = str(caught.value)
    assert says.lower() in text.lower()
    assert "s3cret" not in text
    assert "http://localhost:9999" in text or "=…" in text


def test_every_address() -> None:
    endpoint = Endpoint.parse("https://host/stash")
    assert endpoint.graphql_url == "https://host/stash/graphql"
    assert endpoint.playground_url == "https://host/stash/playground"
    assert endpoint.login_url == "https://host/stash/login"
    assert endpoint.websocket_url == "wss://host/stash/graphql"
    assert endpoint.origin == ("https", "host", 443)
    assert Endpoint.parse("nas:9999").websocket_url == "ws://nas:9999/graphql"


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("http://nas:9999/downloads/x", True),
        ("HTTP://NAS:9999", True),
        ("https://nas:9999/downloads/x", False),
        ("http://nas/downloads/x", False),
        ("http://nas:9998", False),
        ("http://nas.evil:9999", False),
        ("http://nas:9999@evil/x", False),
        ("http://evil/?http://nas:9999", False),
        ("//nas:9999/x", False),
        ("/downloads/x", False),
        ("http://nas:bad/", False),
    ],
)
def test_origins(url: str, same: bool) -> None:
    assert Endpoint.parse("http://nas:9999").is_same_origin(url) is same


def test_the_default_port_is_the_same_origin() -> None:
    assert Endpoint.parse("https://host").is_same_origin("https://host:443/x")


@pytest.mark.parametrize(
    ("base", "link", "rebased"),
    [
        ("nas:9999", "http://localhost:9999/downloads/t/n", "http://nas:9999/downloads/t/n"),
        ("nas:9999", "/scene/1/screenshot?t=1", "http://nas:9999/scene/1/screenshot?t=1"),
        ("nas:9999", "http://x/s/1/stream?apikey=K&resolution=LOW", "http://nas:9999/s/1/stream?resolution=LOW"),
        ("nas:9999", "http://x/s?a=%26&APIKEY=K", "http://nas:9999/s?a=%26"),
        ("nas:9999", "http://x/s?apikey=K", "http://nas:9999/s"),
        ("https://h/stash", "http://x/stash/d/t", "https://h/stash/d/t"),
        ("https://h/stash", "http://x/d/t", "https://h/stash/d/t"),
        ("https://h/stash", "http://x/stashed/t", "https://h/stash/stashed/t"),
        ("nas:9999", "//evil/x", "http://nas:9999/x"),
    ],
)  # fmt: skip
def test_links_come_home(base: str, link: str, rebased: str) -> None:
    assert Endpoint.parse(base).rebase(link) == rebased


@pytest.mark.parametrize("link", ["", "http://nas", "downloads/x", "http://[x/y"])
def test_a_link_without_a_path_is_refused(link: str) -> None:
    with pytest.raises(ConfigurationError):
        Endpoint.parse("nas").rebase(link)


@given(st.text(max_size=60))
def test_any_text_is_an_endpoint_or_a_clear_error(text: str) -> None:
    try:
        endpoint = Endpoint.parse(text)
    except StashError:
        return
    assert Endpoint.parse(endpoint.url) == endpoint
    assert endpoint.is_same_origin(endpoint.graphql_url)
