"""The schema's scalars as the sandbox reads and writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from graphql import GraphQLError

from ..clock import format_time


def _write_time(value: Any) -> str:
    return format_time(value) if isinstance(value, datetime) else str(value)


def _read_int64(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise GraphQLError(f"{type(value).__name__} is not an int")
    return int(value)


def _read_upload(value: Any) -> bytes:
    # Only a multipart request carries bytes.
    if not isinstance(value, bytes):
        raise GraphQLError("is not an Upload")
    return value


SCALARS: Mapping[str, Mapping[str, Callable[[Any], object]]] = {
    "Time": {"serialize": _write_time},
    "Timestamp": {"serialize": _write_time},
    "Int64": {"serialize": int, "parse_value": _read_int64},
    "Upload": {"parse_value": _read_upload},
}
"""Scalars that need code; Any, Map, BoolMap and PluginConfigMap pass JSON through unchanged."""
