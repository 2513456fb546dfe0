"""The sandbox's data, kept in SQLite."""

from __future__ import annotations

from .changes import Changes, ListChange
from .files import FileFacts
from .items import Item, Page
from .store import Store

__all__ = ["Changes", "FileFacts", "Item", "ListChange", "Page", "Store"]
