"""Finding objects: filters, search, sorting and paging, as a table for each kind.

A module for each kind registers its finder.
"""

from __future__ import annotations

from . import files, galleries, groups, images, markers, performers, scenes, studios, tags
from .finder import FINDERS, Finder
from .query import Found, find

__all__ = ["FINDERS", "Finder", "Found", "find"]

_REGISTERED = (files, galleries, groups, images, markers, performers, scenes, studios, tags)
