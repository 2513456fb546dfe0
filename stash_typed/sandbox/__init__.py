"""A stand-in Stash server on loopback, for trying things out and for tests (extra `sandbox`).

It answers with the real schema from a database of its own, and imports nothing of the client.
"""

from .options import Options
from .server import Sandbox, create_app, run

__all__ = ["Options", "Sandbox", "create_app", "run"]
