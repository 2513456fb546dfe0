"""A document is put together from texts that are stored once, and what may be cut from it is data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import print_ast

from stash_typed._runtime.operation import Fragment, Operation, Part
from stash_typed.codegen.project.client import generate_project
from stash_typed.codegen.shipped import shipped_documents
from stash_typed.compatibility import shipped_operations
from tests.codegen.projects import project

OPERATIONS = list(shipped_operations())


def definitions(operation: Operation) -> Iterator[Operation | Fragment]:
    yield operation
    yield from operation.all_fragments


def test_a_document_is_what_its_files_say() -> None:
    documents = shipped_documents()

    whole = {
        name: "\n\n".join(
            print_ast(each)
            for each in (
                node,
                *(documents.fragments[s] for s in sorted(documents.spreads_in(node))),
            )
        )
        for name, node in documents.operations.items()
    }

    assert {operation.name: operation.document for operation in OPERATIONS} == {
        name: f"{text}\n" for name, text in whole.items()
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: str(operation.name))
def test_a_part_stands_where_it_is_said_to(operation: Operation) -> None:
    for definition in definitions(operation):
        for start, end, coordinate, needed, variable in definition.parts:
            part = Part(start, end, coordinate, needed, variable)
            text = definition.text[start:end]
            if part.declares:
                assert text.startswith(f"${variable}: ")
                assert coordinate in text
            elif "(" in coordinate:
                assert text.startswith(coordinate.partition("(")[2].rstrip(")") + ": ")
                assert needed == (variable is None)
            elif "." in coordinate:
                assert coordinate.partition(".")[2] in text.splitlines()[0]
            else:
                assert text.startswith("...")


def test_a_fragment_asks_for_the_type_of_what_is_open(tmp_path: Path) -> None:
    """The class of what is read needs it; that of an operation's own selection always had it."""
    schema = """\
interface File { id: ID! }
type Video implements File { id: ID! length: Int }
type Picture implements File { id: ID! }
type Thing { file: File! }
type Query { thing: Thing }
"""
    operations = """\
query Thing { thing { ...Thing } }
fragment Thing on Thing { file { id ... on Video { length } } }
"""

    generate_project(project(tmp_path, operations, schema=schema))

    text = next(tmp_path.rglob("fragments/thing.py")).read_text("utf-8")
    assert "  file {\n    __typename\n    id\n" in text
    assert "typename__" in next(tmp_path.rglob("fragments/thing_file_video.py")).read_text("utf-8")
