"""Starts and ends the process of other viewers (`benchmarks.viewers`)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import orjson

from benchmarks.stage import TOP, Json, Stage, StageError


@dataclass
class Watching:
    """`seen`: what they saw, at the end."""

    seen: Json = field(
        default_factory=lambda: {"open": 0, "lost": 0, "deltas": 0, "bytes": 0}
    )
    _child: subprocess.Popen[str] | None = None

    def again(self) -> None:
        """Let them count anew from now on."""
        if self._child is None or self._child.stdin is None:
            return
        self._child.stdin.write("again\n")
        self._child.stdin.flush()
        self.hear("again")

    def hear(self, word: str) -> None:
        assert self._child is not None and self._child.stdout is not None
        if self._child.stdout.readline() != f"{word}\n":
            raise StageError(f"the viewers did not say {word}")

    def delays_ms(self) -> dict[int, int]:
        """How many deltas took so many milliseconds to each viewer."""
        return {int(ms): n for ms, n in self.seen.get("delays_ms", {}).items()}


@contextmanager
def streaming(urls: Sequence[str], count: int) -> Iterator[Watching]:
    """`count` viewers attached to these streams, spread over them."""
    if count == 0:
        yield Watching()
        return
    command = [sys.executable, "-m", "benchmarks.viewers", str(count), *urls]
    with subprocess.Popen(
        command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        crowd = Watching(_child=child)
        crowd.hear("ready")
        try:
            yield crowd
        finally:
            said, _ = child.communicate()
            crowd.seen |= orjson.loads(said)
    if crowd.seen["lost"]:
        raise StageError(f"{crowd.seen['lost']} of {count} viewers were cut off")


@contextmanager
def watching(stage: Stage, count: int) -> Iterator[Watching]:
    """Likewise, of a stage's one deployment."""
    url = f"{stage.url}/api/v1/deployments/{stage.deployment}/stream"
    with streaming([url], count) as crowd:
        yield crowd
