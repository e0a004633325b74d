"""A harness: what is read, from which good examples it is bent, what it may raise."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.fuzz.bent import bent, spliced

RECORDED: Final = Path(__file__).parents[1] / "recorded"
MOST_BYTES: Final = 64 << 10


@dataclass(frozen=True)
class Harness:
    """`declared`: what the reader says that it raises; all else is a bug."""

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    declared: tuple[type[Exception], ...]
    is_json: bool = False

    def run(self, data: bytes) -> None:
        """The first byte says from what: of three, one is taken as it is."""
        try:
            self.read(self.made(data)[:MOST_BYTES])
        except self.declared:
            pass

    def made(self, data: bytes) -> bytes:
        way, rest = data[:1] or b"\0", data[1:]
        which, raw = divmod(way[0], 3)
        if raw == 0:
            return rest
        seed = self.seeds[which % len(self.seeds)]
        if self.is_json and raw == 1:
            return json.dumps(bent(json.loads(seed), rest)).encode()
        return spliced(seed, rest)

    def corpus(self) -> list[bytes]:
        """Where libFuzzer begins: the examples as they are, and to be bent."""
        whole = [b"\0" + seed for seed in self.seeds]
        turns = [bytes([3 * n + raw]) for n in range(len(self.seeds)) for raw in (1, 2)]
        return [*whole, *turns]


def seed(value: Any) -> bytes:
    return json.dumps(value).encode()


def recorded(name: str) -> bytes:
    """The body of what was recorded; of a stream, its first line."""
    content = (RECORDED / name).read_bytes()
    if name.endswith(".http"):
        content = content.partition(b"\n\n")[2] or content.partition(b"\r\n\r\n")[2]
    return content.partition(b"\n")[0] if name.endswith(".ndjson") else content
