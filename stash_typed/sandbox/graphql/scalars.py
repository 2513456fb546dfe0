"""The schema's scalars as the sandbox reads and writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ariadne import ScalarType
from graphql import GraphQLError

from ..clock import format_time

_time = ScalarType("Time")
_timestamp = ScalarType("Timestamp")
_int64 = ScalarType("Int64")
_upload = ScalarType("Upload")

SCALARS = (_time, _timestamp, _int64, _upload)
"""What needs code; Any, Map, BoolMap and PluginConfigMap pass JSON through as it is."""


@_time.serializer
@_timestamp.serializer
def _write_time(value: Any) -> str:
    return format_time(value) if isinstance(value, datetime) else str(value)


@_int64.serializer
def _write_int64(value: Any) -> int:
    return int(value)


@_int64.value_parser
def _read_int64(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise GraphQLError(f"{type(value).__name__} is not an int")
    return int(value)


@_upload.value_parser
def _read_upload(value: Any) -> bytes:
    # What a multipart request brings: no JSON has bytes.
    if not isinstance(value, bytes):
        raise GraphQLError("is not an Upload")
    return value
