"""A stand-in Stash server on loopback, for trying things out and for tests (extra `sandbox`)."""

from __future__ import annotations

from .server import Sandbox, run

__all__ = ["Sandbox", "run"]
