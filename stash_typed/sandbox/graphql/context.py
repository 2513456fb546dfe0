"""The context of every resolver: `info.context`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import GraphQLResolveInfo

from ..errors import NotSetUpError
from ..jobs import Jobs
from ..state import ServerState
from ..store import Store

Info = GraphQLResolveInfo
Input = Mapping[str, Any]


@dataclass(frozen=True)
class SandboxContext:
    state: ServerState
    request_base_url: str  # URLs in responses start with it; no trailing slash

    @property
    def api_key_for_links(self) -> str | None:
        """The server's key, which stream URLs carry; None if none is set."""
        return self.state.config.api_key or None

    @property
    def store(self) -> Store:
        """The data; raises NotSetUpError while there is none."""
        if self.state.store is None:
            raise NotSetUpError
        return self.state.store

    @property
    def jobs(self) -> Jobs:
        return self.state.jobs


def context_of(info: Info) -> SandboxContext:
    return cast("SandboxContext", info.context)
