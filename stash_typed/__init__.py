"""The typed Python client for the Stash GraphQL API.

Each name is imported when it is first used: `import stash_typed` itself loads nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._runtime.base_model import UNSET as UNSET
    from ._runtime.base_model import UnsetType as UnsetType
    from ._runtime.upload import Upload as Upload
    from .client import StashClient as StashClient
    from .errors import StashError as StashError
    from .jobs.job import Job as Job
    from .select.selection import selection as selection
    from .sync.client import SyncStashClient as SyncStashClient
    from .sync.jobs import SyncJob as SyncJob

__version__ = "0.1.0"

_MODULES = {
    "UNSET": "._runtime.base_model",
    "UnsetType": "._runtime.base_model",
    "Upload": "._runtime.upload",
    "StashClient": ".client",
    "StashError": ".errors",
    "Job": ".jobs",
    "SyncJob": ".sync.jobs",
    "SyncStashClient": ".sync.client",
    "selection": ".select.selection",
}

if not TYPE_CHECKING:  # a checker would take any misspelt name for an object

    def __getattr__(name: str) -> object:
        """Import the module of a name the first time that it is used."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(_MODULES[name], __name__), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)


__all__ = [
    "UNSET",
    "Job",
    "StashClient",
    "StashError",
    "SyncJob",
    "SyncStashClient",
    "UnsetType",
    "Upload",
    "__version__",
    "selection",
]
