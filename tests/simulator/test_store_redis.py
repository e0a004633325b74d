"""RESP as the simulated Redis speaks it, byte by byte; held against the real one."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.simulator.run_stores import StoreFront
from app.simulator.stores_resp import Broken, Commands
from app.simulator.stores_state import Stores
from app.simulator.world import WORKLOADS, Pod
from tests.simulator.loopback import Loopback

NOW = datetime.fromtimestamp(time.time(), UTC)
SPEC = next(spec for spec in WORKLOADS if spec.box == "redis")
POD = Pod(
    SPEC, f"{SPEC.name}-0", "u0", "127.0.0.1", "n1", SPEC.ports, SPEC.version,
    NOW - timedelta(hours=1),
)  # fmt: skip
OK = b"+OK\r\n"


class Alone:
    """A deployment of one Redis pod and nobody else."""

    def pods(self) -> tuple[Pod, ...]:
        return (POD,)

    def faults(self) -> tuple[()]:
        return ()


def array(*words: str) -> bytes:
    parts = "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
    return f"*{len(words)}\r\n{parts}".encode()


def said(port: int, *commands: bytes) -> bytes:
    """All that is answered, QUIT being the last command."""
    with closing(socket.create_connection(("127.0.0.1", port), 5)) as made:
        made.sendall(b"".join(commands) + array("QUIT"))
        return b"".join(iter(lambda: made.recv(65536), b"")).removesuffix(OK)


@pytest.fixture
def simulated(loopback: Loopback) -> int:
    stores = Stores(Alone(), lambda: NOW, lambda: NOW)
    return loopback.opened(StoreFront.redis(stores, POD))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server here")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = int(free.getsockname()[1])
    folder: Path = tmp_path_factory.mktemp("redis")
    command = [
        "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
        "--cluster-enabled", "yes", "--cluster-port", "0", "--dir", str(folder),
    ]  # fmt: skip
    if port > 55_000:  # the cluster's own port is 10,000 above
        pytest.skip("no room above the port that was free")
    del command[-4:-2]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                said(port, b"PING\r\n")
                break
            except OSError:
                assert time.monotonic() < deadline
        yield port
    finally:
        child.terminate()
        child.wait(30)


SAME = [
    b"PING\r\n",
    array("PING"),
    array("PING", "hi"),
    array("CLIENT", "SETNAME", "watcher") + array("CLIENT", "GETNAME"),
    array("AUTH", "secret"),
    array("AUTH", "default", "secret"),
    array("AUTH", "somebody", "secret"),
    array("AUTH"),
    array("CLIENT"),
    array("HELLO", "9"),
    array("SELECT", "0"),
    array("SELECT", "1"),
    b"*x\r\n",
    b"*1\r\n!4\r\nPING\r\n",
]


@pytest.mark.real
@pytest.mark.parametrize("asked", SAME)
def test_it_answers_what_a_real_one_answers(
    simulated: int, real: int, asked: bytes
) -> None:
    assert said(simulated, asked) == said(real, asked)


def shape(answer: bytes) -> bytes:
    """Without what differs from one server to another: numbers, ids, the version."""
    return re.sub(rb"\d+(\.\d+)*", b"N", answer)


@pytest.mark.real
@pytest.mark.parametrize("version", ["2", "3"])
def test_hello_has_the_shape_of_a_real_one(
    simulated: int, real: int, version: str
) -> None:
    asked = array("HELLO", version)
    assert shape(said(simulated, asked)) == shape(said(real, asked))


@pytest.mark.real
def test_its_info_says_nothing_that_a_real_one_does_not(
    simulated: int, real: int
) -> None:
    def names(port: int) -> set[str]:
        return set(re.findall(r"^(\w+):", said(port, array("INFO")).decode(), re.M))

    assert names(simulated) <= names(real)


@pytest.mark.real
def test_its_rows_have_the_columns_of_a_real_one(simulated: int, real: int) -> None:
    def columns(port: int) -> list[str]:
        row = said(port, array("CLIENT", "LIST")).decode().splitlines()[1]
        return [part.partition("=")[0] for part in row.split()]

    later = {"ssub", "multi-mem", "rbs", "rbp", "resp"}  # 7 has more than 6.2
    assert columns(simulated) == [c for c in columns(real) if c not in later]


def test_it_lists_the_members_with_their_slots(simulated: int) -> None:
    answer = said(simulated, array("CLUSTER", "NODES")).decode().splitlines()[1]
    fields = answer.split()
    assert re.fullmatch(r"[0-9a-f]{40}", fields[0])
    assert fields[1:3] == ["127.0.0.1:6379@16379", "myself,master"]
    assert fields[-2:] == ["connected", "0-16383"]


def test_who_asks_is_in_the_list(simulated: int) -> None:
    named = array("CLIENT", "SETNAME", "watcher")
    answer = said(simulated, named, array("CLIENT", "LIST")).decode()
    assert re.search(r"addr=127\.0\.0\.1:\d+ .*name=watcher .*cmd=client ", answer)


def test_one_section_can_be_asked_for(simulated: int) -> None:
    answer = said(simulated, array("INFO", "clients")).decode()
    assert re.findall(r"^# (\w+)", answer, re.M) == ["Clients"]


def test_what_it_does_not_know_is_refused_in_the_words_of_its_version(
    simulated: int,
) -> None:
    assert said(simulated, array("FOO", "bar")) == (
        b"-ERR unknown command `FOO`, with args beginning with: `bar`, \r\n"
    )
    for command in ("CLIENT", "CLUSTER"):
        assert said(simulated, array(command, "FOO")).startswith(
            b"-ERR Unknown subcommand or wrong number of arguments for 'FOO'."
        )


def test_a_command_in_pieces_is_read_once_it_is_whole() -> None:
    commands = Commands()
    found = [
        words
        for byte in array("PING", "a b") + b"PING\r\n"
        for words in commands.feed(bytes([byte]))
    ]
    assert found == [["PING", "a b"], ["PING"]]


def test_a_command_without_an_end_is_broken() -> None:
    with pytest.raises(Broken, match="too big"):
        list(Commands().feed(b"x" * 100_000))
