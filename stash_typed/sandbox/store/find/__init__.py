"""How objects are found: filters, search, sorting and paging, each kind's as a table of data."""

from __future__ import annotations

from .files import FILES, FOLDERS
from .finder import FINDERS, Finder
from .galleries import GALLERIES
from .groups import GROUPS
from .images import IMAGES
from .markers import MARKERS
from .performers import PERFORMERS
from .query import Found, find
from .scenes import SCENES
from .studios import STUDIOS
from .tags import TAGS

__all__ = [
    "FILES",
    "FINDERS",
    "FOLDERS",
    "GALLERIES",
    "GROUPS",
    "IMAGES",
    "MARKERS",
    "PERFORMERS",
    "SCENES",
    "STUDIOS",
    "TAGS",
    "Finder",
    "Found",
    "find",
]
