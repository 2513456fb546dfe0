"""Covers made on request."""

from __future__ import annotations

from graphql import GraphQLResolveInfo

from stash_typed.sandbox.content.pictures import plain_png
from stash_typed.sandbox.errors import AnswerError
from stash_typed.sandbox.graphql.context import context_of
from stash_typed.sandbox.graphql.registry import mutation
from stash_typed.sandbox.jobs import JobHandle

__all__: list[str] = []

_ANSWER = "todo"
"""What the real server answers, word for word; the job's end is not told."""


@mutation("sceneGenerateScreenshot")
def scene_generate_screenshot(
    _parent: None,
    info: GraphQLResolveInfo,
    *,
    id: str,
    at: float | None = None,
) -> str:
    """Start making a scene's cover; the picture is synthetic, the moment only colours it."""
    context = context_of(info)
    store = context.store

    def task(job: JobHandle) -> None:
        try:
            scene = int(id)
            store.scenes.require(scene)
        except (ValueError, AnswerError) as problem:
            raise AnswerError(f"error finding scene for screenshot generation: {problem}") from None
        job.check()
        store.set_blob("scene", scene, "cover", plain_png(64, 36, scene + int(at or 0)))

    context.jobs.add(f"Generating screenshot for scene id {id}", task)
    return _ANSWER
