"""Which fields the sandbox answers, that it refuses the others by name, and other releases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from graphql import build_client_schema as from_introspection
from graphql import build_schema, get_introspection_query, print_schema

from stash_typed.sandbox import Sandbox
from stash_typed.sandbox.schema import executable_schema as executable
from stash_typed.sandbox.schema import load_sdl
from tests.sandbox.asking import answer, ask, error

REFUSED = [
    "availablePackages",
    "parseSceneFilenames",
    "scrapeGalleryURL",
    "scrapeGroupURL",
    "scrapeImageURL",
    "scrapeMovieURL",
    "scrapeMultiPerformers",
    "scrapeMultiScenes",
    "scrapeSceneURL",
    "scrapeSingleGallery",
    "scrapeSingleGroup",
    "scrapeSingleImage",
    "scrapeSingleMovie",
    "scrapeSingleScene",
    "scrapeSingleStudio",
    "scrapeSingleTag",
    "scrapeURL",
    "validateStashBoxCredentials",
    "addTempDLNAIP",
    "disableDLNA",
    "downloadFFMpeg",
    "enableDLNA",
    "installPackages",
    "removeTempDLNAIP",
    "runPluginOperation",
    "stashBoxBatchPerformerTag",
    "stashBoxBatchStudioTag",
    "submitStashBoxFingerprints",
    "submitStashBoxPerformerDraft",
    "submitStashBoxSceneDraft",
    "uninstallPackages",
    "updatePackages",
]
"""Root fields that need the network, other programs or a DLNA service."""


def test_every_root_field_is_answered_or_on_the_list_of_refusals() -> None:
    schema = executable(load_sdl())
    assert schema.query_type is not None
    assert schema.mutation_type is not None
    assert schema.subscription_type is not None
    roots = {**schema.query_type.fields, **schema.mutation_type.fields}
    without = {name for name, field in roots.items() if field.resolve is None}
    assert without == set(REFUSED)
    assert all(field.subscribe for field in schema.subscription_type.fields.values())


def test_what_it_does_not_do_it_refuses_by_name() -> None:
    with Sandbox() as server:
        mutation = (
            "mutation { stashBoxBatchPerformerTag(input:"
            " { endpoint: 0, refresh: false, createParent: false }) }"
        )
        assert error(server, mutation) == (
            "the sandbox does not do stashBoxBatchPerformerTag; use a real server"
        )
        assert "does not do runPluginOperation" in error(
            server, 'mutation { runPluginOperation(plugin_id: "x") }'
        )
        assert "metadataIdentify with sources" in error(
            server,
            'mutation { metadataIdentify(input: { sources: [{ source: { scraper_id: "x" } }] }) }',
        )


def test_its_introspection_is_the_schema_that_it_serves() -> None:
    sdl = load_sdl()
    with Sandbox() as server:
        given = answer(server, get_introspection_query(input_value_deprecation=True))
    assert print_schema(from_introspection(given["data"])) == print_schema(build_schema(sdl))


_OLDER = """
type Query { version: Version! findScene(id: ID): Scene allStudios: [Studio!]! older: Int! }
type Mutation { sceneUpdate(input: SceneUpdateInput!): Scene metadataOld: ID! }
type Version { version: String hash: String! build_time: String! release: String }
type Scene { id: ID! title: String phash: String rating: Int }
type Studio { id: ID! checksum: String! name: String! }
input SceneUpdateInput { id: ID! title: String }
"""


def test_a_schema_of_another_release_is_served_with_what_fits_it(tmp_path: Path) -> None:
    file = tmp_path / "v0.15.0.graphql"
    file.write_text(_OLDER, encoding="utf-8")
    with Sandbox(scenes=2, schema=file) as server:
        assert ask(server, "{ version { version } }") == {"version": "v0.15.0"}
        changed = ask(server, 'mutation { sceneUpdate(input: { id: 1, title: "T" }) { id title } }')
        assert changed == {"id": "1", "title": "T"}
        assert error(server, "{ older }") == "the sandbox does not do older; use a real server"
        assert error(server, "{ findScene(id: 1) { phash } }") == (
            "the sandbox does not do Scene.phash; use a real server"
        )
        assert 'Cannot query field "files"' in error(server, "{ findScene(id: 1) { files } }")


def test_a_schema_may_be_given_as_text_and_may_have_more_than_is_known() -> None:
    newer = re.sub(r"(?m)^type Query \{$", "type Query {\n  brandNew(a: Int): String", load_sdl())
    with Sandbox(schema=newer) as server:
        assert ask(server, "{ version { version } }") == {"version": "v0.30.1"}
        assert error(server, "{ brandNew(a: 1) }") == (
            "the sandbox does not do brandNew; use a real server"
        )


def test_text_that_is_no_schema_is_an_error_at_the_start() -> None:
    with pytest.raises(Exception, match="Syntax Error"):
        Sandbox(schema="type Query {\n").start()
