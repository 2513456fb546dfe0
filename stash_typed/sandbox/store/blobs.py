"""Images kept in the database, each once, under the checksum of its bytes."""

from __future__ import annotations

import hashlib

from .database import Database
from .kind import Kind
from .kinds import KINDS

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


def media_type(data: bytes) -> str:
    """Tell an image's media type by its first bytes, as the server does before it sends one."""
    for start, name in _SIGNATURES:
        if data.startswith(start):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    try:
        data[:512].decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "image/svg+xml"


def read_blob(database: Database, kind: Kind, key: int, name: str) -> bytes | None:
    data: bytes | None = database.value(
        f"select b.blob from {kind.table} o join blobs b on b.checksum = o.{kind.blobs[name]}"
        " where o.id = ?",
        (key,),
    )
    return data


def write_blob(database: Database, kind: Kind, key: int, name: str, data: bytes | None) -> None:
    """Set an object's image, or take it away; call it inside a transaction."""
    column = kind.blobs[name]
    old = database.value(f"select {column} from {kind.table} where id = ?", (key,))
    checksum = None
    if data:
        checksum = hashlib.md5(data, usedforsecurity=False).hexdigest()
        database.execute(
            "insert into blobs (checksum, blob) values (?, ?) on conflict do nothing",
            (checksum, data),
        )
    database.update(kind.table, key, {column: checksum})
    if old is not None and old != checksum:
        drop_unused(database, old)


def drop_unused(database: Database, checksum: str) -> None:
    for kind in KINDS.values():
        for column in kind.blobs.values():
            if database.row(f"select 1 from {kind.table} where {column} = ?", (checksum,)):
                return
    database.execute("delete from blobs where checksum = ?", (checksum,))
