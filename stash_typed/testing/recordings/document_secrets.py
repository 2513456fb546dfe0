"""What a GraphQL document tells of secrets: those that are written into it, and where others go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from graphql import (
    ArgumentNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    GraphQLSyntaxError,
    IntValueNode,
    ListValueNode,
    ObjectFieldNode,
    ObjectValueNode,
    StringValueNode,
    TokenKind,
    VariableDefinitionNode,
    VariableNode,
    parse,
    print_ast,
)
from graphql.language.ast import Node

from stash_typed._runtime.redact import HIDDEN, redactor

if TYPE_CHECKING:
    from graphql import DocumentNode, ValueNode

__all__ = ["SECRET_NAME", "DocumentSecrets", "document_secrets"]

SECRET_NAME = re.compile(
    r"(?:api|access|private|handy)_?key|password|passphrase|passwd|pwd|secret|token|cookie"
    r"|session(?!_?age)|credential|authorization",
    re.IGNORECASE,
)
# A text that is not closed goes on to the end, so that each character is read once.
_LITERAL_OR_COMMENT = re.compile(
    r'"""(?:\\"""|[^"]|"(?!""))*(?:"""|\Z)|"(?:[^"\\\r\n]|\\.)*"?|#[^\r\n]*'
)


@dataclass(frozen=True)
class DocumentSecrets:
    """What a document tells of secrets.

    Attributes:
        text: the document with `"***"` in place of what is secret.
        literals: the texts that are written into it for arguments such as `password`.
        variables: the names of variables that it passes on as such arguments.
        aliases: names under which it asks for fields such as `apiKey`.
    """

    text: str
    literals: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    aliases: frozenset[str] = frozenset()


def document_secrets(text: str, secrets: Iterable[str] = ()) -> DocumentSecrets:
    """Look for secrets in a document; of one that is not GraphQL all literals count as secret.

    Known secrets are hidden in any literal and comment.
    """
    redacted = redactor(secrets)
    try:
        document = parse(text)
    except (GraphQLSyntaxError, RecursionError):
        # An unquoted password may well be why it is none.
        return DocumentSecrets(redacted(_LITERAL_OR_COMMENT.sub(f'"{HIDDEN}"', text)))
    passed_on = [value for node in _nodes(document) for value in _secret_values(node)]
    variables = {each.name.value for each in passed_on if isinstance(each, VariableNode)}
    for node in _nodes(document):
        if isinstance(node, VariableDefinitionNode) and node.default_value is not None:
            name = node.variable.name.value
            if name in variables or SECRET_NAME.search(name):
                passed_on += _leaves(node.default_value)
    hidden = [each for each in passed_on if not isinstance(each, VariableNode)]
    changes = {id(each): (each, f'"{HIDDEN}"') for each in hidden}
    for node in _nodes(document):
        if isinstance(node, StringValueNode) and id(node) not in changes:
            shown = redacted(node.value)
            if shown != node.value:
                changes[id(node)] = node, print_ast(StringValueNode(value=shown, block=node.block))
    return DocumentSecrets(
        _changed(text, document, changes.values(), redacted),
        frozenset(each.value for each in hidden if isinstance(each, StringValueNode)),
        frozenset(variables),
        frozenset(
            node.alias.value
            for node in _nodes(document)
            if isinstance(node, FieldNode) and node.alias and SECRET_NAME.search(node.name.value)
        ),
    )


def _nodes(document: DocumentNode) -> Iterator[Node]:
    """Yield all nodes, in the order of the text."""
    waiting: list[object] = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Node):
            yield node
            waiting += [getattr(node, key, None) for key in reversed(node.keys) if key != "loc"]
        elif isinstance(node, (list, tuple)):
            waiting += reversed(cast("Sequence[object]", node))


def _secret_values(node: Node) -> Iterator[ValueNode]:
    """Yield what is written in an argument or a field of an input that is secret by its name."""
    if isinstance(node, (ArgumentNode, ObjectFieldNode)) and SECRET_NAME.search(node.name.value):
        yield from _leaves(node.value)


def _leaves(value: ValueNode) -> Iterator[ValueNode]:
    """Yield the variables in a value and its literals; true, false and null say nothing."""
    if isinstance(value, ListValueNode):
        for item in value.values:
            yield from _leaves(item)
    elif isinstance(value, ObjectValueNode):
        for field in value.fields:
            yield from _leaves(field.value)
    elif isinstance(value, StringValueNode):
        if value.value:
            yield value
    elif isinstance(value, (VariableNode, EnumValueNode, IntValueNode, FloatValueNode)):
        yield value


def _changed(
    text: str,
    document: DocumentNode,
    changes: Iterable[tuple[ValueNode, str]],
    redacted: Callable[[str], str],
) -> str:
    """Write a document with other literals, and its comments without secrets."""
    pieces = [(node.loc.start, node.loc.end, new) for node, new in changes if node.loc]
    token = document.loc.start_token if document.loc else None
    while token is not None:
        if token.kind is TokenKind.COMMENT:
            comment = text[token.start : token.end]
            pieces.append((token.start, token.end, redacted(comment)))
        token = token.next
    for start, end, new in sorted(pieces, reverse=True):
        text = f"{text[:start]}{new}{text[end:]}"
    return text
