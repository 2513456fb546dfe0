"""The table of the operations that each release of Stash supports.

`python -m tools.matrix FOLDER` writes docs/versions.md from the schemas of older releases in the
folder and from the packaged one.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from graphql import GraphQLSchema

from stash_typed.codegen.documents.documents import Documents
from stash_typed.codegen.documents.prune import Cut, State, operation_states, prune
from stash_typed.codegen.findings import CodegenError
from stash_typed.codegen.schema.introspect import load_schema, stash_version_of
from stash_typed.codegen.shipped import shipped_documents, shipped_schema

from .allowances import OLDEST
from .releases import read_releases, version_key

__all__ = ["matrix"]

_PAGE = Path("docs/versions.md")


def matrix(releases: Mapping[str, GraphQLSchema], documents: Documents) -> str:
    """Return the page as Markdown. The operations are written for the last of the releases."""
    newest_first = list(releases)[::-1]
    newest = newest_first[0]
    titles = ["Stash", *get_args(State)]
    rows: list[list[str]] = []
    details: list[str] = []
    told: set[tuple[str, str]] = set()
    for position, release in enumerate(newest_first):
        pruned = prune(documents, releases[release])
        states = list(operation_states(documents, pruned.documents).values())
        counts = [str(states.count(state)) for state in get_args(State)]
        rows.append([release, *counts])
        lacking = _lacking(pruned.cuts)
        lines = _lines(lacking - told)
        if lines:
            newer = f" (in addition to what {newest_first[position - 1]} lacks)" if told else ""
            details += ["", f"### {release}{newer}", "", *lines]
        told |= lacking
    return "\n".join(
        [
            "<!-- Written by `python -m tools.matrix`; do not edit. -->",
            "",
            "# What works with which release of Stash",
            "",
            f"The {len(documents.operations)} operations of stash-typed are written for {newest}. This table shows"
            " how many of them other releases support unchanged, how many they support with unknown"
            " parts left out, and how many they do not support. `stash-typed codegen`"
            " generates a client with the types of exactly one release; the types of the shipped"
            f" client are correct for every release since {OLDEST.rpartition('.')[0]}.",
            "",
            *_table(titles, rows),
            "",
            "## What is left out",
            "",
            f"The parts of {newest} that the operations use and an older release lacks.",
            *details,
            "",
        ]
    )


def _table(titles: list[str], rows: list[list[str]]) -> list[str]:
    return [
        f"| {' | '.join(titles)} |",
        f"|{'|'.join('---' for _ in titles)}|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


_HEADINGS = {
    "operation": "Absent",
    "type": "Types",
    "field": "Fields",
    "argument": "Arguments",
    "input field": "Input fields",
    "variable": "Variables of another type",
}


def _lacking(cuts: tuple[Cut, ...]) -> set[tuple[str, str]]:
    """Return the kind and the name of each part that a release lacks, without the root types."""
    return {
        (
            cut.kind,
            f"{cut.definition.partition(' ')[2]} {cut.what}"
            if cut.kind == "variable"
            else re.sub(r"^(Query|Mutation|Subscription)\.", "", cut.what),
        )
        for cut in cuts
    }


def _lines(lacking: set[tuple[str, str]]) -> list[str]:
    lines: list[str] = []
    for kind, heading in _HEADINGS.items():
        names = sorted(name for of, name in lacking if of == kind)
        if kind == "field":
            owners = sorted({name.partition(".")[0] for name in names})
            fields = {
                o: [n.partition(".")[2] for n in names if n.startswith(f"{o}.")] for o in owners
            }
            names = [f"{owner}: {', '.join(fields[owner])}" for owner in owners]
        if names:
            lines.append(f"- {heading}: {'; '.join(f'`{name}`' for name in names)}")
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Write docs/versions.md; return 1 and print the findings if a schema is broken."""
    parser = argparse.ArgumentParser(prog="python -m tools.matrix")
    parser.add_argument("folder", type=Path, help="schemas of releases: v0.27.2.graphql, …")
    folder: Path = parser.parse_args(arguments).folder
    try:
        packaged = shipped_schema()
        releases = read_releases(folder)
        release = stash_version_of(packaged.read_text(encoding="utf-8")) or "unknown"
        releases[release] = load_schema(packaged)
        ordered = {name: releases[name] for name in sorted(releases, key=version_key)}
        page = matrix(ordered, shipped_documents())
    except CodegenError as error:
        print(error, file=sys.stderr)
        return 1
    _PAGE.parent.mkdir(exist_ok=True)
    _PAGE.write_text(page, encoding="utf-8")
    print(f"wrote {_PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
