"""One HTTP request and its reply, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .multipart import MultipartBody
    from .stash_error import Where


@dataclass(frozen=True)
class Outgoing:
    """What is sent: `operation` names it in errors and logs, `own` means to the client's own server."""

    operation: str
    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes | MultipartBody | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    cookie: str | None = field(default=None, repr=False)
    own: bool = True
    download: bool = False

    @property
    def uploads(self) -> bool:
        return not isinstance(self.content, (bytes, type(None)))

    @property
    def where(self) -> Where:
        return {"operation": self.operation, "url": self.url}


@dataclass(frozen=True)
class Reply:
    """An HTTP response; a download's content stays with the transport."""

    status: int
    content: bytes = field(default=b"", repr=False)
    content_type: str = ""
    location: str | None = field(default=None, repr=False)
    set_cookies: tuple[str, ...] = field(default=(), repr=False)
