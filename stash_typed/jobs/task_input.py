"""From keyword arguments of a task to the schema's input. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .._runtime.base_model import InputModel
from .._runtime.errors import JobUnknownError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .._runtime.upload import Upload
    from ..enums import ImportDuplicateEnum, ImportMissingRefEnum
    from ..inputs import ImportObjectsInput

__all__ = ["import_input", "named_job", "task_input"]

_Input = TypeVar("_Input", bound=InputModel)


def task_input(model: type[_Input], method: str, options: Mapping[str, object]) -> _Input:
    """Make a task's input of keyword arguments.

    Args:
        model: the schema's input.
        method: the method that was called, for the message.
        options: what it was called with.

    Returns:
        The input, with just the fields that were given.

    Raises:
        TypeError: an argument is misspelt.
        pydantic.ValidationError: an argument has a value that does not fit.
    """
    for name in options:
        if name not in model.model_fields:
            from difflib import get_close_matches

            near = get_close_matches(name, model.model_fields, n=1)
            hint = f". Did you mean '{near[0]}'?" if near else ""
            raise TypeError(f"{method}() got an unexpected keyword argument '{name}'{hint}")
    return model.model_validate(options)


def import_input(
    source: str | Path | bytes | Upload,
    duplicate_behaviour: ImportDuplicateEnum | None,
    missing_ref_behaviour: ImportMissingRefEnum | None,
) -> ImportObjectsInput:
    """Make the input of `importObjects` of a file.

    Args:
        source: path of a zip file, its bytes, or an `Upload`.
        duplicate_behaviour: what to do with objects that exist; IGNORE when None.
        missing_ref_behaviour: what to do with references to nothing; IGNORE when None.

    Returns:
        The input.
    """
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


def named_job(job_id: str) -> str:
    """Give the id of a job that a task answered.

    Args:
        job_id: as it came.

    Raises:
        JobUnknownError: it is empty.
    """
    if job_id:
        return job_id
    raise JobUnknownError(
        "an empty id is no job's; when it is a task's answer, it is not known whether the task began",
        job_id=job_id,
        hint="Look at job_queue().",
    )
