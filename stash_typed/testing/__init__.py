"""A testing kit for projects that use stash-typed. Its fixtures are in `stash_typed.pytest_plugin`."""

from __future__ import annotations

from .answers import (
    Answer,
    connection_error,
    database_locked,
    graphql_error,
    http_status,
    timeout,
    unauthorised,
)
from .errors import StubError
from .fakes import fake
from .mock import StashMock
from .recordings import recording
from .requests import MockRequest
from .stubs import Stub

__all__ = [
    "Answer",
    "MockRequest",
    "StashMock",
    "Stub",
    "StubError",
    "connection_error",
    "database_locked",
    "fake",
    "graphql_error",
    "http_status",
    "recording",
    "timeout",
    "unauthorised",
]
