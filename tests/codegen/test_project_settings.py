"""`[tool.stash-typed]` of a user's pyproject.toml: what it may say, and what is said back."""

from __future__ import annotations

from pathlib import Path

import pytest

from stash_typed.codegen.findings import CodegenError
from stash_typed.codegen.project.project import Project, read_project


def read(root: Path, text: str) -> Project:
    (root / "pyproject.toml").write_text(text, "utf-8")
    return read_project(root / "pyproject.toml")


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        "[project]\n"
        'name = "x"\n'
        "[tool.stash-typed]\n"
        'schema = "s/v.graphql"\n'
        'url = "http://nas:9999"\n'
        'operations = ["a", "b"]\n'
        'package = "my_app.stash"\n'
        'target = "src"\n'
        "include_shipped = true\n"
        "[tool.stash-typed.scalars.Weight]\n"
        'type = "float"\n',
    )

    assert project == Project(
        pyproject=tmp_path / "pyproject.toml",
        package="my_app.stash",
        schema=tmp_path / "s" / "v.graphql",
        url="http://nas:9999",
        operations=(tmp_path / "a", tmp_path / "b"),
        target=tmp_path / "src",
        include_shipped=True,
        scalars={"Weight": "float"},
    )
    assert project.package_folder == tmp_path / "src" / "my_app" / "stash"
    assert project.root == tmp_path


def test_what_need_not_be_said(tmp_path: Path) -> None:
    project = read(
        tmp_path,
        '[tool.stash-typed]\nurl = "nas:9999"\noperations = ["q"]\npackage = "my_stash"\n',
    )

    assert project.schema is None
    assert not project.include_shipped
    assert project.package_folder == tmp_path / "my_stash"


GOOD = 'url = "nas:9999"\noperations = ["q"]\npackage = "my_stash"\n'


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        (
            f'{GOOD}operation = ["x"]\n',
            5,
            "operation is not a key of [tool.stash-typed]. Did you mean operations?",
        ),
        (f"{GOOD}include-shipped = true\n", 5, "Did you mean include_shipped?"),
        (f"{GOOD}zzz = 1\n", 5, "Known keys are schema, url, operations, include_shipped, package"),
        (f"{GOOD}include_shipped = 1\n", 5, "include_shipped must be true or false."),
        (f"{GOOD}target = 3\n", 5, 'target must be a string: target = "…".'),
        (
            'url = "x"\noperations = "q"\npackage = "p"\n',
            3,
            "operations must be a list of folders",
        ),
        ('url = "x"\npackage = "p"\n', 1, "there are no operations to generate from."),
        ('operations = ["q"]\npackage = "p"\n', 1, "neither schema nor url is given."),
        ('url = "x"\noperations = ["q"]\n', 1, "no package is named."),
        (
            'url = "x"\noperations = ["q"]\npackage = "my-stash"\n',
            4,
            "is not a valid Python package name.",
        ),
        (
            'url = "x"\noperations = ["q"]\npackage = "class"\n',
            4,
            "is not a valid Python package name.",
        ),
        ('url = "x"\noperations = ["q"]\npackage = "stash_typed"\n', 4, "is taken by stash-typed"),
        (f"{GOOD}[tool.stash-typed.scalars.Weight]\nkind = 1\n", 5, 'needs type = "…".'),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, table: str, line: int, message: str
) -> None:
    with pytest.raises(CodegenError) as caught:
        read(tmp_path, f"[tool.stash-typed]\n{table}")

    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'pyproject.toml'}:{line}: ")


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(CodegenError) as caught:
        read(tmp_path, "[tool.stash-typed]\nzzz = 1\nyyy = 2\n")

    assert len(caught.value.findings) == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[project]\n", "there is no [tool.stash-typed]. Fix: add [tool.stash-typed] with url = "),
        ("[tool\n", "is not TOML"),
    ],
)
def test_a_file_without_the_table(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CodegenError) as caught:
        read(tmp_path, text)

    assert message in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CodegenError, match="cannot be read"):
        read_project(tmp_path / "pyproject.toml")
