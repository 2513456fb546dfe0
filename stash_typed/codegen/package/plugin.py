"""The ariadne-codegen plugin: each hook changes one aspect of the generated code."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any, cast

from ariadne_codegen.plugins.base import Plugin
from graphql import (
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableDefinitionNode,
)

from ..generated_text import literal
from ..naming import argument_name, class_name, field_name, member_name, method_name
from ..provenance import known_version
from ..settings import Settings
from . import client_module, result_module
from .client_module import Method, Task
from .input_module import (
    arguments_module,
    arguments_name,
    base_imports,
    base_of,
    required_of,
    without_default,
)
from .layout import formatted, init_module, with_all
from .schema_module import schema_module
from .twins import refuse_shared_classes, refuse_twins

__all__ = ["SECTION", "SPLIT", "StashTypedPlugin"]

SECTION = "stash-typed-plugin"
"""The table under `[tool]` through which `generate` passes the settings to the plugin."""

_BASE_MODEL = '''\
"""The base classes of this package's models and operations."""

from typing import ClassVar

from stash_typed._runtime.base_model import (
    UNSET,
    BaseModel,
    InputModel,
    Named,
    Nullable,
    OpenEnum,
    UnsetType,
)
from stash_typed._runtime.operation import Fragment, Operation as _Operation
from stash_typed._runtime.upload import Upload

STASH_VERSION = {version}


class Operation(_Operation):
    """An operation of this package."""

    package: ClassVar[str] = __name__.rpartition(".")[0]
    stash_version: ClassVar[str | None] = STASH_VERSION


__all__ = [
    "UNSET",
    "BaseModel",
    "Fragment",
    "InputModel",
    "Named",
    "Nullable",
    "OpenEnum",
    "Operation",
    "UnsetType",
    "Upload",
]
'''


SPLIT = {
    "fragments": "The models that fragments select: one class for each fragment.",
    "input_types": "The schema's inputs.",
}
"""Modules that are split into packages, and the packages' docstrings."""


def _import(name: str) -> ast.stmt:
    return ast.parse(f"from .base_model import {name}").body[0]


class StashTypedPlugin(Plugin):
    """Adapts ariadne-codegen's output to this project, with the other modules of this folder."""

    def __init__(self, schema: GraphQLSchema, config_dict: dict[str, Any]) -> None:
        super().__init__(schema, config_dict)  # pyright: ignore[reportUnknownMemberType]  # a bare dict there
        tool = config_dict["tool"]
        self._folder = Path(tool["ariadne-codegen"]["target_package_path"])
        self._settings: Settings = tool[SECTION]["settings"]
        self._stash_version: str | None = tool[SECTION]["stash_version"]
        types = schema.type_map.values()
        self._enums = [
            t.name for t in types if isinstance(t, GraphQLEnumType) and t.name[:2] != "__"
        ]
        self._types = {
            *(scalar.rpartition(".")[2] for scalar in self._settings.scalars.values()),
            *(t.name for t in types if isinstance(t, GraphQLEnumType | GraphQLInputObjectType)),
        }
        self._interfaces = {t.name for t in types if isinstance(t, GraphQLInterfaceType)}
        self._gone: set[str] = set()
        self._methods: list[Method] = []
        self._results: dict[str, result_module.ResultModule] = {}
        self._inputs: dict[str, ast.ClassDef] = {}
        self._input_imports: list[ast.stmt] = []
        self._schema_types = schema_module(schema)
        self._exports: dict[str, list[str]] = {}
        self._fragments: list[str] = []
        self._fields: dict[tuple[int, str], FieldNode] = {}

    def process_schema(self, schema: GraphQLSchema) -> GraphQLSchema:
        """Make fields optional that a supported server may lack."""
        for coordinate in self._settings.optional:
            type_name, _, name = coordinate.partition(".")
            owner = schema.get_type(type_name)
            composite = (GraphQLObjectType, GraphQLInterfaceType)
            field = owner.fields.get(name) if isinstance(owner, composite) else None
            if field is not None and isinstance(field.type, GraphQLNonNull):
                field.type = cast("GraphQLOutputType", field.type.of_type)  # pyright: ignore[reportUnknownMemberType]
        return schema

    def process_name(self, name: str, node: Node | None = None) -> str:
        """Apply this project's naming: ariadne-codegen splits off digits and renames `filter`."""
        if isinstance(node, FieldNode):
            original = (node.alias or node.name).value
            return "typename__" if original == "__typename" else self._field_name(original)
        if isinstance(node, VariableDefinitionNode):
            return argument_name(node.variable.name.value)
        if isinstance(node, OperationDefinitionNode) and node.name:
            return method_name(node.name.value)
        if isinstance(node, GraphQLInputField) and node.ast_node:
            return self._field_name(node.ast_node.name.value)
        return name

    def _field_name(self, name: str) -> str:
        """Return a field name that does not shadow a type."""
        python = field_name(name)
        return f"{python}_" if python in self._types else python

    def generate_enum(self, class_def: ast.ClassDef, enum_type: GraphQLEnumType) -> ast.ClassDef:
        """Make enums accept values of newer servers, and give members valid Python names."""
        class_def.bases = [ast.Name("OpenEnum")]
        for statement in class_def.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                statement.targets = [ast.Name(member_name(statement.targets[0].id))]
        return class_def

    def generate_enums_module(self, module: ast.Module) -> ast.Module:
        """Import the enums' base class."""
        module.body.insert(0, _import("OpenEnum"))
        return with_all(module)

    def generate_input_class(
        self, class_def: ast.ClassDef, input_type: GraphQLInputObjectType
    ) -> ast.ClassDef:
        """Set the base class: inputs reject unknown fields, unlike results."""
        base = base_of(input_type)
        class_def.bases = [ast.Name(base)]
        self._inputs[class_def.name] = class_def
        return class_def

    def generate_input_field(
        self, field_implementation: ast.AnnAssign, input_field: GraphQLInputField, field_name: str
    ) -> ast.AnnAssign:
        """Leave defaults to the server, which applies them to omitted fields."""
        if input_field.ast_node is not None and input_field.ast_node.default_value is not None:
            field_implementation = without_default(field_implementation)
        return result_module.split_alias(field_implementation)

    def generate_inputs_module(self, module: ast.Module) -> ast.Module:
        """Import the inputs' base classes."""
        self._input_imports = [node for node in module.body if isinstance(node, ast.ImportFrom)]
        module.body[:0] = [*base_imports(self._inputs.values()), _import("Nullable")]
        return with_all(module)

    def generate_result_field(
        self,
        field_implementation: ast.AnnAssign,
        operation_definition: ExecutableDefinitionNode,
        field: FieldNode,
    ) -> ast.AnnAssign:
        """Make type checkers accept the Python name as the constructor's argument."""
        annotation = field_implementation.annotation
        refuse_shared_classes(self._fields, annotation, operation_definition, field)
        return result_module.split_alias(field_implementation)

    def generate_fragments_module(
        self, module: ast.Module, fragments_definitions: dict[str, FragmentDefinitionNode]
    ) -> ast.Module:
        """Use a fragment's class directly where a selection contains only that fragment."""
        module = self._collapse(module, {class_name(name) for name in fragments_definitions})
        self._fragments = [node.name for node in module.body if isinstance(node, ast.ClassDef)]
        module.body.insert(0, _import("Nullable"))
        return with_all(module)

    def generate_result_types_module(
        self, module: ast.Module, operation_definition: ExecutableDefinitionNode
    ) -> ast.Module:
        """Do the same for an operation's module, and keep its result module."""
        module = self._collapse(module, set())
        module.body.insert(0, _import("Nullable"))
        if isinstance(operation_definition, OperationDefinitionNode):
            result = result_module.ResultModule(module, operation_definition)
            self._results[method_name(result.operation_name)] = result
        return module

    def generate_client_method(
        self,
        method_def: ast.FunctionDef | ast.AsyncFunctionDef,
        operation_definition: OperationDefinitionNode,
    ) -> ast.FunctionDef | ast.AsyncFunctionDef:
        """Collect the methods for both clients."""
        result = self._results[method_def.name]
        if result.root_fields[0] not in self._settings.without_method:
            self._methods.append(Method.of(method_def, result, self.schema, self._settings.jobs))
        return method_def

    def generate_client_module(self, module: ast.Module) -> ast.Module:
        """Leave the client to `generate_files`, because its texts would be formatted as code here."""
        return ast.parse('"""The client."""')

    def copy_code(self, copied_code: str) -> str:
        """Import base classes from the runtime instead of copying ariadne-codegen's."""
        if "class BaseModel(" in copied_code:
            version = literal(known_version(self._stash_version))
            code = {"": _BASE_MODEL.format(version=version)}
            return formatted(code, self._settings.header)[""].decode()
        return copied_code

    def generate_init_import(self, import_: ast.ImportFrom) -> ast.ImportFrom:
        """Leave out the names of collapsed classes."""
        import_.names = [alias for alias in import_.names if alias.name not in self._gone]
        module = import_.module or ""
        result = self._results.get(module)
        names = result.local_classes if result else [alias.name for alias in import_.names]
        self._exports.setdefault(module, []).extend(names)
        return import_

    def generate_init_module(self, module: ast.Module) -> ast.Module:
        """Write `__init__.py`, including exports of the additional modules."""
        names = "UNSET", "BaseModel", "InputModel", "OpenEnum", "UnsetType", "Upload"
        self._exports["base_model"] = list(names)
        self._exports["sync_client"] = ["SyncClient"]
        if self._settings.tasks or any(method.job for method in self._methods):
            self._exports["client"].append("Operations")
            self._exports["sync_client"].append("SyncOperations")
        self._exports["task_arguments"] = [arguments_name(name) for name in self._task_inputs()]
        refuse_twins(self._exports)
        packages = [name for name in SPLIT if self._exports.get(name)]
        title = "The typed client that was generated."
        return ast.parse(init_module(self._exports, title, packages))

    def get_file_comment(self, comment: str, code: str, source: str | None = None) -> str:
        """Return the header of each file."""
        return self._settings.header

    def generate_files(self, generated_files: list[str]) -> list[str]:
        """Write the modules that ariadne-codegen does not generate."""
        parts = self._methods, self._tasks(), self._signature_imports()
        written = {
            "client.py": client_module.client_module(*parts, asynchronous=True),
            "sync_client.py": client_module.client_module(*parts, asynchronous=False),
            "schema_types.py": self._schema_types,
        }
        if inputs := [self._inputs[name] for name in self._task_inputs()]:
            written["task_arguments.py"] = arguments_module(inputs, self._input_imports)
        files = {**formatted(written, self._settings.header), "py.typed": b""}
        for name, content in files.items():
            (self._folder / self._settings.package / name).write_bytes(content)
        return sorted({*generated_files, *files})

    def _collapse(self, module: ast.Module, fragments: set[str]) -> ast.Module:
        module, collapsed = result_module.collapse(module, fragments)
        self._gone.update(collapsed, result_module.drop_interface_members(module, self._interfaces))
        return module

    def _task_inputs(self) -> list[str]:
        names = {
            *self._settings.arguments_of,
            *(self._input_of(task.method) for task in self._tasks()),
        }
        return sorted(names & self._inputs.keys())

    def _tasks(self) -> list[Task]:
        methods = {method.root_field: method for method in self._methods}
        return [
            Task(name, does, methods[root_field], self._fields_of(methods[root_field]))
            for name, (root_field, does) in self._settings.tasks.items()
        ]

    def _fields_of(self, method: Method) -> dict[str, bool]:
        class_def = self._inputs.get(self._input_of(method))
        return required_of(class_def) if class_def else {}

    @staticmethod
    def _input_of(method: Method) -> str:
        return method.arguments[0].annotation if method.arguments else ""

    def _signature_imports(self) -> list[str]:
        """Return imports for every name that a signature may use; the formatter drops unused ones."""
        scalars = [s.rpartition(".") for s in self._settings.scalars.values() if "." in s]
        return [
            *(f"from {module} import {name}" for module, _, name in scalars),
            f"from .enums import {', '.join(self._enums)}" if self._enums else "",
            f"from .input_types import {', '.join(self._inputs)}" if self._inputs else "",
            f"from .fragments import {', '.join(self._fragments)}" if self._fragments else "",
            "from .base_model import Upload",
        ]
