"""How a GraphQL name is spelt in Python."""

from __future__ import annotations

import re
from keyword import iskeyword

from pydantic import BaseModel

__all__ = ["field_name", "snake_case"]

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PLURAL = re.compile(r"[A-Z]{2,}s(?![a-z])")
_MODEL_ATTRIBUTES = frozenset(name for name in dir(BaseModel) if not name.startswith("_"))

# A field of such a name would stand for itself in the annotation of its own class.
_ANNOTATION_NAMES = frozenset({"bool", "dict", "float", "int", "list", "str"})


def snake_case(name: str) -> str:
    """Spell a GraphQL name as a Python argument or method.

    Args:
        name: a name of the schema or of an operation.

    Returns:
        The name in snake_case; digits stay where they are (`rating100`), names in capitals stay
        as they are (`AND`), and a Python keyword gets an underscore behind it.
    """
    # In `sceneIDs` the plural is no word of its own.
    words = _PLURAL.sub(lambda plural: plural.group().capitalize(), name)
    python = name if name.isupper() else _WORD_START.sub("_", words).lower()
    return f"{python}_" if iskeyword(python) else python


def field_name(name: str) -> str:
    """Spell a GraphQL name as a field of a model, out of the way of pydantic's own attributes.

    Args:
        name: a field of the schema.

    Returns:
        As `snake_case`, with an underscore behind it where pydantic or an annotation needs that name.
    """
    python = snake_case(name.lstrip("_"))
    return f"{python}_" if python in _MODEL_ATTRIBUTES | _ANNOTATION_NAMES else python
