"""Archives of objects to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from .._runtime.upload import Upload
    from ..enums import ImportDuplicateEnum, ImportMissingRefEnum
    from ..inputs import ImportObjectsInput

__all__ = ["import_input"]


def import_input(
    source: str | Path | bytes | Upload,
    duplicate_behaviour: ImportDuplicateEnum | None,
    missing_ref_behaviour: ImportMissingRefEnum | None,
) -> ImportObjectsInput:
    """Return the input of `importObjects` for an archive."""
    from .._runtime.upload import Upload
    from ..enums import ImportDuplicateEnum, ImportMissingRefEnum
    from ..inputs import ImportObjectsInput

    if isinstance(source, bytes):
        file = Upload(source, filename="import.zip", content_type="application/zip")
    elif isinstance(source, Upload):
        file = source
    else:
        file = Upload(source, content_type="application/zip")
    return ImportObjectsInput(
        file=file,
        duplicate_behaviour=duplicate_behaviour or ImportDuplicateEnum.IGNORE,
        missing_ref_behaviour=missing_ref_behaviour or ImportMissingRefEnum.IGNORE,
    )
