"""One run through all recordings against a fresh sandbox."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Subprotocol

from stash_typed.sandbox import Sandbox
from stash_typed.sandbox.jobs import JobEvent
from tests.sandbox.recorded_library import make_ffprobe, make_library
from tests.sandbox.replay import (
    Names,
    Recording,
    given_answer,
    load_recordings,
    normalised,
    recorded_answer,
    send,
)

__all__ = ["Pair", "replay"]

_PROTOCOL = Subprotocol("graphql-transport-ws")
_ALL_KINDS = [
    "covers",
    "sprites",
    "previews",
    "imagePreviews",
    "markers",
    "transcodes",
    "phashes",
    "interactiveHeatmapsSpeeds",
    "imageThumbnails",
    "clipPreviews",
    "overwrite",
]


@dataclass(frozen=True)
class Pair:
    """The real answer and the sandbox's, made comparable."""

    recorded: Any
    given: Any


def replay(folder: Path, environment: pytest.MonkeyPatch) -> dict[str, Pair]:
    """Send every recording, in order.

    Args:
        folder: an empty one, for the library and the server's files.
        environment: for the search path, so that the server finds the programs of the test.

    Returns:
        Recording's name to the two answers.
    """
    for name in ("stash", "home"):
        (folder / name).mkdir()
    make_library(folder / "media")
    make_ffprobe(folder / "bin")
    (folder / "bin" / "ffmpeg").symlink_to(folder / "bin" / "ffprobe")
    environment.setenv("PATH", str(folder / "bin"))
    environment.setenv("HOME", str(folder / "home"))
    with Sandbox(
        data=folder / "stash", status="SETUP", offline=True, allowed_folders=[folder]
    ) as server:
        server.state.jobs.update_seconds = 0
        run = _Run(server, folder)
        for name, recording in load_recordings().items():
            run.one(name, recording)
        return run.pairs


class _Run:
    def __init__(self, server: Sandbox, folder: Path) -> None:
        self.pairs: dict[str, Pair] = {}
        self._server = server
        self._names = Names(
            here={
                "/home/stash": str(folder / "home"),
                "/stash": str(folder / "stash"),
                "/media": str(folder / "media"),
                "/usr/bin": str(folder / "bin"),
            },
            host=server.url.removeprefix("http://"),
        )
        self._listening = ExitStack()

    def one(self, name: str, recording: Recording) -> None:
        """Send one recording and keep the two answers."""
        title = recording["name"]
        if title in ("metadata-scan", "metadata-generate"):
            self._socket_of_jobs = self._listening.enter_context(self._socket())
            _subscribe(self._socket_of_jobs)
        elif title == "job-queue-running":
            self._start_held_job()
        elif title == "find-job-cancelled":
            self._release_held_job()
        if "error" in recording:
            self.pairs[name] = Pair(recording["error"], self._refused_handshake())
        elif title.startswith("jobs-subscribe"):
            frames = self._job_frames(self._socket_of_jobs)
            self._listening.close()
            self.pairs[name] = Pair(_summary(_server_frames(recording)), _summary(frames))
        elif "frames" in recording:
            given = self._frames(recording)
            self.pairs[name] = Pair(normalised(_server_frames(recording)), normalised(given))
        else:
            self.pairs[name] = self._exchange(recording)

    def _exchange(self, recording: Recording) -> Pair:
        request, response = recording["request"], recording["response"]
        if recording["name"] == "cookie-wrong":
            request = {**request, "headers": {**request["headers"], "cookie": "session=wrong"}}
        with httpx.Client(base_url=self._server.url, trust_env=False) as client:
            given = send(client, request, self._names)
        if recording["name"] == "login-ok":
            self._names.here["RECORDED-SESSION"] = given.cookies["session"]
        elif recording["name"] == "generate-api-key":
            key = given.json()["data"]["generateAPIKey"]
            assert len(key) > 20
            self._names.here["RECORDED-API-KEY"] = key
        elif recording["name"].startswith("backup-download") and "json" in response:
            self._note_link(response["json"], given.json())
        return Pair(recorded_answer(response), given_answer(given, response, self._names))

    def _note_link(self, recorded: Any, given: Any) -> None:
        links = [each["data"]["backupDatabase"] for each in (recorded, given)]
        paths = [re.sub(r"^https?://[^/]*", "", link) for link in links]
        self._names.here[paths[0]] = paths[1]

    def _start_held_job(self) -> None:
        self._server.faults.hold_tasks()
        held = threading.Event()

        def hear(event: JobEvent) -> None:
            if event.job.subTasks:
                held.set()

        end = self._server.state.jobs.listen(hear)
        wishes = ", ".join(f"{kind}: true" for kind in _ALL_KINDS)
        query = f"mutation {{ metadataGenerate(input: {{ {wishes} }}) }}"
        answer = httpx.post(f"{self._server.url}/graphql", json={"query": query}, trust_env=False)
        assert answer.json() == {"data": {"metadataGenerate": "3"}}
        assert held.wait(10)
        end()

    def _release_held_job(self) -> None:
        ended = threading.Event()

        def hear(event: JobEvent) -> None:
            if event.type == "REMOVE":
                ended.set()

        end = self._server.state.jobs.listen(hear)
        self._server.faults.release_tasks()
        assert ended.wait(10)
        end()

    @contextmanager
    def _socket(self) -> Generator[Connection]:
        address = self._server.url.replace("http", "ws", 1) + "/graphql"
        with connect(address, subprotocols=[_PROTOCOL], proxy=None, open_timeout=10) as socket:
            yield socket

    def _job_frames(self, socket: Connection) -> list[Any]:
        frames: list[Any] = [{"type": "connection_ack"}]
        while True:
            frames.append(self._names.to_recorded(json.loads(socket.recv(20))))
            if frames[-1]["payload"]["data"]["jobsSubscribe"]["type"] == "REMOVE":
                return frames

    def _frames(self, recording: Recording) -> list[Any]:
        wanted = len(_server_frames(recording))
        frames: list[Any] = []
        with self._socket() as socket:
            for frame in recording["frames"]:
                if "client" in frame:
                    socket.send(json.dumps(frame["client"]))
            if recording["name"] == "logging-subscribe":
                frames.append(json.loads(socket.recv(10)))
                query = "mutation { metadataScan(input: {}) }"
                httpx.post(f"{self._server.url}/graphql", json={"query": query}, trust_env=False)
            while len(frames) < wanted:
                frames.append(self._names.to_recorded(json.loads(socket.recv(20))))
        return frames

    def _refused_handshake(self) -> str:
        with pytest.raises(InvalidStatus) as refusal, self._socket():
            pass
        assert refusal.value.response.body == b""
        return str(refusal.value)


def _subscribe(socket: Connection) -> None:
    fields = "id status subTasks description progress startTime endTime addTime error"
    query = f"subscription {{ jobsSubscribe {{ type job {{ {fields} }} }} }}"
    socket.send(json.dumps({"type": "connection_init"}))
    assert json.loads(socket.recv(10)) == {"type": "connection_ack"}
    socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
    # The answer to a ping shows that what was sent before it was taken.
    socket.send(json.dumps({"type": "ping"}))
    assert json.loads(socket.recv(10)) == {"type": "pong"}


def _server_frames(recording: Recording) -> list[Any]:
    return [frame["server"] for frame in recording["frames"] if "server" in frame]


def _summary(frames: list[Any]) -> dict[str, Any]:
    """Tell what a job's events have in common, whichever of its updates were left out."""
    jobs = [frame["payload"]["data"]["jobsSubscribe"] for frame in frames[1:]]
    titles = {title for each in jobs for title in each["job"]["subTasks"] or ()}
    known = [each["job"]["progress"] for each in jobs if each["job"]["progress"] is not None]
    assert known == sorted(known)
    return {
        "acknowledged": frames[0],
        "begins": normalised(frames[1:3]),
        "ends": normalised(frames[-1]),
        "in between": {(each["type"], each["job"]["status"]) for each in jobs[1:-1]},
        "says": {" ".join(title.split(" /")[0].split()[:2]) for title in titles},
        "names": titles
        & {"Scanning /media/clip-1.mp4", "Generating sprites for /media/clip-1.mp4"},
        "before the total is known": any(
            each["job"]["progress"] is None and each["job"]["subTasks"] for each in jobs
        ),
    }
