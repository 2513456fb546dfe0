"""Turns GraphQL names into Python names."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable
from keyword import iskeyword, kwlist

from pydantic import BaseModel

__all__ = [
    "LONGEST_NAME",
    "argument_name",
    "class_name",
    "field_name",
    "is_name",
    "member_name",
    "method_name",
    "reserved_class_names",
    "snake_case",
]

LONGEST_NAME = 200
"""The maximum length of a name. Names become file names, which are limited to 255 bytes."""

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*", re.ASCII)
_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLURAL = re.compile(r"(?<![A-Z])[A-Z]{2,}s(?![a-z])")
_MODEL_ATTRIBUTES = frozenset(
    name for name in (*dir(BaseModel), *dir(type(BaseModel))) if not name.startswith("_")
)

# A field with such a name would shadow the type in the annotations of its class.
_ANNOTATION_NAMES = frozenset({"bool", "dict", "float", "int", "list", "str"})

# Names that a method's body uses.
_METHOD_NAMES = frozenset({"OPERATION", "aclosing", "closing", "self"})

# Attributes of a string enum. `_missing_` is a hook of the enum module, and `_Mood__x` does not
# become a member of `Mood`.
_MEMBER_NAMES = frozenset({*dir(str), "is_known", "mro", "name", "value"})
_HOOK = re.compile(r"_.*(_|__.*)")

# Names that generated modules import or call.
_CLASS_NAMES = frozenset(
    {
        *(name for name in dir(builtins) if name.islower()),
        *("Annotated", "Any", "AsyncBaseClient", "AsyncGenerator", "AttributeError", "BaseModel"),
        *(
            "BeforeValidator",
            "ClassVar",
            "Client",
            "CriterionInput",
            "Enum",
            "Field",
            "FilterInput",
        ),
        *(
            "Fragment",
            "Generator",
            "InputModel",
            "JobT",
            "Literal",
            "Named",
            "Nullable",
            "OPERATION",
        ),
        *("OpenEnum", "Operation", "Operations", "Optional", "PlainSerializer", "Required"),
        *("STASH_VERSION", "SyncBaseClient", "SyncClient", "SyncOperations", "TYPE_CHECKING"),
        *("TypedDict", "UNSET", "Union", "UnsetType", "Upload", "Unpack", "_Operation"),
        *("aclosing", "annotations", "closing", "input_of", "lazy"),
    }
)


def is_name(text: str) -> bool:
    """Return whether a text is a GraphQL name within the length limit."""
    return len(text) <= LONGEST_NAME and bool(_NAME.fullmatch(text))


def snake_case(name: str) -> str:
    """Return a GraphQL name in snake case."""
    # The plural in `sceneIDs` is not a word of its own.
    words = _PLURAL.sub(lambda plural: plural.group().capitalize(), name)
    python = name if name.isupper() else _WORD_START.sub("_", words).lower()
    return f"{python}_" if iskeyword(python) else python


def field_name(name: str) -> str:
    """Return the name of a model field, avoiding pydantic's own attributes."""
    python = snake_case(name.lstrip("_"))
    if python[:1].isdigit():
        return f"field_{python}"
    return f"{python}_" if python in _MODEL_ATTRIBUTES | _ANNOTATION_NAMES else python


def method_name(name: str) -> str:
    """Return the name of an operation's method and result module."""
    python = snake_case(name)
    return f"{python}_" if python in _ANNOTATION_NAMES else python


def argument_name(name: str) -> str:
    """Return the name of a variable's method argument."""
    python = re.sub("^__+", "_", snake_case(name))
    return f"{python}_" if python in _METHOD_NAMES else python


def member_name(name: str) -> str:
    """Return the member name of an enum value."""
    if _HOOK.fullmatch(name):
        return f"value{name}"
    return f"{name}_" if iskeyword(name) or name in _MEMBER_NAMES else name


def class_name(name: str) -> str:
    """Return the name of a fragment's class, as ariadne-codegen spells it."""
    return "".join(f"{word[:1].upper()}{word[1:]}" for word in name.split("_"))


def reserved_class_names(scalars: Iterable[str]) -> frozenset[str]:
    """Return the names that generated modules use themselves, and no generated class may have."""
    return _CLASS_NAMES | {scalar.rpartition(".")[2] for scalar in scalars} | set(kwlist)
