"""A testing kit for projects that use stash-typed. Its fixtures are in `stash_typed.pytest_plugin`."""

from .errors import StubError
from .fakes import fake
from .mock.answers import (
    Answer,
    connection_error,
    database_locked,
    graphql_error,
    http_status,
    recording,
    timeout,
    unauthorised,
)
from .mock.requests import MockRequest
from .mock.stash_mock import StashMock
from .mock.stub import Stub

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
