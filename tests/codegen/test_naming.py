"""How names of the schema are spelt in Python."""

from __future__ import annotations

import pytest

from stash_typed.codegen.naming import field_name, snake_case


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("metadataScan", "metadata_scan"),
        ("MetadataScan", "metadata_scan"),
        ("rating100", "rating100"),
        ("scene_filter", "scene_filter"),
        ("filter", "filter"),
        ("type", "type"),
        ("querySQL", "query_sql"),
        ("configureDLNA", "configure_dlna"),
        ("generateAPIKey", "generate_api_key"),
        ("calculateMD5", "calculate_md5"),
        ("sceneIDs", "scene_ids"),
        ("imageURLsOf", "image_urls_of"),
        ("sceneAddO", "scene_add_o"),
        ("AND", "AND"),
        ("from", "from_"),
    ],
)
def test_arguments_and_methods(name: str, python: str) -> None:
    assert snake_case(name) == python


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("copy", "copy_"),
        ("json", "json_"),
        ("str", "str_"),
        ("_id", "id"),
        ("oCounter", "o_counter"),
    ],
)
def test_fields_stay_clear_of_pydantic_and_of_annotations(name: str, python: str) -> None:
    assert field_name(name) == python
