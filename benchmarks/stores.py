"""What it costs to ask a Redis with ten thousand clients who they are.

A real redis-server on loopback. Its own account (`INFO commandstats`) says how long the
list kept it from serving others; the collector's whole ask is timed from the outside.
The baseline is the usual client library's own reading of the same list, on the same
server in the same run.
"""

from __future__ import annotations

import resource
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import redis

from app.domain.facts_stores import ClientsFact
from app.domain.subject import NodeId
from benchmarks.stage import free_port, wait_for
from collectors.redis_store import RedisAddress, RedisCollector

CLIENTS: Final = 10_000
SOURCES: Final = [f"127.0.{net}.{host}" for net in (1, 2) for host in range(1, 101)]
"""Two hundred addresses that stand for pods."""
OWNERS: Final = {source: NodeId("workspace") for source in SOURCES}


@dataclass(frozen=True, slots=True)
class StoreCost:
    """Milliseconds of each ask; `serving_ms`: of each, the server's own part."""

    what: str
    clients: int
    times_ms: tuple[float, ...]
    serving_ms: float


def measure_stores(folder: Path, count: int) -> list[StoreCost]:
    """Raises `OSError` where a process may not hold so many connections."""
    _allow_files(CLIENTS + 500)
    with _server(folder) as port, ExitStack() as stack:
        for number in range(CLIENTS):
            source = SOURCES[number % len(SOURCES)]
            stack.enter_context(
                socket.create_connection(("127.0.0.1", port), 5, (source, 0))
            )
        library = redis.Redis("127.0.0.1", port)
        stack.callback(library.close)
        collector = RedisCollector(
            RedisAddress(f"redis://127.0.0.1:{port}"),
            lambda: OWNERS,
            lambda reading: None,
            lambda: datetime.fromtimestamp(time.time(), UTC),
        )
        return [
            _timed(
                "the client library's list (baseline)",
                library,
                count,
                lambda: len(library.client_list()),
            ),
            _timed(
                "the collector's whole ask", library, count, lambda: _asked(collector)
            ),
        ]


def _asked(collector: RedisCollector) -> int:
    (reading,) = collector.ask_once()
    return sum(fact.open for fact in reading.facts if isinstance(fact, ClientsFact))


def _timed(
    what: str, library: redis.Redis, count: int, ask: Callable[[], int]
) -> StoreCost:
    before, times = _served(library), []
    for _ in range(count):
        began = time.perf_counter()
        seen = ask()
        times.append((time.perf_counter() - began) * 1000)
        if seen < CLIENTS:
            raise RuntimeError(f"{what}: saw {seen} of {CLIENTS} clients")
    calls, spent = (a - b for a, b in zip(_served(library), before, strict=True))
    return StoreCost(what, CLIENTS, tuple(times), spent / calls / 1000)


def _served(library: redis.Redis) -> tuple[int, int]:
    """Calls of CLIENT LIST so far, and the microseconds that they took."""
    listed = library.info("commandstats").get("cmdstat_client|list", {})
    return int(listed.get("calls", 0)), int(listed.get("usec", 0))


def _allow_files(most: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, max(most, hard)))


@contextmanager
def _server(folder: Path) -> Iterator[int]:
    port, program = free_port(), shutil.which("redis-server")
    if program is None:
        raise RuntimeError("redis-server is not installed")
    options = ["--port", str(port), "--dir", str(folder), "--save", ""]
    options += ["--maxclients", str(CLIENTS + 100), "--tcp-backlog", "511"]
    options += ["--bind", "127.0.0.1", "--protected-mode", "no"]
    child = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        wait_for("Redis listens", lambda: _listens(port))
        yield port
    finally:
        child.terminate()
        child.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
