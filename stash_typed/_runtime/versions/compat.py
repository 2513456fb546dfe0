"""Differences between releases of Stash that the schema does not show.

Each fact names the releases that it was measured on.

- An invalid document is answered with status 422 up to v0.27.2, and later with 400 or 422, as the
  `Accept` header asks: the status of an answer with a GraphQL body decides nothing.
- Answers come as `application/json` up to v0.27.2, and later as the `Accept` header asks: neither
  does the content type.
- A wrong API key is refused with status 500 and the text `unauthorized` by v0.25.1, and with 401
  and an empty body by v0.27.2 and later.
- `migrate` answers a boolean up to v0.25.1, and a job id later.
- `bulkSceneMarkerUpdate`, new in v0.30, ignores `mode: SET` for a marker that already has as many
  tags, even different ones (v0.30.1). `sceneMarkerUpdate` is correct.
- Groups are called movies up to v0.26 (v0.25.1, v0.26.2 by its schema), with one `url` where a group
  has `urls`, so that neither can replace the other.
- The states of a task, the events of `jobsSubscribe` and the WebSocket protocol are the same from v0.25.1 on.
"""

from __future__ import annotations

from collections.abc import Collection

SET_COUNTS_ONLY = frozenset({"bulkSceneMarkerUpdate"})
"""Bulk changes whose SET takes effect only where it changes how many there are."""


def refuses_credentials(status: int, content: bytes) -> bool:
    """Whether a response says that the credentials are missing, wrong or expired."""
    return status == 401 or (status == 500 and content.strip() == b"unauthorized")


def former_name(coordinate: str, known: Collection[str]) -> str | None:
    """Return the coordinates a server has under the names of older releases."""
    former = coordinate.replace("Group", "Movie").replace("group", "movie")
    return former if former != coordinate and former in known else None
