"""Auto tag: gives performers, studios and tags to whatever has their names in its path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath

from ..graphql.context import Info, Input, context_of
from ..graphql.registry import mutation
from ..jobs import JobHandle
from ..state import ServerState
from ..store import Store
from ..store.kind import Kind
from ..store.kinds import PERFORMER, STUDIO, TAG

_Name = tuple[int, re.Pattern[str]]


@mutation("metadataAutoTag")
def metadata_auto_tag(_parent: None, info: Info, *, input: Input) -> str:
    """Start tagging by paths, with all names or those whose ids are given (`*` for all)."""
    state = context_of(info).state
    state.require_store()
    return state.jobs.add("Auto-tagging...", partial(_auto_tag, state, wishes=input))


def _auto_tag(state: ServerState, job: JobHandle, wishes: Input) -> None:
    store = state.require_store()
    names = [
        list(_names(store, kind, wishes.get(kind.table) or ())) for kind in (PERFORMER, STUDIO, TAG)
    ]
    folders: list[str] = wishes.get("paths") or []
    kinds = [(each, each.all_ids()) for each in (store.scenes, store.images, store.galleries)]
    job.set_total(sum(len(keys) for _, keys in kinds))
    for objects, keys in kinds:
        for key in keys:
            job.check()
            file = objects.primary_file(key)
            path = str(file["path"]) if file is not None else ""
            if path and (
                not folders or any(PurePosixPath(path).is_relative_to(f) for f in folders)
            ):
                performers, studios, tags = (
                    [name for name, pattern in patterns if pattern.search(path)]
                    for patterns in names
                )
                if performers or tags or studios:
                    objects.add_relations(key, performers, tags, *studios[:1])
            job.advance()


def _names(store: Store, kind: Kind, wanted: Sequence[str]) -> Iterator[_Name]:
    """Yield the ids of a kind's objects, with patterns of their names and aliases."""
    keys = None if "*" in wanted else {int(each) for each in wanted}
    rows = store.rows(
        f"select id, name from {kind.table} where ignore_auto_tag = 0"
        f" union all select {kind.owner}, alias from {kind.noun}_aliases"
        f" join {kind.table} on {kind.table}.id = {kind.owner} where ignore_auto_tag = 0"
    )
    for key, name in rows:
        if keys is None or key in keys:
            yield key, _pattern(name)


def _pattern(name: str) -> re.Pattern[str]:
    """Match a name between separators; blanks in it may be any separators."""
    words = r"[.\-_ ]*".join(re.escape(each) for each in re.split(r"[.\-_ ]+", name) if each)
    return re.compile(rf"(?:^|_|[^\w\d]){words}(?:$|_|[^\w\d])", re.IGNORECASE)
