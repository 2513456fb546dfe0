"""The version and introspection queries. Imported on use: few clients need them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from ..operation import Operation
from .adaptation import ServerSchema

VERSION_QUERY = Operation(
    name="Version",
    kind="query",
    root_field="version",
    text="query Version { version { version hash } }",
)
SCHEMA_QUERY = Operation(
    name="IntrospectionQuery",
    kind="query",
    root_field="__schema",
    text="query IntrospectionQuery { __schema { types { name"
    " fields(includeDeprecated: true) { name args { name } } inputFields { name } } } }",
)

_Name = Annotated[str, StringConstraints(pattern=r"^[_A-Za-z][_0-9A-Za-z]*$")]


class _Release(BaseModel):
    version: str | None = None
    hash: str | None = None


class VersionAnswer(BaseModel):
    version: _Release


class _Named(BaseModel):
    name: _Name


class _Field(_Named):
    args: list[_Named]


class _Type(_Named):
    fields: list[_Field] | None = None
    input_fields: list[_Named] | None = Field(None, alias="inputFields")


class _Schema(BaseModel):
    types: list[_Type]


class SchemaAnswer(BaseModel):
    content: _Schema = Field(alias="__schema")

    def of(self, version: str) -> ServerSchema:
        names: set[str] = set()
        for type_ in self.content.types:
            names.add(type_.name)
            names.update(f"{type_.name}.{field.name}" for field in type_.input_fields or ())
            for field in type_.fields or ():
                coordinate = f"{type_.name}.{field.name}"
                names.add(coordinate)
                names.update(f"{coordinate}({argument.name})" for argument in field.args)
        return ServerSchema(version, frozenset(names))
