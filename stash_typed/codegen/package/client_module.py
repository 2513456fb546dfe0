"""Writes both clients, `client.py` and `sync_client.py`, from the same methods."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from textwrap import wrap

from graphql import GraphQLSchema, OperationType

from ..annotations import names_in, plain
from ..generated_text import docstring, literal
from ..naming import argument_name
from .input_module import arguments_name
from .result_module import ResultModule

__all__ = ["Method", "Task", "client_module"]


@dataclass(frozen=True)
class Argument:
    """A method's argument, for a variable of its operation."""

    name: str
    variable: str
    annotation: str
    optional: bool


@dataclass(frozen=True)
class Method:
    """A client method, for one operation."""

    name: str
    root_field: str
    arguments: tuple[Argument, ...]
    result: str
    field: str
    returns: str
    subscription: bool
    job: bool
    summary: str
    signature_classes: tuple[str, ...]

    @classmethod
    def of(
        cls,
        method: ast.FunctionDef | ast.AsyncFunctionDef,
        result: ResultModule,
        schema: GraphQLSchema,
        jobs: Collection[str],
    ) -> Method:
        """Create a method from the one that ariadne-codegen generated."""
        variables = [
            definition.variable.name.value
            for definition in result.operation.variable_definitions or ()
        ]
        by_name = {argument_name(variable): variable for variable in variables}
        optional_from = len(method.args.args) - len(method.args.defaults)
        arguments = tuple(
            Argument(
                name=arg.arg,
                variable=by_name[arg.arg],
                annotation=ast.unparse(plain(arg.annotation)) if arg.annotation else "object",
                optional=position >= optional_from,
            )
            for position, arg in enumerate(method.args.args)
            if arg.arg != "self"
        )
        annotation = plain(result.annotation or ast.Name(result.class_name))
        job = ast.unparse(annotation) == "str" and result.root_fields[0] in jobs
        return cls(
            name=method.name,
            root_field=result.root_fields[0],
            arguments=arguments,
            result=result.class_name,
            field=result.field,
            returns="JobT" if job else ast.unparse(annotation),
            subscription=result.operation.operation is OperationType.SUBSCRIPTION,
            job=job,
            summary=_summary(result, schema),
            signature_classes=tuple(
                name for name in result.local_classes if name in names_in(annotation)
            ),
        )

    def source(self, *, asynchronous: bool) -> str:
        """Write the method."""
        parameters = "".join(
            f", {argument.name}: {argument.annotation}" + (" = UNSET" if argument.optional else "")
            for argument in self.arguments
        )
        variables = ", ".join(
            f"{literal(argument.variable)}: {argument.name}" for argument in self.arguments
        )
        value = f"data.{self.field}" if self.field else "data"
        arguments = f"OPERATION, {self.result}, {{{variables}}}"
        returns, begin, wait = self.returns, "def", ""
        if self.subscription:
            generator = "AsyncGenerator[{}, None]" if asynchronous else "Generator[{}, None, None]"
            returns = generator.format(returns)
        if asynchronous:
            begin, wait = "async def", "await "
        lines = [
            f"{begin} {self.name}(self{parameters}) -> {returns}:",
            f"    {docstring(self.summary)}",
            f"    from .{self.name} import OPERATION, {self.result}",
        ]
        if self.subscription:
            prefix, closer = ("async ", "aclosing") if asynchronous else ("", "closing")
            lines += [
                f"    {prefix}with {closer}(self._subscribe({arguments})) as stream:",
                f"        {prefix}for data in stream:",
                f"            yield {value}",
            ]
        elif self.job:
            lines.append(f"    return {wait}self._start({arguments}, lambda data: {value})")
        else:
            lines += [f"    data = {wait}self._execute({arguments})", f"    return {value}"]
        return "\n".join(f"    {line}" for line in lines)


@dataclass(frozen=True)
class Task:
    """A client method that takes a mutation's input as keyword arguments and returns its job."""

    name: str
    does: str
    method: Method
    fields: Mapping[str, bool]

    def source(self, *, asynchronous: bool) -> str:
        """Write the method, indented by one level."""
        begin, wait = ("async def", "await ") if asynchronous else ("def", "")
        method = self.method
        options, imports, variables = "", [], "{}"
        if self.fields:
            (argument,) = method.arguments
            options = f", **options: Unpack[{arguments_name(argument.annotation)}]"
            imports = [f"    from .input_types import {argument.annotation}"]
            given = f"input_of({argument.annotation}, {literal(self.name)}, options)"
            variables = f"{{{literal(argument.variable)}: {given}}}"
        lines = [
            f"{begin} {self.name}(self{options}) -> JobT:",
            *(f"    {line}" for line in self._docstring()),
            *imports,
            f"    from .{method.name} import OPERATION, {method.result}",
            f"    return {wait}self._start(",
            f"        OPERATION, {method.result}, {variables}, lambda data: data.{method.field}",
            "    )",
        ]
        return "\n".join(f"    {line}" for line in lines)

    def _docstring(self) -> list[str]:
        summary = f"{self.does} (`{self.method.root_field}`)."
        returns = ["", "Returns:", "    The job that it starts.", '"""']
        if not self.fields:
            return [f'"""{summary}', *returns]
        names = ", ".join(
            f"`{name}`{' (required)' * needed}" for name, needed in self.fields.items()
        )
        text = f"**options: the fields of `{self.method.arguments[0].annotation}`: {names}."
        args = wrap(text, 72, initial_indent="    ", subsequent_indent="        ")
        raises = ["", "Raises:", "    TypeError: an option is misspelt."]
        return [f'"""{summary}', "", "Args:", *args, *returns[:-1], *raises, returns[-1]]


def _summary(result: ResultModule, schema: GraphQLSchema) -> str:
    kind = result.operation.operation
    root = schema.get_root_type(kind)
    names = result.root_fields
    text = f"Root field{'s' if len(names) > 1 else ''} {', '.join(f'`{n}`' for n in names)} ({kind.value})."
    reasons = [
        root.fields[name].deprecation_reason
        for name in names
        if root and name in root.fields and root.fields[name].deprecation_reason
    ]
    return f"{text} Deprecated: {' '.join(str(r) for r in reasons)}." if reasons else text


def client_module(
    methods: list[Method], tasks: list[Task], imports: list[str], *, asynchronous: bool
) -> str:
    """Write `client.py`, or `sync_client.py`."""
    base, prefix = ("AsyncBaseClient", "") if asynchronous else ("SyncBaseClient", "Sync")
    home = "base_client" if asynchronous else "sync_base_client"
    closer = "aclosing" if asynchronous else "closing"
    generator = "AsyncGenerator" if asynchronous else "Generator"
    how = "asynchronous" if asynchronous else "synchronous"
    jobs = bool(tasks) or any(method.job for method in methods)
    arguments = [
        arguments_name(task.method.arguments[0].annotation) for task in tasks if task.fields
    ]
    local = [
        f"    from .{method.name} import {', '.join(method.signature_classes)}"
        for method in methods
        if method.signature_classes
    ]
    plain_client = (
        f"class {prefix}Client({prefix}Operations[str]):",
        '    """The operations as methods; those that start a job return its id."""',
    )
    return "\n".join(
        [
            f'"""The {how} client: one typed method for each operation."""',
            "from __future__ import annotations",
            f"from contextlib import {closer}",
            "from typing import TYPE_CHECKING",
            f"from stash_typed._runtime.{home} import {base}{', JobT' if jobs else ''}",
            "from stash_typed._runtime.base_model import UNSET",
            "from stash_typed._runtime.keyword_input import input_of",
            "if TYPE_CHECKING:",
            f"    from collections.abc import {generator}",
            "    from .base_model import UnsetType",
            "    from typing_extensions import Unpack",
            f"    from .task_arguments import {', '.join(arguments)}" if arguments else "",
            *(f"    {line}" for line in imports),
            *local,
            f"class {prefix}Operations({base}[JobT]):"
            if jobs
            else f"class {prefix}Client({base}):",
            f'    """Every operation as {"an" if asynchronous else "a"} {how} method, named after its root field."""',
            *(method.source(asynchronous=asynchronous) for method in methods),
            *(task.source(asynchronous=asynchronous) for task in tasks),
            *(plain_client if jobs else ()),
        ]
    )
