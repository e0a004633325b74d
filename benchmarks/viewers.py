"""Other people looking at the same map: many raw Server-Sent Events clients.

A process of its own, so that its work is not counted to the server or the browser, and
one that does as little as can be (no tasks, no buffers), since it shares the cores with
what is measured: `python -m benchmarks.viewers URL COUNT`. Prints `ready` once every
stream has given its first event, and a line of JSON with what came when its standard
input is closed.
"""

from __future__ import annotations

import selectors
import socket
import sys
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import orjson

AT_ONCE: Final = 50
"""Connections opened together; a crowd that arrives in one instant is another test."""
DELTA: Final = b"event: delta"
SNAPSHOT: Final = b"event: snapshot"


@dataclass
class Tally:
    open: int = 0
    lost: int = 0
    deltas: int = 0
    bytes: int = 0


@dataclass
class Crowd:
    url: str
    tally: Tally = field(default_factory=Tally)
    waiting: set[socket.socket] = field(default_factory=set)
    """Streams whose first event has not come."""
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def enter(self, count: int) -> None:
        """Open `count` streams and read until each has been told the picture."""
        for _ in range(count):
            self._open()
        while self.waiting:
            self._read()

    def watch(self) -> None:
        """Read every stream until standard input ends."""
        self.selector.register(sys.stdin, selectors.EVENT_READ)
        while self._read():
            pass

    def _open(self) -> None:
        parts = urlsplit(self.url)
        stream = socket.create_connection((parts.hostname or "", parts.port or 80))
        head = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        stream.sendall(f"{head}Accept: text/event-stream\r\n\r\n".encode())
        self.selector.register(stream, selectors.EVENT_READ)
        self.waiting.add(stream)
        self.tally.open += 1

    def _read(self) -> bool:
        """What has come; False once standard input says something, or has ended."""
        streams = [key.fileobj for key, _events in self.selector.select()]
        for stream in streams:
            if isinstance(stream, socket.socket):
                self._count(stream, stream.recv(65536))
        return sys.stdin not in streams

    def _count(self, stream: socket.socket, chunk: bytes) -> None:
        self.tally.bytes += len(chunk)
        self.tally.deltas += chunk.count(DELTA)
        if SNAPSHOT in chunk or not chunk:
            self.waiting.discard(stream)
        if not chunk:
            self.selector.unregister(stream)
            stream.close()
            self.tally.open -= 1
            self.tally.lost += 1


def crowd(url: str, count: int) -> Tally:
    """Open `count` streams, say `ready`, read until standard input ends."""
    there = Crowd(url)
    for start in range(0, count, AT_ONCE):
        there.enter(min(AT_ONCE, count - start))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    there.watch()
    return there.tally


if __name__ == "__main__":
    result = crowd(sys.argv[1], int(sys.argv[2]))
    sys.stdout.write(orjson.dumps(result).decode() + "\n")
