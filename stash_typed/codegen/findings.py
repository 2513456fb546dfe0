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
        # Names may come from an untrusted server: strip control characters.
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
        """Return an error with a single finding."""
        return cls([Finding(str(where), message)])

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


def where(node: Node) -> str:
    """Return the `file:line` of a node from `read_documents`."""
    if node.loc is None:
        return "<document>"
    return f"{node.loc.source.name}:{get_location(node.loc.source, node.loc.start).line}"
