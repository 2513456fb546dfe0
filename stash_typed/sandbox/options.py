"""The options of a sandbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .origins import read_hosts, read_origins

StartStatus = Literal["OK", "SETUP", "NEEDS_MIGRATION"]


@dataclass(frozen=True)
class Options:
    """The options of a sandbox; `Sandbox` documents each.

    Raises:
        ValueError: only one of username and password is given, or a host or an origin is none.
    """

    scenes: int = 0
    seed: int = 1
    api_key: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    data: Path | None = None
    media: tuple[Path, ...] = ()
    schema: str | Path | None = None
    session_seconds: float = 3600.0
    download_seconds: float = 30.0
    step_seconds: float = 0.0
    offline: bool = False
    status: StartStatus = "OK"
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    allowed_folders: tuple[Path, ...] = ()
    allow_delete: bool = False

    def __post_init__(self) -> None:
        if (self.username is None) != (self.password is None):
            raise ValueError("give username and password together, or neither")
        read_hosts(self.allowed_hosts)
        read_origins(self.allowed_origins)
