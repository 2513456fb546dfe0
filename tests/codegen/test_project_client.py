"""A client of the user's own: true to their server, usable, and written whole or not at all."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from graphql import GraphQLSchema
from pytest_httpx import HTTPXMock

from stash_typed import StashClient
from stash_typed.codegen.findings import CodegenError
from stash_typed.codegen.project.client import check_project, generate_project
from stash_typed.codegen.project.documents import project_documents
from stash_typed.codegen.project.project import read_project
from stash_typed.codegen.schema.introspect import load_schema
from tests.codegen.editing import (
    NO_RELEASES,
    RELEASES,
    ROOT,
    added,
    edited,
    edited_text,
    new_type,
    packaged,
    removed,
    renamed,
    renamed_type,
    without_type,
)
from tests.codegen.projects import OWN, project, small_project, snapshot


def findings(caught: pytest.ExceptionInfo[CodegenError]) -> list[str]:
    return str(caught.value).splitlines()


def mypy(package: Path) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(package)],
        capture_output=True,
        text=True,
        cwd=package.parent,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        timeout=300,
    )
    return result.stdout


@pytest.mark.anyio
async def test_it_works_on_the_connection_of_a_stash_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpx_mock: HTTPXMock
) -> None:
    result = generate_project(project(tmp_path))
    monkeypatch.setattr("sys.path", [str(tmp_path / "src"), *sys.path])
    httpx_mock.add_response(
        url="http://stash.test:9999/graphql",
        json={
            "data": {
                "findScenes": {
                    "count": 1,
                    "scenes": [{"id": "1", "title": "one", "studio": None}],
                }
            }
        },
    )

    async with StashClient("http://stash.test:9999") as stash:
        mine = stash.bind(import_module("my_stash").Client)
        found = await mine.brief(q="o")

    assert (found.count, found.scenes[0].title, found.scenes[0].studio) == (1, "one", None)
    assert type(found.scenes[0]).__module__ == "my_stash.fragments.line"
    request = httpx_mock.get_request()
    assert request is not None
    assert json.loads(request.content)["variables"] == {"q": "o"}
    assert result.own == ("Brief", "Watch")
    assert result.stash_version == "v0.30.1"
    assert result.package == tmp_path / "src" / "my_stash"
    assert result.written
    assert {path.name for path in result.files} >= {"client.py", "schema.graphql", "py.typed"}


def test_what_is_said_of_it_is_plain_data(tmp_path: Path) -> None:
    result = generate_project(small_project(tmp_path), dry_run=True)

    plain = json.loads(json.dumps(result.to_json()))

    assert plain["written"] is False
    assert plain["own"] == ["Things"]
    assert "new: client.py" in plain["changes"]
    assert not (tmp_path / "src").exists()


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    first = generate_project(small_project(tmp_path))
    before = snapshot(tmp_path)

    second = generate_project(small_project(tmp_path))

    assert second.changes == ()
    assert snapshot(tmp_path) == before
    assert first.contents == second.contents


def test_the_shipped_operations_are_pruned_to_the_schema(tmp_path: Path) -> None:
    schema = edited_text(
        removed("Studio.urls"),
        removed("Query.findScenes(scene_ids:)"),
        removed("Query.dlnaStatus"),
        renamed_type("TagFilterType", "TagFilter"),
        without_type("ScrapedImage"),
        removed("SceneUpdateInput.title"),
        added("GenderEnum", "NEW"),
    )

    result = generate_project(project(tmp_path, schema=schema, shipped=True))

    package = result.package
    fragments = package / "fragments"
    client = (package / "client.py").read_text("utf-8")
    assert "urls" not in (fragments / "studio.py").read_text("utf-8")
    assert "scene_ids" not in client
    assert "dlna_status" not in client
    assert '"TagFilter" | None' in client or "TagFilter | None" in client
    assert not (fragments / "scraped_image.py").exists()
    assert 'NEW = "NEW"' in (package / "enums.py").read_text("utf-8")
    # No allowance for other releases: what this schema requires is there.
    assert "updated_at: Time" in (fragments / "stash_id.py").read_text("utf-8")
    assert {cut.what for cut in result.cuts} >= {
        "Studio.urls",
        "Query.findScenes(scene_ids:)",
        "Query.dlnaStatus",
        "ScrapedImage",
        "$tag_filter",
    }
    assert result.states["DlnaStatus"] == "absent"
    assert result.states["FindScenes"] == "pruned"
    assert result.states["Version"] == "as it is"
    assert mypy(package).startswith("Success")


@pytest.mark.skipif(not RELEASES.is_dir(), reason=NO_RELEASES)
def test_an_old_release_gives_a_package_whose_models_are_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = load_schema(RELEASES / "v0.20.2.graphql")
    old = dataclasses.replace(project(tmp_path, shipped=True), package="old_stash")

    generate_project(old, schema, stash_version="v0.20.2")

    monkeypatch.setattr("sys.path", [str(tmp_path / "src"), *sys.path])
    package = import_module("old_stash")
    for name in package.__all__:
        value = getattr(package, name)
        if hasattr(value, "model_rebuild"):
            value.model_rebuild()
    assert "custom_fields" not in package.Performer.model_fields


def test_the_callers_definitions_take_the_place_of_shipped_ones(tmp_path: Path) -> None:
    own = (
        "query FindTag($id: ID!) { findTag(id: $id) { ...Tag } }\nfragment Tag on Tag { id name }\n"
    )

    result = generate_project(project(tmp_path, own, shipped=True))

    assert result.replaced == ("fragment Tag", "query FindTag")
    assert result.own == ("FindTag",)
    assert "FindTag" not in result.states
    tag = (result.package / "fragments" / "tag.py").read_text("utf-8")
    assert "\n\n\nclass Tag(BaseModel):\n    id: str\n    name: str\n\n\nTAG_FRAGMENT = " in tag


def test_the_caller_may_spread_shipped_fragments(tmp_path: Path) -> None:
    own = "query Mine { findTags { tags { ...TagRef } } }"

    documents = project_documents(project(tmp_path, own, shipped=True), packaged())

    assert documents.findings == ()
    assert set(documents.own.operations) == {"Mine"}
    assert "TagRef" in documents.documents.fragments


def test_a_scalar_that_only_that_release_has_can_be_given_a_type(tmp_path: Path) -> None:
    schema = edited_text(new_type("scalar Weight"), added("Scene", "weight: Weight"))
    own = "query Weigh($id: ID) { findScene(id: $id) { weight } }"

    with pytest.raises(CodegenError) as caught:
        generate_project(project(tmp_path, own, schema=schema))

    (finding,) = findings(caught)
    assert finding.startswith("schema.graphql:")
    assert finding.endswith(
        'no Python type is known for the scalar "Weight". Fix: add'
        ' [tool.stash-typed.scalars.Weight] with type = "…".'
    )
    path = tmp_path / "pyproject.toml"
    path.write_text(f'{path.read_text("utf-8")}[tool.stash-typed.scalars.Weight]\ntype = "float"\n')
    result = generate_project(read_project(path))
    assert "weight: Optional[float]" in (result.package / "weigh.py").read_text("utf-8")


@pytest.mark.parametrize("shipped", [False, True])
@pytest.mark.parametrize(
    ("own", "finding"),
    [
        pytest.param(
            "query Q {\n  findScenes {\n    scenes { titel }\n  }\n}",
            "queries/own.graphql:3: Cannot query field 'titel' on type 'Scene'. Did you mean 'title'",
            id="field",
        ),
        pytest.param(
            "query Q { findScenes(scenefilter: {}) { count } }",
            "queries/own.graphql:1: Unknown argument 'scenefilter' on field 'Query.findScenes'."
            " Did you mean 'scene_filter'",
            id="argument",
        ),
        pytest.param(
            "query Q($f: SceneFilter) { findScenes(scene_filter: $f) { count } }",
            "queries/own.graphql:1: Unknown type 'SceneFilter'. Did you mean 'SceneFilterType'",
            id="type",
        ),
        pytest.param(
            "query Q { findScenes { scenes { ...Nope } } }",
            "queries/own.graphql:1: Unknown fragment 'Nope'.",
            id="fragment",
        ),
        pytest.param(
            "query client { version { hash } }",
            'queries/own.graphql:1: operation "client" would take the place of the module client.py',
            id="operation called like a module",
        ),
        pytest.param(
            "query VersionNow { version { hash } }\nquery versionNow { version { hash } }",
            'queries/own.graphql:2: operation "versionNow" would take the place of the operation'
            ' "VersionNow".',
            id="two operations of one method",
        ),
        pytest.param(
            "query Q($x: Boolean!) { version { hash ... @include(if: $x) { build_time } } }",
            "queries/own.graphql:1: an inline fragment without a type cannot become a class."
            " Fix: write `... on Version`.",
            id="selection without a type",
        ),
        pytest.param(
            "query Q($x: Boolean!) { version { hash ... on Version @skip(if: $x) { build_time } } }",
            "queries/own.graphql:1: @skip on a fragment would make its types say that its fields are"
            " always there. Fix: put @skip on the fields.",
            id="conditional fragment",
        ),
    ],
)
def test_what_does_not_fit_is_found_and_never_cut(
    tmp_path: Path, own: str, finding: str, shipped: bool
) -> None:
    mine = project(tmp_path, own, shipped=shipped)
    before = snapshot(tmp_path)

    with pytest.raises(CodegenError) as caught:
        generate_project(mine)

    assert findings(caught)[0].startswith(finding)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    ("own", "shipped", "finding"),
    [
        pytest.param(
            "query Q { findTags { tags { ...TagRef } } }",
            False,
            "queries/own.graphql:1: TagRef is a fragment of stash-typed. Fix: set include_shipped ="
            " true in your pyproject.toml, or write a fragment of that name.",
            id="shipped fragment without the shipped operations",
        ),
        pytest.param(
            "query Q { findScenes { scenes { groups { ...SceneGroup } } } }",
            True,
            "queries/own.graphql:1: the shipped fragment SceneGroup is left out:"
            " nothing is left of it. Fix: write a fragment that fits this server.",
            id="shipped fragment of which nothing is left",
        ),
        pytest.param(
            "query Q { findScenes { scenes { ...Tag } } }\nfragment Tag on Scene { id }",
            True,
            "queries/own.graphql:2: Tag would take the place of a shipped fragment, which is on Tag"
            " and not on Scene. Fix: rename the fragment.",
            id="shipped fragment on another type",
        ),
        pytest.param(
            "query Version { version { hash } }\nfragment Spare on Tag { id }",
            True,
            "queries/own.graphql:2: Fragment 'Spare' is never used.",
            id="fragment that nobody spreads",
        ),
        pytest.param(
            "mutation Version { tagDestroy(input: {id: 1}) }",
            True,
            "",
            id="operation of another kind in the place of a shipped one",
        ),
    ],
)
def test_what_the_caller_takes_of_the_shipped(
    tmp_path: Path, own: str, shipped: bool, finding: str
) -> None:
    schema = edited_text(
        renamed("SceneGroup.group", "theGroup"), renamed("SceneGroup.scene_index", "position")
    )
    mine = project(tmp_path, own, schema=schema, shipped=shipped)

    if not finding:
        documents = project_documents(mine, load_schema(tmp_path / "schema.graphql"))
        assert (documents.findings, documents.replaced) == ((), ("query Version",))
        return
    with pytest.raises(CodegenError) as caught:
        generate_project(mine, dry_run=True)

    assert len(findings(caught)) == 1
    assert findings(caught)[0].startswith(finding)


def test_without_any_operation_there_is_nothing_to_generate(tmp_path: Path) -> None:
    with pytest.raises(CodegenError, match="there is no operation to generate from"):
        generate_project(project(tmp_path, "# later\n"))


def test_a_folder_that_somebody_wrote_in_is_left_alone(tmp_path: Path) -> None:
    mine = small_project(tmp_path)
    generate_project(mine)
    precious = mine.package_folder / "helpers.py"
    precious.write_text("x = 1\n", "utf-8")
    before = snapshot(tmp_path)

    with pytest.raises(CodegenError) as caught:
        generate_project(mine)

    assert findings(caught) == [
        f"{precious}: was not generated, and would be lost. Fix: move it, or name another package"
        " in [tool.stash-typed]."
    ]
    assert snapshot(tmp_path) == before


def test_a_file_in_the_place_of_the_package_is_left_alone(tmp_path: Path) -> None:
    mine = small_project(tmp_path)
    mine.package_folder.parent.mkdir()
    mine.package_folder.write_text("mine", "utf-8")

    with pytest.raises(CodegenError, match="is a file"):
        generate_project(mine)

    assert mine.package_folder.read_text("utf-8") == "mine"


@pytest.mark.parametrize("there", [False, True], ids=["first time", "again"])
@pytest.mark.parametrize(
    "where", ["package.layout.format_many", "atomic.os.replace", "package.plugin.with_all"]
)
def test_an_interruption_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, there: bool
) -> None:
    mine = small_project(tmp_path)
    if there:
        generate_project(mine)
        (tmp_path / "queries" / "more.graphql").write_text("query More { things { id } }", "utf-8")
    before, temporary = snapshot(tmp_path), tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"stash_typed.codegen.{where}", interrupt)

    with pytest.raises(KeyboardInterrupt):
        generate_project(mine)

    assert list(temporary.iterdir()) == []
    temporary.rmdir()
    assert snapshot(tmp_path) == before


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    mine = small_project(tmp_path)
    (tmp_path / "src").write_text("a file, not a folder", "utf-8")

    with pytest.raises(CodegenError, match="cannot be written"):
        generate_project(mine)

    assert (tmp_path / "src").read_text("utf-8") == "a file, not a folder"


def test_a_url_is_asked_through_the_function_that_is_given(tmp_path: Path) -> None:
    mine = dataclasses.replace(project(tmp_path), schema=None, url="http://nas:9999")
    asked: list[str] = []

    def fetch(url: str) -> GraphQLSchema:
        asked.append(url)
        return packaged()

    result = generate_project(mine, fetch=fetch, stash_version="v0.30.1", dry_run=True)

    assert asked == ["http://nas:9999"]
    assert result.contents["schema.graphql"].startswith(b"# Stash v0.30.1,")
    with pytest.raises(CodegenError, match="names no schema"):
        generate_project(mine)


def test_the_check_of_a_project_takes_its_client_as_it_was_generated(tmp_path: Path) -> None:
    lacking = edited_text(removed("Studio.urls"))
    mine = project(tmp_path, OWN, schema=lacking, shipped=True)
    generate_project(mine)

    # What was cut when it was generated is not missed.
    assert check_project(mine, edited(removed("Studio.urls"))) == []
    changed = check_project(mine, edited(removed("Scene.title"), removed("Tag.name")))
    assert [finding.where for finding in changed][-1] == "queries/own.graphql:10"
    assert changed[0].where.startswith("stash_typed/queries/")
