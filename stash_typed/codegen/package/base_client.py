"""Stands in the generated package for the base client that ariadne-codegen would write there."""

from stash_typed._runtime.base_client import AsyncBaseClient as _AsyncBaseClient


class AsyncBaseClient(_AsyncBaseClient):
    """What a generated client stands on: the connection, and nothing of its own."""
