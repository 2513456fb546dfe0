"""A column of docs/versions.md: which methods of the facade a release can serve."""

from __future__ import annotations

from graphql import GraphQLInputObjectType, GraphQLSchema

from .documents.prune import Pruned
from .matrix import Column

__all__ = ["FACADE"]

_JOB = ("findJob", "stopJob", "jobsSubscribe")
_KINDS = ("Scene", "Image", "Gallery", "Performer", "Studio", "Tag", "Group", "SceneMarker")
_PLURALS = {"Gallery": "Galleries"}
_TASKS = {
    "scan": "metadataScan",
    "generate": "metadataGenerate",
    "auto_tag": "metadataAutoTag",
    "identify": "metadataIdentify",
    "clean": "metadataClean",
    "clean_generated": "metadataCleanGenerated",
    "optimise_database": "optimiseDatabase",
    "export_metadata": "metadataExport",
    "import_metadata": "metadataImport",
    "import_objects": "importObjects",
    "run_plugin_task": "runPluginTask",
}
_COLLECTIONS = {
    noun: f"{'marker' if noun == 'SceneMarker' else noun.lower()}s".replace("gallerys", "galleries")
    for noun in _KINDS
}
_METHODS: dict[str, tuple[str, ...]] = {
    "wait_until_ready": ("systemStatus",),
    **{method: (field, *_JOB) for method, field in _TASKS.items()},
    "backup": ("backupDatabase",),
    "anonymise": ("anonymiseDatabase",),
    "export_objects": ("exportObjects",),
    "freeones": ("scrapeSinglePerformer",),
    "suspend_hooks": ("plugins", "setPluginsEnabled"),
}


def _cell(schema: GraphQLSchema, pruned: Pruned) -> str:
    """Say how many methods have all that they ask for, and which lack some."""
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    known = {name for root in roots if root for name in root.fields}
    lacking = [name for name, fields in _METHODS.items() if not known.issuperset(fields)]
    lacking += [name for noun, name in _COLLECTIONS.items() if not _whole(noun, schema, known)]
    number = len(_METHODS) + len(_COLLECTIONS)
    without = f" (not whole: {', '.join(lacking)})" if lacking else ""
    return f"{number - len(lacking)} of {number}{without}"


def _whole(noun: str, schema: GraphQLSchema, known: set[str]) -> bool:
    """Whether a collection can be read and changed; where a kind has tags, they too.

    Without the bulk form they are changed one by one, if the update of one takes them.
    """
    update = f"{noun[0].lower()}{noun[1:]}Update"
    if not known.issuperset((f"find{_PLURALS.get(noun, f'{noun}s')}", update)):
        return False
    one = schema.get_type(f"{noun}UpdateInput")
    by_itself = isinstance(one, GraphQLInputObjectType) and "tag_ids" in one.fields
    return noun == "Tag" or by_itself or f"bulk{noun}Update" in known


FACADE: tuple[Column, ...] = (Column("facade methods and collections", _cell),)
