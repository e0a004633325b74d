"""A collector that begins to lead goes on from what Redis has of the one before."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from app.bus.redis_follow import load as load_picture
from app.bus.redis_line import BusAddress, connect
from app.bus.redis_remember import remembered
from app.cli.collect import Collecting
from app.cli.main import World
from app.config.load import load
from app.web.metrics import Exposition
from benchmarks.stage import wait_for
from tests.bus.through_redis import now
from tests.real.redis_servers import RedisServer

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as one:
        yield one


def collecting(folder: Path, server: RedisServer) -> Collecting:
    """Of a deployment that nobody can be asked about."""
    file = folder / "watched.yaml"
    config = {"storage": {"bus": server.url}, "deployments": [{"id": "demo"}]}
    file.write_text(yaml.safe_dump(config))
    world = World({}, now, io.StringIO(), io.StringIO())
    return Collecting(load(file, {}), world, Exposition("1"), lambda: None)


def version(one: Collecting) -> int:
    latest = one.bus.latest("demo")
    return 0 if latest is None else latest.snapshot["version"]


def test_numbers_go_on_and_what_was_remembered_is_found(server, tmp_path):
    with ExitStack() as stack:
        first = collecting(tmp_path, server)
        stack.callback(first.stop)
        first.start()
        wait_for("it leads", lambda: version(first) > 0, 30)
        with connect(BusAddress(server.url)) as client:
            wait_for("it is told", lambda: load_picture(client, "demo"), 30)
            wait_for("it is kept", lambda: remembered(client, "demo"), 30)
            left = load_picture(client, "demo")
        second = collecting(tmp_path, server)
        stack.callback(second.stop)
        second.start()
        first.stop()
        wait_for("the other leads", second.elector.begun, 30)
        wait_for("its first picture", lambda: version(second) > 0, 30)
        assert version(second) > left.picture["version"]
