"""A file that came with a multipart request."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["UploadedFile"]


@dataclass(frozen=True)
class UploadedFile:
    """One part of a multipart request, read whole.

    Attributes:
        name: the file name that the client gave.
        content_type: its media type.
        data: its bytes.
    """

    name: str
    content_type: str
    data: bytes = field(repr=False)
