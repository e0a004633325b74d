"""Debian's Redis: who is connected, by the addresses of those who are."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.reading import Reading
from app.domain.subject import NodeId
from benchmarks.stage import free_port, wait_for
from collectors.redis_store import RedisAddress, RedisCollector

pytestmark = pytest.mark.real

VOICE, WORKSPACE = NodeId("voice"), NodeId("workspace")
PODS = {"127.0.0.2": VOICE, "127.0.0.3": VOICE, "127.0.0.4": WORKSPACE}
"""Loopback addresses that stand for pods."""
GRANTS = Path(__file__).parents[2] / "docs" / "least-privilege.md"


def documented(place: int) -> str:
    """The command that the documentation gives: 0 for a server, 1 for a sentinel."""
    lines = GRANTS.read_text().splitlines()
    granted = [line for line in lines if line.startswith("ACL SETUSER")]
    return granted[place].replace("PASSWORD", "secret") + "\r\n"


class Server:
    """One redis-server, and clients that connect to it from chosen addresses."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.place = f"127.0.0.1:{port}"
        self.url = f"redis://{self.place}"

    def connect(self, source: str) -> socket.socket:
        client = socket.create_connection(("127.0.0.1", self.port), 5, (source, 0))
        client.sendall(b"PING\r\n")
        assert client.recv(64) == b"+PONG\r\n"
        return client

    def say(self, line: str) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), 5) as client:
            client.sendall(line.encode())
            return client.recv(65_536)


Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as running:

        def started(*options: str, port: int = 0) -> Server:
            server = Server(port or free_port())
            folder = tmp_path / str(server.port)
            folder.mkdir()
            program = shutil.which("redis-server")
            assert program is not None
            command = [
                program, *options, "--port", str(server.port), "--save", "",
                "--dir", str(folder), "--bind", "127.0.0.1", "--protected-mode", "no",
            ]  # fmt: skip
            log = running.enter_context((folder / "log").open("wb"))
            child = subprocess.Popen(command, stdout=log, stderr=log)
            running.callback(child.wait, 10)
            running.callback(child.terminate)
            wait_for(f"Redis at {server.place}", lambda: answers(server), 10)
            return server

        yield started


def answers(server: Server) -> bool:
    try:
        return bool(server.say("PING\r\n"))
    except ConnectionError:
        return False


def hear(address: RedisAddress) -> tuple[Reading, ...]:
    collector = RedisCollector(
        address,
        lambda: PODS,
        lambda reading: None,
        lambda: datetime(2026, 11, 24, tzinfo=UTC),
    )
    return collector.ask_once()


def callers(*readings: Reading) -> dict[NodeId | None, int]:
    facts = [f for r in readings for f in r.facts if isinstance(f, ClientsFact)]
    sums: dict[NodeId | None, int] = {}
    for fact in facts:
        sums[fact.caller] = sums.get(fact.caller, 0) + fact.open
    return sums


def test_connections_are_counted_by_the_boxes_that_hold_them(start: Start) -> None:
    server = start("--maxclients", "100", "--maxmemory", "64mb")
    with ExitStack() as clients:
        for source in ("127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.9"):
            clients.enter_context(server.connect(source))
        (reading,) = hear(RedisAddress(server.url))
    assert callers(reading) == {VOICE: 3, WORKSPACE: 1, None: 1}
    (store,) = [fact for fact in reading.facts if isinstance(fact, StoreFact)]
    assert (store.node, store.target, store.role) == ("redis", server.place, "master")
    assert store.version.startswith("7.")
    assert (store.clients, store.most_clients) == (6, 100)
    assert store.most_memory == 64 * 2**20
    assert store.memory
    assert not store.evicts


def test_an_acl_user_with_the_documented_rights_sees_all_and_no_more(
    start: Start, tmp_path: Path
) -> None:
    server = start()
    assert server.say(documented(0)) == b"+OK\r\n"
    password = tmp_path / "password"
    password.write_text("secret\n")
    address = RedisAddress(server.url, "observatory", str(password))
    with server.connect("127.0.0.4"):
        (reading,) = hear(address)
    assert reading.trouble is None
    assert callers(reading) == {WORKSPACE: 1}

    server.say("ACL SETUSER observatory -client|list\r\n")
    (reading,) = hear(address)
    assert reading.trouble is not None
    assert reading.trouble.kind == "refused"
    assert "the user lacks a right" in reading.trouble.text
    assert "client|list" in reading.trouble.text


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_refused_sign_in_is_told_without_the_password(
    start: Start, tmp_path: Path, password: str
) -> None:
    server = start("--requirepass", "right")
    file = tmp_path / "password"
    file.write_text(password)
    address = RedisAddress(server.url, password_file=str(file) if password else None)
    (reading,) = hear(address)
    assert reading.trouble is not None
    assert reading.trouble.kind == "refused"
    assert reading.trouble.text.startswith(f"Redis at {server.place}: ")
    assert "wrong" not in reading.trouble.text


def test_every_member_of_a_cluster_is_asked(start: Start) -> None:
    nodes = [start("--cluster-enabled", "yes", port=low_port()) for _ in range(2)]
    first, second = nodes
    first.say(f"CLUSTER MEET 127.0.0.1 {second.port}\r\n")
    wait_for(
        "meet", lambda: first.say("CLUSTER NODES\r\n").count(b" connected") == 2, 20
    )
    wait_for(
        "handshake", lambda: b"handshake" not in first.say("CLUSTER NODES\r\n"), 20
    )
    with first.connect("127.0.0.2"), second.connect("127.0.0.2"):
        readings = hear(RedisAddress(first.url))
    assert [reading.trouble for reading in readings] == [None] * 3
    assert callers(*readings) == {VOICE: 2}
    servers = {f.target for r in readings for f in r.facts if isinstance(f, StoreFact)}
    assert servers == {first.place, second.place}


def test_a_sentinel_names_its_masters_and_their_replicas(
    start: Start, tmp_path: Path
) -> None:
    master = start()
    replica = start("--replicaof", "127.0.0.1", str(master.port))
    wait_for("replica", lambda: b"slave0:" in master.say("INFO replication\r\n"), 20)
    config = tmp_path / "sentinel.conf"
    config.write_text(f"sentinel monitor gws 127.0.0.1 {master.port} 1\n")
    sentinel = start(str(config), "--sentinel")
    for server, place in ((master, 0), (replica, 0), (sentinel, 1)):
        assert server.say(documented(place)) == b"+OK\r\n"
    seen = f":{replica.port}".encode()
    wait_for(
        "its replica", lambda: seen in sentinel.say("SENTINEL REPLICAS gws\r\n"), 30
    )
    password = tmp_path / "password"
    password.write_text("secret")
    with master.connect("127.0.0.2"), replica.connect("127.0.0.4"):
        address = RedisAddress(sentinel.url, "observatory", str(password))
        readings = hear(address)
    assert [reading.trouble for reading in readings] == [None] * 3
    assert callers(*readings)[VOICE] == 1
    assert callers(*readings)[WORKSPACE] == 1
    roles = [f.role for r in readings for f in r.facts if isinstance(f, StoreFact)]
    assert roles == ["master", "slave"]


def low_port() -> int:
    """One whose cluster bus port, 10,000 above, is a port too."""
    while (port := free_port()) > 55_000:
        pass
    return port


def test_one_that_is_gone_is_told_with_its_address() -> None:
    place = f"127.0.0.1:{free_port()}"
    (reading,) = hear(RedisAddress(f"redis://{place}"))
    assert reading.trouble is not None
    assert reading.trouble.text == f"Redis at {place}: connection refused"
