"""GraphQL over a WebSocket: the `graphql-transport-ws` protocol on `/graphql`."""

from __future__ import annotations

import asyncio
import json
from typing import cast

from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..graphql.context import SandboxContext
from ..graphql.documents import InvalidDocumentError
from ..graphql.execution import Executor, Request
from .addresses import context_for
from .refusal import answer_instead

_PROTOCOL = "graphql-transport-ws"
_MOST_SOCKETS = 200
_MOST_OPERATIONS = 1000  # at once on one socket
_INVALID = (4400, "Invalid message received")
_Message = dict[str, object]


class GraphQLSocket:
    """The endpoint of WebSocket connections; each may carry many operations at once."""

    def __init__(self) -> None:
        self._open = 0

    async def __call__(self, socket: WebSocket) -> None:
        if self._open >= _MOST_SOCKETS:
            text = f"the sandbox has {_MOST_SOCKETS} WebSockets open, its most\n"
            refusal = PlainTextResponse(text, 503)
            await answer_instead(refusal, socket.scope, socket.receive, socket.send)
            return
        if _PROTOCOL not in socket.scope.get("subprotocols", []):
            await socket.accept()
            await socket.close(4406, "Subprotocol not acceptable")
            return
        connection = _Connection(socket, socket.app.state.executor, context_for(socket))
        self._open += 1
        try:
            await socket.accept(_PROTOCOL)
            await connection.serve()
        except WebSocketDisconnect:
            pass
        finally:
            self._open -= 1
            await connection.end()


class _Connection:
    def __init__(self, socket: WebSocket, executor: Executor, context: SandboxContext) -> None:
        self._socket = socket
        self._executor = executor
        self._context = context
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._acknowledged = False

    async def serve(self) -> None:
        problem: tuple[int, str] | None = None
        while problem is None:
            try:
                message: object = json.loads(await self._socket.receive_text())
            except (ValueError, KeyError, RecursionError):
                message = None
            problem = await self._take(message)
        await self._socket.close(*problem)

    async def end(self) -> None:
        for task in self._operations.values():
            task.cancel()
        await asyncio.gather(*self._operations.values(), return_exceptions=True)

    async def _take(self, received: object) -> tuple[int, str] | None:
        message = cast("_Message", received) if isinstance(received, dict) else {}
        kind = message.get("type")
        if kind == "connection_init":
            if self._acknowledged:
                return 4429, "Too many initialisation requests"
            self._acknowledged = True
            await self._send({"type": "connection_ack"})
        elif kind == "ping":
            await self._send({"type": "pong"})
        elif kind == "subscribe":
            return await self._start(message)
        elif kind == "complete":
            task = self._operations.pop(str(message.get("id")), None)
            if task is not None:
                task.cancel()
        elif kind != "pong":
            return _INVALID
        return None

    async def _start(self, message: _Message) -> tuple[int, str] | None:
        if not self._acknowledged:
            return 4401, "Unauthorized"
        identity, payload = message.get("id"), message.get("payload")
        if not isinstance(identity, str) or not isinstance(payload, dict):
            return _INVALID
        if identity in self._operations:
            return 4409, f"Subscriber for {identity} already exists"
        if len(self._operations) >= _MOST_OPERATIONS:
            return 4429, f"More than {_MOST_OPERATIONS} operations at once"
        values = cast("dict[str, object]", payload)
        name, variables = values.get("operationName"), values.get("variables")
        request = Request(
            query=str(values.get("query") or ""),
            operation_name=name if isinstance(name, str) else None,
            variables=cast("dict[str, object]", variables) if isinstance(variables, dict) else {},
        )
        task = asyncio.get_running_loop().create_task(self._run(identity, request))
        self._operations[identity] = task
        # After one turn of the loop the subscription listens, so that whatever the client sends next
        # finds it in place.
        await asyncio.sleep(0)
        return None

    async def _run(self, identity: str, request: Request) -> None:
        try:
            async for answer in self._executor.answers(request, self._context):
                await self._send({"payload": answer, "id": identity, "type": "next"})
        except InvalidDocumentError as error:
            await self._send({"payload": error.errors, "id": identity, "type": "error"})
        else:
            await self._send({"id": identity, "type": "complete"})
        finally:
            self._operations.pop(identity, None)

    async def _send(self, message: _Message) -> None:
        await self._socket.send_text(json.dumps(message, ensure_ascii=False))
