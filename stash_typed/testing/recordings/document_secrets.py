"""Finding secrets in a GraphQL document: literals, and the variables that carry others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from graphql import (
    ArgumentNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    GraphQLSyntaxError,
    IntValueNode,
    ObjectFieldNode,
    StringValueNode,
    TokenKind,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    parse,
    print_ast,
)
from graphql.language.ast import Node

from stash_typed._runtime.redact import HIDDEN, redactor

SECRET_NAME = re.compile(
    r"(?:api|access|private|handy)_?key|password|passphrase|passwd|pwd|secret|token|cookie"
    r"|session(?!_?age)|credential|authorization",
    re.IGNORECASE,
)
_Leaf = StringValueNode | EnumValueNode | IntValueNode | FloatValueNode
_LEAVES = (StringValueNode, EnumValueNode, IntValueNode, FloatValueNode)
# An unclosed string runs to the end, so that each character is read once.
_LITERAL_OR_COMMENT = re.compile(
    r'"""(?:\\"""|[^"]|"(?!""))*(?:"""|\Z)|"(?:[^"\\\r\n]|\\.)*"?|#[^\r\n]*'
)


@dataclass(frozen=True)
class DocumentSecrets:
    """A document with `"***"` in place of its secrets, and the secrets it refers to."""

    text: str
    literals: frozenset[str] = frozenset()  # given for arguments such as `password`
    variables: frozenset[str] = frozenset()  # passed on as such arguments
    aliases: frozenset[str] = frozenset()  # of fields such as `apiKey`


def document_secrets(text: str, secrets: Iterable[str] = ()) -> DocumentSecrets:
    """Find the secrets in a document; if it is not GraphQL, every literal counts as secret.

    Known secrets are hidden in any literal and comment.
    """
    redacted = redactor(secrets)
    try:
        document = parse(text)
    except (GraphQLSyntaxError, RecursionError):
        # An unquoted password may be the reason that it does not parse.
        return DocumentSecrets(redacted(_LITERAL_OR_COMMENT.sub(f'"{HIDDEN}"', text)))
    nodes = list(_nodes(document))
    secret = [
        each
        for each in nodes
        if isinstance(each, (ArgumentNode, ObjectFieldNode, FieldNode))
        and SECRET_NAME.search(each.name.value)
    ]
    passed_on = [
        leaf for each in secret if not isinstance(each, FieldNode) for leaf in _leaves(each.value)
    ]
    variables = {each.name.value for each in passed_on if isinstance(each, VariableNode)}
    for node in nodes:
        if isinstance(node, VariableDefinitionNode) and node.default_value is not None:
            name = node.variable.name.value
            if name in variables or SECRET_NAME.search(name):
                passed_on += _leaves(node.default_value)
    hidden = [each for each in passed_on if not isinstance(each, VariableNode)]
    changes = dict.fromkeys(map(_span, hidden), f'"{HIDDEN}"')
    for node in nodes:
        if isinstance(node, StringValueNode) and _span(node) not in changes:
            shown = redacted(node.value)
            if shown != node.value:
                changes[_span(node)] = print_ast(StringValueNode(value=shown, block=node.block))
    token = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind is TokenKind.COMMENT:
            changes[token.start, token.end] = redacted(text[token.start : token.end])
        token = token.next
    for (start, end), new in sorted(changes.items(), reverse=True):
        text = f"{text[:start]}{new}{text[end:]}"
    return DocumentSecrets(
        text,
        frozenset(each.value for each in hidden if isinstance(each, StringValueNode)),
        frozenset(variables),
        frozenset(
            each.alias.value for each in secret if isinstance(each, FieldNode) and each.alias
        ),
    )


def _nodes(root: Node) -> Iterator[Node]:
    waiting: list[object] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Node):
            yield node
            waiting += [getattr(node, key, None) for key in reversed(node.keys) if key != "loc"]
        elif isinstance(node, (list, tuple)):
            waiting += reversed(cast("Sequence[object]", node))


def _leaves(value: ValueNode) -> Iterator[_Leaf | VariableNode]:
    """Yield the variables and literals in a value, except true, false and null."""
    for node in _nodes(value):
        if isinstance(node, (VariableNode, *_LEAVES)) and getattr(node, "value", None) != "":
            yield node


def _span(node: Node) -> tuple[int, int]:
    return (node.loc.start, node.loc.end) if node.loc else (0, 0)
