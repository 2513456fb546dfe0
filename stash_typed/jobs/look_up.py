"""Looking many jobs up in one request, as they are at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import RootModel

from .. import models
from .._runtime.steps import Ask

if TYPE_CHECKING:
    from .._runtime.steps import Procedure

__all__ = ["find_jobs"]


class _Found(RootModel[dict[str, models.Job | None]]):
    """The data of one request for several jobs, each under an alias."""


def find_jobs(ids: Sequence[str]) -> Procedure[dict[str, models.Job | None]]:
    """Look up what the server means by each id (`findJob`): None where it knows no job."""
    from stash_typed_graphql.find_job import OPERATION

    declared = ", ".join(f"$id{n}: ID!" for n in range(len(ids)))
    fields = "\n".join(
        f"  job{n}: findJob(input: {{id: $id{n}}}) {{\n    ...Job\n  }}" for n in range(len(ids))
    )
    text = f"query FindJobs({declared}) {{\n{fields}\n}}"
    parts = ((0, len(text), "Query.findJob", True, None),)
    operation = replace(OPERATION, name="FindJobs", text=text, parts=parts)
    answer: _Found = yield Ask(operation, _Found, {f"id{n}": id_ for n, id_ in enumerate(ids)})
    return {id_: answer.root.get(f"job{n}") for n, id_ in enumerate(ids)}
