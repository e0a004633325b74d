"""A real Redis beside the simulated deployment: it says who is connected, row by row.

The simulated pods' own addresses hold the connections, as real pods would.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from benchmarks.stage import Json, Stage, free_port, open_stage, wait_for
from tests.browser.conftest import quick
from tests.browser.map_page import BAD, MapPage

pytestmark = [pytest.mark.browser, pytest.mark.real, pytest.mark.timeout(180)]

CALLERS = {"data-collector": 12, "workspace": 18, "interaction": 24, "voice": 25}
"""Who calls Redis, on which connection."""


class Redis:
    """A redis-server, and the connections that pods hold to it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._held: dict[str, list[socket.socket]] = {}

    def connect(self, box: str, addresses: list[str]) -> None:
        for address in addresses:
            client = socket.create_connection(("127.0.0.1", self.port), 5, (address, 0))
            self._held.setdefault(box, []).append(client)

    def cut(self, box: str) -> None:
        for client in self._held.pop(box, []):
            client.close()

    def close(self) -> None:
        for box in [*self._held]:
            self.cut(box)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    program = shutil.which("redis-server")
    assert program is not None
    folder, port = tmp_path_factory.mktemp("redis"), free_port()
    options = ["--port", str(port), "--dir", str(folder), "--save", ""]
    options += ["--bind", "127.0.0.1", "--protected-mode", "no"]
    child = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    server = Redis(port)
    try:
        wait_for("Redis listens", lambda: listens(port))
        yield server
    finally:
        server.close()
        child.terminate()
        child.wait(30)


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def connected(
    redis: Redis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    def edit(config: Json) -> None:
        quick(config)
        url = f"redis://127.0.0.1:{redis.port}"
        asked = {"redis": {"url": url, "interval": "1s"}}
        config["deployments"][0]["backends"] = asked

    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("connected")
        stage = stack.enter_context(open_stage(folder, edit))
        wait_for("pods are known", lambda: all(addresses(stage, b) for b in CALLERS))
        for box in CALLERS:
            redis.connect(box, addresses(stage, box))
        wait_for("Redis sees every caller", lambda: all(counts(stage)))
        yield stage


def addresses(stage: Stage, box: str) -> list[str]:
    """The addresses of a box's pods."""
    (node,) = [node for node in stage.snapshot()["nodes"] if node["id"] == box]
    return [pod["ip"] for pod in node["pods"] if pod["ip"]]


def counts(stage: Stage) -> list[float | None]:
    rows = {c["number"]: c for c in stage.snapshot()["connections"]}
    return [rows[n]["metrics"]["connections_active"] for n in CALLERS.values()]


@pytest.mark.thorough
def test_only_the_row_whose_path_is_cut_turns_and_the_store_says_so(
    connected: Stage, redis: Redis, open_map: Callable[..., MapPage]
) -> None:
    shown = open_map(connected)
    shown.wait_calm()
    shown.forget_changes()
    redis.cut("interaction")
    shown.wait_until("connection", [24], *BAD)
    assert shown.bad() == {24}
    shown.choose(24)
    panel = shown.page.locator("#panel").inner_text()
    assert "Store's own view" in panel
    assert "no connection from" in panel

    redis.connect("interaction", addresses(connected, "interaction"))
    shown.wait_calm()
    assert {number for number, _, _ in shown.changes()} == {"24"}


@pytest.mark.thorough
def test_a_redis_that_can_not_be_asked_blinds_and_breaks_nothing(
    connected: Stage, redis: Redis, open_map: Callable[..., MapPage]
) -> None:
    shown = open_map(connected)
    shown.wait_calm()
    with socket.create_connection(("127.0.0.1", redis.port), 5) as admin:
        admin.sendall(b"ACL SETUSER default -client\r\n")
        assert admin.recv(64) == b"+OK\r\n"
        shown.wait_error("redis", "the user lacks a right")
        assert shown.bad() == set()
        admin.sendall(b"ACL SETUSER default +client\r\n")
        assert admin.recv(64) == b"+OK\r\n"
    shown.wait_calm()
