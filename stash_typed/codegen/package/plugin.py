"""The ariadne-codegen plugin: what the generated package looks like.

Each hook does one thing to what ariadne-codegen made; how is in the module named after it.
"""

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
from .twins import Selections, refuse_twins

__all__ = ["SECTION", "SPLIT", "StashTypedPlugin"]

SECTION = "stash-typed-plugin"
"""The table under `[tool]` in which `generate` hands settings to the plugin."""

_BASE_MODEL = '''\
"""What this package's models and operations are made of."""

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
    "fragments": "What is selected of the schema's types: one class for each fragment.",
    "input_types": "The schema's inputs.",
}
"""Modules of many classes of which a process needs few, and the docstrings of what they become."""


def _import(name: str) -> ast.stmt:
    return ast.parse(f"from .base_model import {name}").body[0]


class StashTypedPlugin(Plugin):
    """Turns ariadne-codegen's output into this project's: see the modules beside this one.

    Settings, under `[tool.stash-typed-plugin]`:
        header: the comment that each file begins with.
        arguments_of: inputs whose fields the facade takes as keyword arguments.
        jobs: mutations whose id of a job the client returns as its own kind of job.
        without_method: root fields that the client has no method for.
        tasks: methods that take a mutation's input as keyword arguments: the mutation, what it does.
        optional: `Type.field` of required fields that a supported server may lack.
        stash_version: the release that the schema belongs to; None when unknown.
    """

    def __init__(self, schema: GraphQLSchema, config_dict: dict[str, Any]) -> None:
        super().__init__(schema, config_dict)  # pyright: ignore[reportUnknownMemberType]  # a bare dict there
        tool = config_dict["tool"]
        codegen, settings = tool["ariadne-codegen"], tool[SECTION]
        self._package = Path(codegen["target_package_path"]) / str(codegen["target_package_name"])
        self._header = str(settings["header"])
        self._arguments_of: list[str] = list(settings.get("arguments_of", []))
        self._jobs: list[str] = list(settings.get("jobs", []))
        self._without_method: list[str] = list(settings.get("without_method", []))
        self._task_settings: dict[str, list[str]] = settings.get("tasks", {})
        self._optional: frozenset[str] = frozenset(settings.get("optional", []))
        self._scalar_types: list[str] = [s["type"] for s in codegen["scalars"].values()]
        self._types = {
            *(scalar.rpartition(".")[2] for scalar in self._scalar_types),
            *(
                name
                for name, type_ in schema.type_map.items()
                if isinstance(type_, GraphQLEnumType | GraphQLInputObjectType)
            ),
        }
        self._gone: set[str] = set()
        self._stash_version: str | None = settings.get("stash_version")
        self._methods: list[Method] = []
        self._results: dict[str, result_module.ResultModule] = {}
        self._operation_of: dict[str, str] = {}
        self._inputs: dict[str, ast.ClassDef] = {}
        self._input_imports: list[ast.stmt] = []
        self._input_bases: set[str] = set()
        self._schema_types = schema_module(schema)
        self._exports: dict[str, list[str]] = {}
        self._fragments: list[str] = []
        self._selections = Selections()

    def process_schema(self, schema: GraphQLSchema) -> GraphQLSchema:
        """Tell the truth where a supported server lacks a field that this schema requires."""
        for coordinate in self._optional:
            type_name, _, name = coordinate.partition(".")
            owner = schema.get_type(type_name)
            if not isinstance(owner, GraphQLObjectType | GraphQLInterfaceType):
                continue
            field = owner.fields.get(name)
            if field is not None and isinstance(field.type, GraphQLNonNull):
                field.type = cast("GraphQLOutputType", field.type.of_type)  # pyright: ignore[reportUnknownMemberType]
        return schema

    def process_name(self, name: str, node: Node | None = None) -> str:
        """Spell names our way: ariadne-codegen splits digits off and renames `filter`."""
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
        """Keep a field from standing for itself where a type of the schema is called like it."""
        python = field_name(name)
        return f"{python}_" if python in self._types else python

    def generate_enum(self, class_def: ast.ClassDef, enum_type: GraphQLEnumType) -> ast.ClassDef:
        """Let enums carry values of newer servers, and members have names that Python allows."""
        class_def.bases = [ast.Name("OpenEnum")]
        for statement in class_def.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                statement.targets = [ast.Name(member_name(statement.targets[0].id))]
        return class_def

    def generate_enums_module(self, module: ast.Module) -> ast.Module:
        """Import what the enums stand on now."""
        module.body.insert(0, _import("OpenEnum"))
        return with_all(module)

    def generate_input_class(
        self, class_def: ast.ClassDef, input_type: GraphQLInputObjectType
    ) -> ast.ClassDef:
        """Inputs refuse what is misspelt, results ignore what is new: two base classes."""
        base = base_of(input_type)
        class_def.bases = [ast.Name(base)]
        self._input_bases.add(base)
        self._inputs[class_def.name] = class_def
        return class_def

    def generate_input_field(
        self, field_implementation: ast.AnnAssign, input_field: GraphQLInputField, field_name: str
    ) -> ast.AnnAssign:
        """Leave defaults to the server, which fills in what is not sent."""
        if input_field.ast_node is not None and input_field.ast_node.default_value is not None:
            field_implementation = without_default(field_implementation)
        return result_module.split_alias(field_implementation)

    def generate_inputs_module(self, module: ast.Module) -> ast.Module:
        """Import what the inputs stand on now."""
        self._input_imports = [node for node in module.body if isinstance(node, ast.ImportFrom)]
        module.body[:0] = [*base_imports(self._input_bases), _import("Nullable")]
        return with_all(module)

    def generate_result_field(
        self,
        field_implementation: ast.AnnAssign,
        operation_definition: ExecutableDefinitionNode,
        field: FieldNode,
    ) -> ast.AnnAssign:
        """Keep the constructor's argument the Python name for type checkers."""
        self._selections.add(field_implementation.annotation, operation_definition, field)
        return result_module.split_alias(field_implementation)

    def generate_fragments_module(
        self, module: ast.Module, fragments_definitions: dict[str, FragmentDefinitionNode]
    ) -> ast.Module:
        """Use a fragment's class itself where a selection is nothing but that fragment."""
        module = self._collapse(module, {class_name(name) for name in fragments_definitions})
        self._fragments = [node.name for node in module.body if isinstance(node, ast.ClassDef)]
        module.body.insert(0, _import("Nullable"))
        return with_all(module)

    def generate_result_types_module(
        self, module: ast.Module, operation_definition: ExecutableDefinitionNode
    ) -> ast.Module:
        """The same for an operation's module; remember what the operation answers."""
        module = self._collapse(module, set())
        module.body.insert(0, _import("Nullable"))
        if isinstance(operation_definition, OperationDefinitionNode):
            result = result_module.ResultModule(module, operation_definition)
            self._results[result.operation_name] = result
            self._operation_of[method_name(result.operation_name)] = result.operation_name
        return module

    def generate_client_method(
        self,
        method_def: ast.FunctionDef | ast.AsyncFunctionDef,
        operation_definition: OperationDefinitionNode,
    ) -> ast.FunctionDef | ast.AsyncFunctionDef:
        """Remember the method: both clients are written from the same list."""
        name = operation_definition.name.value if operation_definition.name else ""
        result = self._results[name]
        if result.root_fields[0] not in self._without_method:
            self._methods.append(Method.of(method_def, result, self.schema, self._jobs))
        return method_def

    def generate_client_module(self, module: ast.Module) -> ast.Module:
        """Leave the client to `generate_files`: here its texts would be laid out as if they were code."""
        return ast.parse('"""The client."""')

    def copy_code(self, copied_code: str) -> str:
        """Take base classes from the runtime instead of copying ariadne-codegen's."""
        if "class BaseModel(" in copied_code:
            version = literal(known_version(self._stash_version))
            code = {"": _BASE_MODEL.format(version=version)}
            return formatted(code, self._header)[""].decode()
        return copied_code

    def generate_init_import(self, import_: ast.ImportFrom) -> ast.ImportFrom:
        """Leave out the names that were collapsed away."""
        import_.names = [alias for alias in import_.names if alias.name not in self._gone]
        module = import_.module or ""
        result = self._results.get(self._operation_of.get(module, ""))
        names = result.local_classes if result else [alias.name for alias in import_.names]
        self._exports.setdefault(module, []).extend(names)
        return import_

    def generate_init_module(self, module: ast.Module) -> ast.Module:
        """Type the lazy import hook, and export what is written beside ariadne-codegen."""
        self._exports["base_model"] = [
            "UNSET",
            "BaseModel",
            "InputModel",
            "OpenEnum",
            "UnsetType",
            "Upload",
        ]
        self._exports["sync_client"] = ["SyncClient"]
        if self._task_settings or any(method.job for method in self._methods):
            self._exports["client"].append("Operations")
            self._exports["sync_client"].append("SyncOperations")
        self._exports["task_arguments"] = [arguments_name(name) for name in self._task_inputs()]
        refuse_twins(self._exports)
        title = "The typed client that was generated."
        packages = [name for name in SPLIT if self._exports.get(name)]
        return ast.parse(init_module(self._exports, title, packages))

    def get_file_comment(self, comment: str, code: str, source: str | None = None) -> str:
        """Say in each file what made it and how to remake it."""
        return self._header

    def generate_files(self, generated_files: list[str]) -> list[str]:
        """Write the modules that ariadne-codegen has no notion of."""
        imports = self._signature_imports()
        tasks = self._tasks()
        asynchronous = client_module.async_module(self._methods, tasks, imports)
        synchronous = client_module.sync_module(self._methods, tasks, imports)
        written = {
            "client.py": asynchronous,
            "sync_client.py": synchronous,
            "schema_types.py": self._schema_types,
        }
        if inputs := [self._inputs[name] for name in self._task_inputs()]:
            options = arguments_module(inputs, self._input_imports)
            written["task_arguments.py"] = options
        files = {**formatted(written, self._header), "py.typed": b""}
        for name, content in files.items():
            (self._package / name).write_bytes(content)
        return sorted({*generated_files, *files})

    def _collapse(self, module: ast.Module, fragments: set[str]) -> ast.Module:
        types = self.schema.type_map.items()
        interfaces = {name for name, type_ in types if isinstance(type_, GraphQLInterfaceType)}
        module, collapsed = result_module.collapse(module, fragments)
        self._gone.update(collapsed, result_module.drop_interface_members(module, interfaces))
        return module

    def _task_inputs(self) -> list[str]:
        names = {*self._arguments_of, *(self._input_of(task.method) for task in self._tasks())}
        return sorted(names & self._inputs.keys())

    def _tasks(self) -> list[Task]:
        methods = {method.root_field: method for method in self._methods}
        return [
            Task(name, does, methods[root_field], self._fields_of(methods[root_field]))
            for name, (root_field, does) in self._task_settings.items()
        ]

    def _fields_of(self, method: Method) -> dict[str, bool]:
        class_def = self._inputs.get(self._input_of(method))
        return required_of(class_def) if class_def else {}

    @staticmethod
    def _input_of(method: Method) -> str:
        return method.arguments[0].annotation if method.arguments else ""

    def _signature_imports(self) -> list[str]:
        """Statements for every name that a signature may hold; the formatter drops unused ones."""
        types = self.schema.type_map.items()
        enums = [name for name, t in types if isinstance(t, GraphQLEnumType) and name[:2] != "__"]
        scalars = [path.rpartition(".") for path in self._scalar_types if "." in path]
        return [
            *(f"from {module} import {name}" for module, _, name in scalars),
            f"from .enums import {', '.join(enums)}" if enums else "",
            f"from .input_types import {', '.join(self._inputs)}" if self._inputs else "",
            f"from .fragments import {', '.join(self._fragments)}" if self._fragments else "",
            "from .base_model import Upload",
        ]
