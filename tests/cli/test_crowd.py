"""Ten thousand connections that say nothing do not stop those who look.

All are real, on loopback. Each is left open by the server for as long as the
configuration allows; that they are let go by then is shown in tests/web/test_slow.py.
"""

from __future__ import annotations

import contextlib
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.cli.conftest import ready

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(300)]
CROWD = 10_000
SPARE = 500
HALF = b"GET /map/demo HTTP/1.1\r\nHost: x\r\nX-Slow: "


@contextlib.contextmanager
def handles(wanted: int) -> Iterator[int]:
    """As many as wanted, or as the system grants."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    granted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, granted), hard))
    try:
        yield granted
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_who_says_nothing_takes_nobody_s_place(start, lonely: Path) -> None:
    program = start(
        "serve", "--config", lonely, GWS_OBSERVATORY__SERVER__LIMITS__ARRIVAL="10m"
    )
    url = program.line("dashboard: ")
    ready(url)
    before = resident_mb(program.process.pid)
    place = (urlsplit(url).hostname, urlsplit(url).port)
    with handles(CROWD + SPARE) as granted, ExitStack() as stack:
        crowd = min(CROWD, granted - SPARE, most_of(program.process.pid) - SPARE)
        assert crowd > 1_000
        for number in range(crowd):
            source = (f"127.0.{1 + number // 20_000}.{1 + number % 200}", 0)
            made = socket.create_connection(place, 30, source_address=source)
            stack.enter_context(made)
            if number % 2:
                made.sendall(HALF)
        grown = resident_mb(program.process.pid) - before
        with requests.get(
            f"{url}api/v1/deployments/demo/stream", stream=True, timeout=30
        ) as stream:
            first = next(line for line in stream.iter_lines() if line)
            for path in ("map/demo", "healthz", "metrics", "assets/gws.css"):
                assert requests.get(f"{url}{path}", timeout=5).status_code == 200
        assert first
    print(f"{crowd} connections, {grown:.0f} MB more")  # noqa: T201  a figure to look at
    assert program.end() < 10
    assert program.process.returncode == 0


def most_of(pid: int) -> int:
    """How many files it may open."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    (row,) = [line for line in lines if line.startswith("Max open files")]
    return int(row.split()[3])


def resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (row,) = [line for line in lines if line.startswith("VmRSS")]
    return int(row.split()[1]) / 1024
