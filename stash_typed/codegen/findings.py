"""Findings that prevent generation: each has `file:line` and a fix."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import Node, get_location

from stash_typed._runtime.foreign_text import one_line

__all__ = ["CodegenError", "Finding", "where"]

_LONGEST_MESSAGE = 1000


@dataclass(frozen=True)
class Finding:
    """A problem that prevents generation: `file:line`, what is wrong, what to do."""

    where: str
    message: str

    def __post_init__(self) -> None:
        # Lines without control characters, whoever wrote the names in them.
        object.__setattr__(self, "where", one_line(self.where, _LONGEST_MESSAGE))
        object.__setattr__(self, "message", one_line(self.message, _LONGEST_MESSAGE))

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class CodegenError(Exception):
    """Nothing was generated; the findings say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings)
        self.findings = findings

    @classmethod
    def at(cls, where: object, message: str) -> CodegenError:
        """Return the error of one finding."""
        return cls([Finding(str(where), message)])

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


def where(node: Node) -> str:
    """Return `file:line` of a node that was read by `read_documents`."""
    if node.loc is None:
        return "<document>"
    return f"{node.loc.source.name}:{get_location(node.loc.source, node.loc.start).line}"
