"""Mapping between paths on the server and paths on this machine: `/data` in a container, `/mnt/media` outside."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from ._runtime.errors import ConfigurationError
from ._runtime.foreign_text import one_line

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["PathMap"]

_VARIABLE = "STASH_PATH_MAP"
_WINDOWS = re.compile(r"[A-Za-z]:(?:[\\/]|$)|\\\\")
_MEANS_MORE_ON_WINDOWS = re.compile(r"[\\/:]")


class PathMap:
    """A mapping from folders on the server to folders on this machine.

    Either side may be Windows (`D:\\media`, `\\\\nas\\media`) or POSIX, whatever this machine is; a
    path on Windows is compared without regard to upper and lower case. The longest folder that
    contains a path is used, and only whole names count: `/data` does not contain `/database`.

    A map without folders leaves every path unchanged: server and client see the same disks.
    """

    def __init__(
        self, folders: Mapping[str, str | os.PathLike[str]], *, strict: bool = True
    ) -> None:
        """Create a map.

        Args:
            folders: folders here by folders of the server, all of them absolute; `~` stands for
                the home folder here.
            strict: whether a path outside all folders is an error; otherwise it stays unchanged.

        Raises:
            ConfigurationError: a folder is not absolute, or is given twice.
        """
        self._strict = strict
        self._pairs = [
            (_folder(server), _folder(os.path.expanduser(local)))
            for server, local in folders.items()
        ]
        servers = [server for server, _ in self._pairs]
        for server in servers:
            if servers.count(server) > 1:
                raise ConfigurationError(f"the path map has the folder {str(server)!r} twice")

    def __repr__(self) -> str:
        return f"PathMap({ {str(server): str(local) for server, local in self._pairs}!r})"

    @classmethod
    def parse(cls, text: str | None = None, *, strict: bool = True) -> Self:
        """Parse a map from a text such as `/data=/mnt/media;/more=/srv/more`.

        Args:
            text: the folders, the server's first; by default the value of STASH_PATH_MAP, and
                an empty map if that is not set.
            strict: as for the class.

        Returns:
            The map.

        Raises:
            ConfigurationError: an entry is not two absolute folders with `=` between.
        """
        text = os.environ.get(_VARIABLE, "") if text is None else text
        folders: dict[str, str] = {}
        for entry in filter(None, map(str.strip, text.split(";"))):
            server, equals, local = (part.strip() for part in entry.partition("="))
            if not (server and equals and local):
                raise ConfigurationError(
                    f"{entry!r} is not an entry of a path map",
                    hint=f"Write {_VARIABLE}=SERVER=HERE;SERVER=HERE, such as /data=/mnt/media.",
                )
            if server in folders:
                raise ConfigurationError(f"the path map has the folder {server!r} twice")
            folders[server] = local
        return cls(folders, strict=strict)

    def to_local(self, path: str) -> Path:
        """Return the local path of a file on the server.

        Args:
            path: an absolute path as the server gives it, such as `scene.files[0].path`.

        Returns:
            Its path on this machine; it need not exist.

        Raises:
            ConfigurationError: the path is in no folder of the map, or leads out of one.
        """
        return Path(self._moved(path, _pure(path), self._pairs))

    def to_server(self, path: str | os.PathLike[str]) -> str:
        """Return the path on the server of a local file.

        Args:
            path: a local path; a relative one starts at the working folder.

        Returns:
            Its path on the server, as `scan(paths=[…])` takes it.

        Raises:
            ConfigurationError: as for `to_local`.
        """
        given: str = os.fspath(path)
        text = os.path.expanduser(given)
        if os.name == "nt" or not _WINDOWS.match(text):
            text = _absolute(text)
        return self._moved(text, _pure(text), [(local, server) for server, local in self._pairs])

    def _moved(self, text: str, path: PurePath, pairs: Iterable[tuple[PurePath, PurePath]]) -> str:
        fitting = [pair for pair in pairs if _contains(pair[0], path)]
        if not fitting:
            if self._pairs and self._strict:
                raise self._refused(
                    text, "lies in no folder of", f"Add its folder to the map (or to {_VARIABLE})."
                )
            return text
        start, target = max(fitting, key=lambda pair: len(pair[0].parts))
        names = path.parts[len(start.parts) :]
        if ".." in names:
            raise self._refused(text, "has '..' in it, and may lead out of the folders of")
        if isinstance(target, PureWindowsPath) and any(map(_MEANS_MORE_ON_WINDOWS.search, names)):
            raise self._refused(text, "has names that Windows cannot have, with")
        return str(target.joinpath(*names))

    def _refused(self, path: str, reason: str, hint: str | None = None) -> ConfigurationError:
        return ConfigurationError(f"{one_line(path)!r} {reason} the path map {self!r}", hint=hint)


def _absolute(path: str) -> str:
    try:
        return os.path.abspath(path)
    except OSError as error:
        raise ConfigurationError(
            f"{one_line(path)!r} is relative, and there is no working folder any more",
            hint="Give the path from the root on.",
        ) from error


def _pure(path: str) -> PurePath:
    return PureWindowsPath(path) if _WINDOWS.match(path) else PurePosixPath(path)


def _folder(path: str | os.PathLike[str]) -> PurePath:
    text = os.fspath(path)
    # A drive alone means its current folder to Windows, and surely the whole drive here.
    folder = _pure(f"{text}\\" if re.fullmatch("[A-Za-z]:", text) else text)
    if not folder.is_absolute() or ".." in folder.parts:
        raise ConfigurationError(
            f"{text!r} in the path map is not the absolute path of a folder",
            hint="Write it from the root or the drive on.",
        )
    return folder


def _contains(folder: PurePath, path: PurePath) -> bool:
    return type(folder) is type(path) and path.is_relative_to(folder)
