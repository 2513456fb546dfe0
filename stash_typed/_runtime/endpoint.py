"""The addresses of a server, all derived from one URL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from .errors import ConfigurationError
from .foreign_text import one_line
from .redact import redact_url

_EXAMPLE = "Give the base url of the server, for instance http://localhost:9999 or nas:9999."
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST = re.compile(r"[A-Za-z0-9._~-]+")
_V6_HOST = re.compile(r"[0-9A-Fa-f:.]+(?:%25[A-Za-z0-9._~-]+)?")
_PAGES = ("/graphql", "/playground", "/login")
_LONGEST_LINK = 8192
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def _wrong(url: str, reason: str, hint: str = _EXAMPLE) -> ConfigurationError:
    return ConfigurationError(f"{_shown(url)!r} is not a url of a server: {reason}", hint=hint)


def _shown(url: str) -> str:
    """Return a malformed URL without anything before an @, wherever that is."""
    before, at, host = url.rpartition("@")
    scheme = _SCHEME.match(before)
    return one_line(redact_url(f"{scheme.group() if scheme else ''}***@{host}" if at else url))


def _split(text: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  (raises as well)
        return parts
    except ValueError as error:
        reason = "it holds a user or password" if "@" in text else f"{error}".lower()
    # Not raised from that error: it takes a password with a slash in it for a port, and quotes it.
    raise _wrong(url, reason)


def _ascii_host(host: str, url: str) -> str:
    try:
        host = host.lower() if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _wrong(url, "its host name is not valid") from None
    if "xn--" in host:
        # httpx reads such a name once more, by stricter rules, with each request.
        import httpx

        try:
            httpx.URL(f"http://{host}").host  # noqa: B018  (raises)
        except (UnicodeError, httpx.InvalidURL):
            raise _wrong(url, "its host name is not valid") from None
    return host


@dataclass(frozen=True)
class Endpoint:
    """The addresses of one server, created by `Endpoint.parse`."""

    scheme: str
    host: str
    port: int
    base_path: str = ""

    @classmethod
    def parse(cls, url: str) -> Endpoint:
        """Parse a URL as people write it; raise ConfigurationError if it contains a secret."""
        text = url.strip()
        if not text:
            raise ConfigurationError("the url of the server is empty", hint=_EXAMPLE)
        if re.search(r"[\s\\<>\"^`{|}]", text) or not text.isprintable():
            raise _wrong(url, "it has characters that no url has")
        if not _SCHEME.match(text):
            bare_v6 = text.count(":") > 1 and "[" not in text and _V6_HOST.fullmatch(text)
            text = f"http://[{text}]" if bare_v6 else f"http://{text}"
        parts = _split(text, url)
        host, port = parts.hostname, parts.port
        scheme = parts.scheme.lower()
        if scheme not in ("http", "https"):
            raise _wrong(url, f"it begins with {scheme}://, a server speaks http:// or https://")
        if "@" in parts.netloc:
            raise _wrong(
                url,
                "it holds a user or password",
                "Leave them out of the url and give username=… and password=… instead.",
            )
        if not host:
            raise _wrong(url, "it names no host")
        host = host if ":" in host else _ascii_host(host, url)
        if not (_V6_HOST if ":" in host else _HOST).fullmatch(host):
            raise _wrong(url, "its host name is not valid")
        if port == 0:
            raise _wrong(url, "port 0 cannot be dialled")
        return cls(
            scheme,
            host,
            _DEFAULT_PORTS[scheme] if port is None else port,
            _base_path(parts.path, parts.query, url),
        )

    @property
    def authority(self) -> str:
        """The host and port as in a URL, the port only if it is not the scheme's default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.base_path}"

    @property
    def graphql_url(self) -> str:
        return f"{self.url}/graphql"

    @property
    def playground_url(self) -> str:
        return f"{self.url}/playground"

    @property
    def login_url(self) -> str:
        return f"{self.url}/login"

    @property
    def websocket_url(self) -> str:
        return f"{'wss' if self.scheme == 'https' else 'ws'}{self.graphql_url[len(self.scheme) :]}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """The origin to which credentials may be sent."""
        return (self.scheme, self.host, self.port)

    def is_same_origin(self, url: str) -> bool:
        """Whether a URL belongs to this server, so that credentials may be sent to it."""
        try:
            parts = urlsplit(url)
            port = parts.port
            host = _ascii_host(parts.hostname or "", url)
        except ValueError:
            return False
        scheme = parts.scheme.lower()
        return (scheme, host, port or _DEFAULT_PORTS.get(scheme)) == self.origin

    def rebase(self, link: str) -> str:
        """Return a URL from the server so that it can be reached from here.

        The server builds URLs from the request's host, which may be unreachable behind a proxy or
        in a container. The API key that it adds to some is removed: it is sent in a header."""
        try:
            link.encode()
            parts = urlsplit(link)
        except ValueError:
            raise _wrong(link, "it cannot be read", "Give a link as the server gave it.") from None
        if len(link) > _LONGEST_LINK:
            raise _wrong(link, "it is too long", "Give a link as the server gave it.")
        if not parts.path.startswith("/"):
            raise _wrong(link, "it has no path", "Give a link as the server gave it.")
        query = _keyless(parts.query)
        below = parts.path == self.base_path or parts.path.startswith(f"{self.base_path}/")
        path = parts.path if below else f"{self.base_path}{parts.path}"
        origin = f"{self.scheme}://{self.authority}"
        return f"{origin}{path}?{query}" if query else f"{origin}{path}"


def without_key(link: str) -> str:
    """Remove the API key from a URL: it is sent in a header, and only to its own server."""
    base, mark, query = link.partition("?")
    return f"{base}{mark}{_keyless(query)}".rstrip("?")


def _keyless(query: str) -> str:
    return "&".join(
        pair
        for pair in query.split("&")
        if pair and unquote(pair.partition("=")[0]).lower() != "apikey"
    )


def _base_path(path: str, query: str, url: str) -> str:
    base = path.rstrip("/")
    for page in _PAGES:
        if base.endswith(page):
            base = base[: -len(page)].rstrip("/")
            query = urlencode([pair for pair in parse_qsl(query) if pair[0].lower() == "apikey"])
            break
    if any(name.lower() == "apikey" for name, _ in parse_qsl(query, keep_blank_values=True)):
        raise _wrong(url, "it holds an API key", "Leave it out of the url and give api_key=….")
    if query:
        raise _wrong(url, "it has a query (…?…)")
    return base
