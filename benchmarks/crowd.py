"""Starts and ends the process of other viewers (`benchmarks.viewers`)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from benchmarks.stage import TOP, Json, Stage, StageError


@contextmanager
def watching(stage: Stage, count: int) -> Iterator[Json]:
    """`count` other viewers attached; what they saw is in the dict at the end."""
    seen: Json = {"open": 0, "lost": 0, "deltas": 0, "bytes": 0}
    if count == 0:
        yield seen
        return
    url = f"{stage.url}/api/v1/deployments/{stage.deployment}/stream"
    command = [sys.executable, "-m", "benchmarks.viewers", url, str(count)]
    with subprocess.Popen(
        command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        if child.stdout.readline() != "ready\n":
            raise StageError(f"{count} viewers could not be attached")
        try:
            yield seen
        finally:
            said, _ = child.communicate()
            seen |= orjson.loads(said)
    if seen["lost"]:
        raise StageError(f"{seen['lost']} of {count} viewers were cut off")
