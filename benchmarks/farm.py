"""Many deployments' Kubernetes and Consul in one process, cheap enough to be watched on
the same machine: `python -m benchmarks.farm CROP DEPLOYMENTS [KIND]`.

CROP is a file that `benchmarks.harvest` filled; deployment `n` is at `/d<n>`. What is
answered is a simulated deployment's, but nothing is simulated: pods change when they
are told to (`POST /flip/<n>`, `POST /churn/<changes a second>`). KIND makes deployment
0 a bad one: it `hangs` (accepts and never answers), `floods` (pods change as fast as
they are read), `swells` (every answer is 50 MB of nothing), or `lies` (none is JSON).
Prints its port once it listens.
"""

from __future__ import annotations

import asyncio
import pickle
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import orjson
import uvloop

from benchmarks.harvest import KEYS, Crop
from benchmarks.stage import Json

BOOKMARK_S: Final = 60.0
LIMIT: Final = 500
SWOLLEN: Final = 50 * 1024 * 1024
GARBAGE: Final = b'\x00\xff{"items": [[[[' * 4096
INDEX: Final = {"X-Consul-Index": "42", "X-Consul-Knownleader": "true"}
BAD: Final = ("hangs", "floods", "swells", "lies")


@dataclass
class Deployment:
    """`version`: of its store; `changed`: pods that are otherwise than in the crop."""

    number: int
    version: int = 1000
    changed: dict[str, Json] = field(default_factory=dict)
    watches: dict[str, set[asyncio.StreamWriter]] = field(
        default_factory=lambda: defaultdict(set)
    )
    turn: int = 0


class Farm:
    def __init__(self, crop: Crop, count: int, bad: str | None) -> None:
        self._crop, self._bad = crop, bad
        self._deployments = [Deployment(number) for number in range(count)]
        self._pods = [
            (path, pod)
            for path, found in crop.lists.items()
            if path.endswith("/pods")
            for pod in found["items"]
        ]
        self._bodies = {path: self._pages(path) for path in crop.lists}
        self._rate, self._chance = 0.0, random.Random(1)

    async def serve(self) -> None:
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        await asyncio.gather(server.serve_forever(), self._churn(), self._bookmarks())

    async def _connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                await self._answer(head.split(" ", 2)[1], writer)
        writer.close()

    async def _answer(self, target: str, writer: asyncio.StreamWriter) -> None:
        parts = urlsplit(target)
        query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        first, _, rest = parts.path.lstrip("/").partition("/")
        if not first.startswith("d"):
            await self._told(first, rest, writer)
            return
        deployment, path = self._deployments[int(first[1:])], f"/{rest}"
        if deployment.number == 0 and self._bad and self._bad != "floods":
            await self._badly(writer)
        elif query.get("watch"):
            await self._watch(deployment, path, query, writer)
        elif path in self._crop.lists:
            body = self._listed(deployment, path, query.get("continue"))
            await _send(writer, body)
        else:
            await self._consul(path, query, writer)

    async def _badly(self, writer: asyncio.StreamWriter) -> None:
        if self._bad == "hangs":
            await asyncio.sleep(3600)
        elif self._bad == "lies":
            await _send(writer, GARBAGE)
        else:
            writer.write(_head(SWOLLEN, {}))
            for _ in range(SWOLLEN // 65536):
                writer.write(b" " * 65536)
                await writer.drain()

    async def _told(self, verb: str, value: str, writer: asyncio.StreamWriter) -> None:
        """What the benchmark asks for."""
        sent_at = time.time()
        if verb == "flip":
            self._flip(self._deployments[int(value)])
        else:
            self._rate = float(value)
        await _send(writer, orjson.dumps({"sent_at": sent_at}))

    def _listed(self, deployment: Deployment, path: str, after: str | None) -> bytes:
        pages = self._bodies[path]
        if path.endswith("/pods") and deployment.changed:
            pages = self._pages(path, deployment)
        return pages[int(after or 0)]

    def _pages(self, path: str, deployment: Deployment | None = None) -> list[bytes]:
        """A list as it is asked for, `LIMIT` objects at a time."""
        found = self._crop.lists[path]
        changed = deployment.changed if deployment else {}
        version = str(deployment.version if deployment else 1000)
        items = [changed.get(one["metadata"]["uid"], one) for one in found["items"]]
        cuts = range(0, max(1, len(items)), LIMIT)
        pages = []
        for number, start in enumerate(cuts, start=1):
            meta = {"resourceVersion": version}
            if number < len(cuts):
                meta["continue"] = str(number)
            part = found | {"metadata": meta, "items": items[start : start + LIMIT]}
            pages.append(orjson.dumps(part))
        return pages

    async def _watch(
        self,
        deployment: Deployment,
        path: str,
        query: Json,
        writer: asyncio.StreamWriter,
    ) -> None:
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        deployment.watches[path].add(writer)
        try:
            if self._floods(deployment, path):
                await self._flood(deployment, path, writer)
            await asyncio.sleep(float(query.get("timeoutSeconds", 300)))
        finally:
            deployment.watches[path].discard(writer)
        _tell(writer, b"0\r\n\r\n")

    def _floods(self, deployment: Deployment, path: str) -> bool:
        ours = self._bad == "floods" and deployment.number == 0
        return ours and path.endswith("/pods") and bool(self._crop.lists[path]["items"])

    async def _flood(
        self, deployment: Deployment, path: str, writer: asyncio.StreamWriter
    ) -> None:
        pods = self._crop.lists[path]["items"]
        while True:
            for pod in pods:
                writer.write(_chunk(self._turned(deployment, pod)))
            await writer.drain()

    async def _consul(
        self, path: str, query: Json, writer: asyncio.StreamWriter
    ) -> None:
        if "index" in query:
            await asyncio.sleep(float(query["wait"].removesuffix("ms")) / 1000)
        body = self._crop.consul[KEYS if path.startswith(KEYS) else path]
        await _send(writer, body, INDEX)

    async def _churn(self) -> None:
        """Pods change here and there, as often as it was asked for."""
        while True:
            if not self._rate:
                await asyncio.sleep(0.2)
                continue
            await asyncio.sleep(self._chance.expovariate(self._rate))
            self._flip(self._chance.choice(self._deployments))

    async def _bookmarks(self) -> None:
        """Each watch hears one a minute, all of them spread over it."""
        while True:
            watches = list(self._open())
            pause_s = BOOKMARK_S / max(1, len(watches))
            began = time.monotonic()
            for number, (deployment, writer) in enumerate(watches, start=1):
                meta = {"metadata": {"resourceVersion": str(deployment.version)}}
                _tell(writer, _chunk({"type": "BOOKMARK", "object": meta}))
                if (late := began + number * pause_s - time.monotonic()) > 0.05:
                    await asyncio.sleep(late)
            await asyncio.sleep(1.0)

    def _open(self) -> Iterator[tuple[Deployment, asyncio.StreamWriter]]:
        for deployment in self._deployments:
            for writers in deployment.watches.values():
                for writer in writers:
                    yield deployment, writer

    def _flip(self, deployment: Deployment) -> None:
        """The next pod is no longer ready, or is again; its watch is told."""
        path, pod = self._pods[deployment.turn // 2 % len(self._pods)]
        deployment.turn += 1
        line = _chunk(self._turned(deployment, pod))
        for writer in deployment.watches[path]:
            _tell(writer, line)

    def _turned(self, deployment: Deployment, pod: Json) -> Json:
        deployment.version += 1
        uid = pod["metadata"]["uid"]
        well = uid in deployment.changed
        changed = orjson.loads(orjson.dumps(deployment.changed.pop(uid, pod)))
        changed["metadata"]["resourceVersion"] = str(deployment.version)
        for condition in changed["status"]["conditions"]:
            if condition["type"] in ("Ready", "ContainersReady"):
                condition["status"] = "True" if well else "False"
        for container in changed["status"]["containerStatuses"]:
            container["ready"] = well
        if not well:
            deployment.changed[uid] = changed
        return {"type": "MODIFIED", "object": changed}


def _head(length: int, more: Json) -> bytes:
    told = {"Content-Type": "application/json", "Content-Length": length} | more
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode()


def _chunk(told: Json) -> bytes:
    line = orjson.dumps(told) + b"\n"
    return f"{len(line):x}\r\n".encode() + line + b"\r\n"


def _tell(writer: asyncio.StreamWriter, line: bytes) -> None:
    """To a watch, unless who watched has gone."""
    if not writer.is_closing():
        writer.write(line)


async def _send(
    writer: asyncio.StreamWriter, body: bytes, more: Json | None = None
) -> None:
    writer.write(_head(len(body), more or {}) + body)
    await writer.drain()


if __name__ == "__main__":
    file, count, *bad = sys.argv[1:]
    # Our own file, made by the process that starts this one.
    farm = Farm(
        pickle.loads(Path(file).read_bytes()), int(count), bad[0] if bad else None
    )
    uvloop.run(farm.serve())
