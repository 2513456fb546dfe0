"""What every resolver has at hand as `info.context`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from graphql import GraphQLResolveInfo

from ..errors import NotSetUpError

if TYPE_CHECKING:
    from ..jobs import Jobs
    from ..state import ServerState
    from ..store import Store

__all__ = ["SandboxContext", "context_of"]


@dataclass(frozen=True)
class SandboxContext:
    """One request's view of the server.

    Attributes:
        state: the server: configuration, sessions, logs, faults.
        request_base_url: scheme, host and base path as the request has them, without a slash at
            the end; links in answers are built from it.
        api_key_for_links: the server's key, carried by stream links; None where none is set.
    """

    state: ServerState
    request_base_url: str
    api_key_for_links: str | None

    @property
    def store(self) -> Store:
        """The data.

        Raises:
            NotSetUpError: the server was not set up yet.
        """
        if self.state.store is None:
            raise NotSetUpError
        return self.state.store

    @property
    def jobs(self) -> Jobs:
        """The task queue."""
        return self.state.jobs


def context_of(info: GraphQLResolveInfo) -> SandboxContext:
    """Give the context of a resolver's `info`, typed."""
    return cast("SandboxContext", info.context)
