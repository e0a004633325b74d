"""Other people looking at the same map: many raw Server-Sent Events clients.

A process of its own, so that its work is not counted to the server or the browser:
`python -m benchmarks.viewers URL COUNT`. Prints `ready` once every stream has given its
first event, and a line of JSON with what came when its standard input is closed.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import orjson

AT_ONCE: Final = 50
"""Connections opened together; a crowd that arrives in one instant is another test."""


@dataclass
class Tally:
    open: int = 0
    lost: int = 0
    deltas: int = 0
    bytes: int = 0


async def view(url: str, tally: Tally, first: asyncio.Event) -> None:
    """Read one stream for ever; count what comes."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    writer.write(f"{head}Accept: text/event-stream\r\n\r\n".encode())
    tally.open += 1
    try:
        while chunk := await reader.read(65536):
            tally.bytes += len(chunk)
            tally.deltas += chunk.count(b"event: delta")
            if b"event: snapshot" in chunk:
                first.set()
    finally:
        tally.open -= 1
        tally.lost += 1
        first.set()
        writer.close()


async def crowd(url: str, count: int) -> Tally:
    """Open `count` streams, say `ready`, read until standard input ends."""
    tally = Tally()
    tasks: list[asyncio.Task[None]] = []
    for start in range(0, count, AT_ONCE):
        firsts = [asyncio.Event() for _ in range(min(AT_ONCE, count - start))]
        tasks += [asyncio.create_task(view(url, tally, first)) for first in firsts]
        await asyncio.gather(*(first.wait() for first in firsts))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    seen = Tally(tally.open, tally.lost, tally.deltas, tally.bytes)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return seen


if __name__ == "__main__":
    result = asyncio.run(crowd(sys.argv[1], int(sys.argv[2])))
    sys.stdout.write(orjson.dumps(result).decode() + "\n")
