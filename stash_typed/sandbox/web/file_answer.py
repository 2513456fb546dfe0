"""An answer that is a file of the sandbox's folders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.responses import FileResponse, PlainTextResponse, Response

from ..content.folders import Folders

__all__ = ["file_answer"]


def file_answer(
    folders: Folders, path: Path, *, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Give a file, or a 404 where none is; what lies outside of the folders is not there.

    Args:
        folders: what may be read.
        path: the file.
        media_type: what it is.
        headers: more headers of the answer.
    """
    if not folders.is_file(path):
        return PlainTextResponse("404 page not found\n", 404, {"vary": "Origin"})
    return FileResponse(folders.inside(path), headers=headers, media_type=media_type)
