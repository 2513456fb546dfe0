"""The sandbox's data in SQLite: declarations of the kinds, finders, and the rules of each kind.

Every other folder may import it; it knows of no GraphQL, no HTTP and no files on disk.
"""

from __future__ import annotations

from .changes import Changes, ListChange
from .files import FileFacts
from .items import Item, Page
from .store import Store

__all__ = ["Changes", "FileFacts", "Item", "ListChange", "Page", "Store"]
