"""Other people looking at the same map: many raw Server-Sent Events clients.

A process of its own, so that its work is not counted to the server or the browser, and
one that does as little as can be (no tasks, no buffers but for the rest of an event),
since it shares the cores with what is measured:
`python -m benchmarks.viewers COUNT URL [URL...]`, the streams spread over the
addresses. Prints `ready` once every stream has given its first event; says `again` to a
line on standard input, and counts anew from there; prints a line of JSON with what came
when its standard input is closed.
"""

from __future__ import annotations

import re
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import cycle
from typing import Final
from urllib.parse import urlsplit

import orjson

AT_ONCE: Final = 50
"""Connections opened together; a crowd that arrives in one instant is another test."""
DELTA: Final = b"event: delta"
SNAPSHOT: Final = b"event: snapshot"
END: Final = b"\n\n"
MADE: Final = re.compile(rb'"at":"([^"]+)"')
"""When the picture that a delta leads to was made; the first moment in it."""


@dataclass
class Tally:
    open: int = 0
    lost: int = 0
    deltas: int = 0
    bytes: int = 0
    delays_ms: Counter[int] = field(default_factory=Counter)
    """From a picture's making to its delta being here whole; of how many, by whole
    milliseconds. Both ends read the same machine's clock."""

    def again(self) -> None:
        self.deltas = self.bytes = 0
        self.delays_ms.clear()


@dataclass
class Crowd:
    urls: Sequence[str]
    tally: Tally = field(default_factory=Tally)
    waiting: set[socket.socket] = field(default_factory=set)
    """Streams whose first event has not come."""
    rests: dict[socket.socket, bytes] = field(default_factory=dict)
    """What has come of an event that is not whole yet."""
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def __post_init__(self) -> None:
        self._next = cycle(self.urls)

    def enter(self, count: int) -> None:
        """Open `count` streams and read until each has been told the picture."""
        for _ in range(count):
            self._open(next(self._next))
        while self.waiting:
            self._read()

    def watch(self) -> None:
        """Read every stream until standard input ends."""
        self.selector.register(sys.stdin, selectors.EVENT_READ)
        while self._read() or self._counts_again():
            pass

    def _counts_again(self) -> bool:
        """Whether standard input said something, rather than that it has ended."""
        if not sys.stdin.readline():
            return False
        self.tally.again()
        sys.stdout.write("again\n")
        sys.stdout.flush()
        return True

    def _open(self, url: str) -> None:
        parts = urlsplit(url)
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
        self._time(stream, chunk)
        if SNAPSHOT in chunk or not chunk:
            self.waiting.discard(stream)
        if not chunk:
            self.selector.unregister(stream)
            self.rests.pop(stream, None)
            stream.close()
            self.tally.open -= 1
            self.tally.lost += 1

    def _time(self, stream: socket.socket, chunk: bytes) -> None:
        *whole, rest = (self.rests.pop(stream, b"") + chunk).split(END)
        now_ms = time.time_ns() // 1_000_000
        for event in whole:
            made = MADE.search(event) if DELTA in event else None
            if made is not None:
                self.tally.deltas += 1
                self.tally.delays_ms[max(0, now_ms - _ms(made[1].decode()))] += 1
        if rest:
            self.rests[stream] = rest


def _ms(instant: str) -> int:
    return round(datetime.fromisoformat(instant).timestamp() * 1000)


def crowd(urls: Sequence[str], count: int) -> Tally:
    """Open `count` streams, say `ready`, read until standard input ends."""
    there = Crowd(urls)
    for start in range(0, count, AT_ONCE):
        there.enter(min(AT_ONCE, count - start))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    there.watch()
    return there.tally


if __name__ == "__main__":
    result = crowd(sys.argv[2:], int(sys.argv[1]))
    sys.stdout.write(
        orjson.dumps(result, option=orjson.OPT_NON_STR_KEYS).decode() + "\n"
    )
