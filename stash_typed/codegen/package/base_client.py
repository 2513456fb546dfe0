"""The base client, which connects generated clients to the runtime."""

from stash_typed._runtime.base_client import AsyncBaseClient as _AsyncBaseClient


class AsyncBaseClient(_AsyncBaseClient):
    """The base class of the generated client."""
