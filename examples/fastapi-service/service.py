"""A service that shares one Stash client between all its requests.

STASH_URL=http://localhost:9999 uvicorn service:app
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel

from stash_typed import StashClient
from stash_typed.errors import AuthenticationError, StashConnectionError, StashError


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None, None]:
    """Open the client with the service and close it with it; at most eight requests at a time."""
    async with StashClient(limit=8) as stash:
        await stash.wait_until_ready(timeout=30)
        app.state.stash = stash
        yield


app = FastAPI(lifespan=lifespan)


def stash_of(request: Request) -> StashClient:
    """The one client."""
    stash: StashClient = request.app.state.stash
    return stash


Stash = Annotated[StashClient, Depends(stash_of)]


class SceneRow(BaseModel):
    """What the service tells of a scene: also what it asks the server for."""

    id: str
    title: str | None
    rating100: int | None


@app.get("/scenes/{id}")
async def scene(id: str, stash: Stash) -> SceneRow:
    """One scene."""
    try:
        found = await stash.scenes.get(id, select=SceneRow)
    except StashConnectionError as error:
        raise HTTPException(503, "the library does not answer") from error
    except AuthenticationError as error:
        raise HTTPException(500, "the library refuses this service") from error
    except StashError as error:
        raise HTTPException(502, error.message) from error
    if found is None:
        raise HTTPException(404, f"no scene {id}")
    return found


@app.get("/count")
async def count(stash: Stash) -> int:
    """How many scenes there are."""
    return await stash.scenes.count()
