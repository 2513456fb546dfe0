"""Parsing a multipart body held in memory."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from typing import cast


@dataclass(frozen=True)
class Part:
    """One part; `filename` is None if it is not a file."""

    name: str
    content: bytes
    filename: str | None
    content_type: str


def read_parts(content_type: str, content: bytes) -> list[Part]:
    """Return the parts of a body in order; none if it does not match its header."""
    message = BytesParser().parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + content)
    if not message.is_multipart():
        return []
    return [
        Part(
            str(part.get_param("name", header="content-disposition")),
            cast("bytes", part.get_payload(decode=True)),
            part.get_filename(),
            part.get_content_type(),
        )
        for part in cast("list[Message[str, str]]", message.get_payload())
    ]
