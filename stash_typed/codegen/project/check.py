"""Is a user's client, as it was generated, good against their server as it is now?"""

from __future__ import annotations

from graphql import GraphQLSchema

from ..documents.check import check
from ..findings import Finding
from .client import generated_from
from .documents import project_documents
from .project import Project

__all__ = ["check_project"]


def check_project(project: Project, schema: GraphQLSchema) -> list[Finding]:
    """Hold what is in a user's client against a server's schema.

    Shipped operations are taken as they were generated: what was cut then is not missed now.
    """
    documents = project_documents(project, generated_from(project) or schema)
    return check(documents.document, schema)
