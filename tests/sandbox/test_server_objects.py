"""Objects out of one sandbox and into another: zip files, JSON files, uploads."""

from __future__ import annotations

import hashlib
import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from stash_typed.sandbox import Sandbox
from tests.sandbox.asking import ask, client, error, run_job

_IMPORT = "mutation($input: ImportObjectsInput!) { importObjects(input: $input) }"
_EVERYTHING = ", ".join(
    f"{kind}: {{ all: true }}"
    for kind in ["scenes", "images", "galleries", "performers", "studios", "tags", "groups"]
)
_PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)


def _fill(server: Sandbox) -> None:
    for mutation in (
        'a: tagCreate(input: { name: "Above", description: "d", sort_name: "0" }) { id }'
        ' b: tagCreate(input: { name: "Below", aliases: ["Under"], parent_ids: [1],'
        f' image: "{_PICTURE}" }}) {{ id }}',
        'a: studioCreate(input: { name: "Main", urls: ["https://example.org/m"], rating100: 60 })'
        ' { id } b: studioCreate(input: { name: "Branch", parent_id: 1, tag_ids: [2] }) { id }',
        'performerCreate(input: { name: "Ada Example", birthdate: "1985-04", height_cm: 170,'
        ' alias_list: ["Ada"], tag_ids: [2], custom_fields: { note: "n", size: 3 } }) { id }',
        'groupCreate(input: { name: "Series", duration: 100, date: "2020", studio_id: 2,'
        ' synopsis: "s", urls: ["https://example.org/g"], tag_ids: [2] }) { id }',
    ):
        answer = ask if "a:" not in mutation else _both
        answer(server, f"mutation {{ {mutation} }}")


def _both(server: Sandbox, query: str) -> None:
    with client(server) as http:
        assert "errors" not in http.post("/graphql", json={"query": query}).json()


def _exported(server: Sandbox, wishes: str) -> bytes:
    link = ask(server, f"mutation {{ exportObjects(input: {{ {wishes} }}) }}")
    with client(server) as http:
        return http.get(link).content


def _imported(server: Sandbox, data: bytes, duplicates: str = "FAIL", refs: str = "FAIL") -> str:
    wishes = {"file": None, "duplicateBehaviour": duplicates, "missingRefBehaviour": refs}
    operations = {"query": _IMPORT, "variables": {"input": wishes}}
    server.faults.hold_tasks()
    with client(server) as http:
        response = http.post(
            "/graphql",
            data={"operations": json.dumps(operations), "map": '{"0": ["variables.input.file"]}'},
            files={"0": ("objects.zip", data, "application/zip")},
        )
    assert response.headers["content-type"] == "application/json"
    job_id = response.json()["data"]["importObjects"]
    server.faults.release_tasks()
    last = run_job(server, "mutation { optimiseDatabase }")
    assert int(last.id) > int(job_id)
    job = server.state.jobs.find(job_id)
    assert job is not None
    return job.status


def _errors(server: Sandbox) -> list[str]:
    entries = ask(server, "{ logs { level message } }")
    return [each["message"] for each in entries if each["level"] == "Error"]


_ALL = """{
    findTags(filter: { sort: "name" }) { tags
        { name description sort_name aliases parents { name } image_path } }
    findStudios(filter: { sort: "name" }) { studios
        { name urls rating100 parent_studio { name } tags { name } } }
    findPerformers { performers
        { name birthdate height_cm alias_list tags { name } custom_fields } }
    findGroups { groups { name duration date synopsis urls studio { name } tags { name } } }
}"""


def _all(server: Sandbox) -> dict[str, Any]:
    with client(server) as http:
        data: dict[str, Any] = http.post("/graphql", json={"query": _ALL}).json()["data"]
    for tag in data["findTags"]["tags"]:
        tag["image_path"] = tag["image_path"].endswith("default=true")
    return data


def test_what_is_exported_can_be_imported_elsewhere() -> None:
    with Sandbox() as source, Sandbox() as target:
        _fill(source)
        data = _exported(source, _EVERYTHING)
        assert _imported(target, data) == "FINISHED"
        assert _errors(target) == []
        assert _all(target) == _all(source)


def test_an_export_names_its_files_after_the_objects() -> None:
    with Sandbox() as server:
        _fill(server)
        with zipfile.ZipFile(BytesIO(_exported(server, _EVERYTHING))) as content:
            names = content.namelist()
            below = json.loads(content.read(next(name for name in names if "Below" in name)))
    digest = hashlib.sha1(b"Above").hexdigest()[:8]
    assert f"tags/Above-{digest}.json" in names
    assert {name.partition("/")[0] for name in names} == {
        "tags",
        "studios",
        "performers",
        "movies",
    }
    assert below["parents"] == ["Above"]
    assert below["aliases"] == ["Under"]
    assert below["image"]


def test_chosen_objects_bring_what_they_refer_to_when_asked() -> None:
    def names(wishes: str) -> set[str]:
        with zipfile.ZipFile(BytesIO(_exported(server, wishes))) as content:
            return {name.rpartition("-")[0] for name in content.namelist()}

    with Sandbox() as server:
        _fill(server)
        assert names('studios: { ids: ["2"] }') == {"studios/Branch"}
        assert names('studios: { ids: ["2"] }, includeDependencies: true') == {
            "studios/Branch",
            "studios/Main",
            "tags/Below",
            "tags/Above",
        }
        assert "invalid literal" in error(
            server, 'mutation { exportObjects(input: { tags: { ids: ["x"] } }) }'
        )


@pytest.mark.parametrize(
    ("duplicates", "description", "problems"),
    [("IGNORE", "old", 0), ("OVERWRITE", "new", 0), ("FAIL", "old", 1)],
)
def test_what_is_there_already_is_kept_replaced_or_an_error(
    duplicates: str, description: str, problems: int
) -> None:
    with Sandbox() as server:
        ask(server, 'mutation { tagCreate(input: { name: "T", description: "old" }) { id } }')
        data = _zip({"tags/T.json": {"name": "T", "description": "new"}})
        assert _imported(server, data, duplicates) == "FINISHED"
        assert ask(server, "{ findTag(id: 1) { description } }") == {"description": description}
        assert len(_errors(server)) == problems


@pytest.mark.parametrize(
    ("refs", "tags", "performers"),
    [("IGNORE", [], 1), ("CREATE", [{"name": "Unheard"}], 1), ("FAIL", None, 0)],
)
def test_a_name_that_is_not_there_is_left_out_made_or_an_error(
    refs: str, tags: list[Any] | None, performers: int
) -> None:
    with Sandbox() as server:
        data = _zip({"performers/P.json": {"name": "P", "tags": ["Unheard"]}})
        assert _imported(server, data, refs=refs) == "FINISHED"
        found = ask(server, "{ findPerformers { count performers { tags { name } } } }")
        assert found["count"] == performers
        if tags is not None:
            assert found["performers"][0]["tags"] == tags
        else:
            assert "tag 'Unheard' not found" in _errors(server)[0]


def test_a_scene_is_found_by_its_file() -> None:
    with Sandbox(scenes=3) as server:
        ask(server, 'mutation { sceneUpdate(input: { id: 2, title: "Before" }) { id } }')
        data = _exported(server, 'scenes: { ids: ["2"] }')
        ask(server, 'mutation { sceneUpdate(input: { id: 2, title: "After" }) { id } }')
        _imported(server, data, "OVERWRITE", "IGNORE")
        assert ask(server, "{ findScene(id: 2) { title } }") == {"title": "Before"}
        other = _zip({"scenes/x.json": {"title": "X", "files": ["/nowhere/x.mp4"]}})
        _imported(server, other)
        assert "scan them first" in _errors(server)[0]


def test_an_upload_that_is_no_archive_fails_the_job() -> None:
    with Sandbox() as server:
        assert _imported(server, b"no archive") == "FAILED"


def test_all_objects_can_be_written_below_the_metadata_folder(tmp_path: Path) -> None:
    with Sandbox(scenes=2, allowed_folders=[tmp_path]) as server:
        assert error(server, "mutation { metadataExport }") == (
            "metadata path must be set in config"
        )
        ask(
            server,
            "mutation($p: String) { configureGeneral(input: { metadataPath: $p })"
            " { metadataPath } }",
            p=str(tmp_path / "meta"),
        )
        assert run_job(server, "mutation { metadataExport }").status == "FINISHED"
        assert "does not do metadataImport" in error(server, "mutation { metadataImport }")
    assert len(list((tmp_path / "meta" / "scenes").iterdir())) == 2


def _zip(files: dict[str, Any]) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as content:
        for name, value in files.items():
            content.writestr(name, json.dumps(value))
    return data.getvalue()
