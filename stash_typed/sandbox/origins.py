"""Hosts and origins, from headers and options."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

T = TypeVar("T")

_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[^\s\[\]:/?#@\\]+)(?::(\d{1,5}))?", re.ASCII)
_ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*)://([^\s/?#@\\]+)/?", re.ASCII)
_PORTS = {"http": 80, "https": 443}


class Host(NamedTuple):
    """The value of a `Host` header: a name or address without brackets, and any port."""

    name: str
    port: int | None

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine, under a name that cannot be pointed elsewhere."""
        if self.name == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.name).is_loopback
        except ValueError:
            return False


def read_host(text: str) -> Host | None:
    """Parse a host with or without a port; return None if it is not one."""
    match = _AUTHORITY.fullmatch(text.strip().lower())
    if match is None:
        return None
    return Host(match[1].strip("[]"), None if match[2] is None else int(match[2]))


def read_origin(text: str) -> str | None:
    """Parse an origin, without a default port; return None if it is not one, such as `null`."""
    match = _ORIGIN.fullmatch(text.strip().lower())
    if match is None:
        return None
    scheme, authority = match[1], match[2]
    port = f":{_PORTS.get(scheme)}"
    return f"{scheme}://{authority.removesuffix(port)}"


def may_ask(origin: str, host: Host) -> bool:
    """Whether an origin (of `read_origin`) is that of the server it sends requests to.

    A page of this machine on another port belongs to another program.
    """
    scheme, _, authority = origin.partition("://")
    page = read_host(authority)
    if scheme not in _PORTS or page is None:
        return False
    same_port = (page.port or _PORTS[scheme]) == (host.port or _PORTS[scheme])
    return same_port and (page.name == host.name or (page.is_loopback and host.is_loopback))


def read_hosts(names: Iterable[str]) -> frozenset[str]:
    """Parse host names such as `stash.test` that a sandbox answers to; ports are ignored."""
    hosts = _read_all(names, read_host, "host: give a name such as stash.test")
    return frozenset(host.name for host in hosts)


def read_origins(origins: Iterable[str]) -> frozenset[str]:
    """Parse the origins of pages that may use a sandbox, such as `http://localhost:5173`."""
    wanted = "origin: give scheme, host and port such as http://localhost:5173"
    return frozenset(_read_all(origins, read_origin, wanted))


def _read_all(texts: Iterable[str], read: Callable[[str], T | None], wanted: str) -> Iterator[T]:
    for text in texts:
        found = read(text)
        if found is None or "*" in text:
            raise ValueError(f"{text!r} is not a valid {wanted}")
        yield found
