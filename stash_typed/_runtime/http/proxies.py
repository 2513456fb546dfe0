"""The proxy of a connection and the setting that names it, for error messages."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, urlsplit

import httpx

from ..errors import ConfigurationError
from .course import Course

_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "ws_proxy", "wss_proxy", "socks_proxy")
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080, "socks4": 1080, "socks": 1080}


@dataclass(frozen=True)
class Proxy:
    """`variables` of the environment name it, or else the httpx client of the caller does."""

    address: str
    variables: str | None
    reached: bool = False

    @property
    def hint(self) -> str:
        if self.variables is None:
            return "Check the proxy of the http_client."
        return f"Check {self.variables}, or name the server's host in NO_PROXY."


def proxy_of(course: Course, url: str) -> Proxy | None:
    """Return the proxy that a request went to, or was to go to, if any."""
    if course.tried is None:
        return None
    target = httpx.URL(url)
    own = (target.raw_host.decode("ascii"), target.port or _PORTS.get(target.scheme))
    if course.tried == own:
        return None
    reached = course.wants != "connection" or course.secured == own[0]
    return replace(_named(*course.tried), reached=reached)


def websocket_proxy(url: str) -> Proxy | None:
    """Return the proxy that websockets takes for a url, if any."""
    from urllib.request import getproxies, proxy_bypass

    target = urlsplit(url)
    if proxy_bypass(f"{target.hostname}:{target.port or _PORTS['http']}"):
        return None
    proxies = getproxies()
    schemes = (
        ("wss", "socks", "https") if target.scheme == "wss" else ("ws", "socks", "https", "http")
    )
    for scheme in schemes:
        if scheme in proxies and (found := _split(proxies[scheme])) is not None:
            return _named(*found)
    return None


def proxy_error(error: Exception, url: str) -> ConfigurationError:
    return ConfigurationError(
        f"the proxy cannot be used: {error}",
        url=url,
        hint="Check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY in the environment.",
    )


def _named(host: str, port: int) -> Proxy:
    naming = [
        name
        for name, value in os.environ.items()
        if name.lower() in _VARIABLES and _split(value) == (host.lower(), port)
    ]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return Proxy(address, " and ".join(naming) or None)


def _split(proxy: str) -> tuple[str, int] | None:
    try:
        parts: SplitResult = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        port = parts.port or _PORTS.get(parts.scheme, 80)
    except ValueError:
        return None
    return None if parts.hostname is None else (parts.hostname, port)
