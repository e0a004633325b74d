"""Parts of the dashboard as threads of the test's own process, over real engines."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from app.bus.memory import MemoryBus
from app.cli.access import access_of
from app.cli.collect import Collecting
from app.cli.listening import listen
from app.cli.main import World
from app.cli.own import manners, own
from app.cli.reload import Standing
from app.cli.replica import Replica
from app.config.load import Configuration, load
from app.web.factory import create_app, create_process_app
from app.web.metrics import Exposition
from app.web.server import Server
from benchmarks.stage import wait_for
from tests.real.postgresql_servers import Server as Postgresql
from tests.real.redis_servers import RedisServer


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251


@contextmanager
def serving(app: Any, bus: MemoryBus, proxies: tuple[str, ...] = ()) -> Iterator[str]:
    listening = listen("127.0.0.1", 0)
    server = Server(app, bus, proxies=proxies)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        wait_for("the server", lambda: server.started)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.end()
        thread.join(30)


@dataclass
class Several:
    """A collector and two web replicas, at which people sign in."""

    one: str
    two: str
    collector: str
    redis: RedisServer
    postgresql: Postgresql


@contextmanager
def several(folder: Path, server: dict[str, Any]) -> Iterator[Several]:
    """`server`: the section of the configuration. Nothing is watched that answers."""
    with ExitStack() as stack:
        redis = stack.enter_context(RedisServer(folder))
        postgresql = stack.enter_context(Postgresql())
        storage = {
            "bus": redis.url,
            "records": f"postgresql://admin@127.0.0.1:{postgresql.port}/gws",
            "history": "none",
        }
        deployments = [{"id": one, "probes": {"enabled": False}} for one in EAST_WEST]
        told = {"server": server, "storage": storage, "deployments": deployments}
        file = folder / "several.yaml"
        file.write_text(yaml.safe_dump(told))
        configuration = load(file, {})
        collector = stack.enter_context(_collecting(configuration))
        one, two = (stack.enter_context(_web(configuration)) for _ in range(2))
        yield Several(one, two, collector, redis, postgresql)


EAST_WEST = ("east", "west")


def _world() -> World:
    return World({}, now, io.StringIO(), io.StringIO())


@contextmanager
def _collecting(configuration: Configuration) -> Iterator[str]:
    exposition = Exposition("1")
    made = Collecting(configuration, _world(), exposition, lambda: None)
    app = create_process_app(exposition, made.ill, made.not_ready, made.access)
    try:
        made.start()
        with serving(app, made.bus) as url:
            yield url
    finally:
        made.stop()


@contextmanager
def _web(configuration: Configuration) -> Iterator[str]:
    """As `serve --role web` puts it together."""
    bus, exposition = MemoryBus("x", heartbeat_s=1), Exposition("1")
    settings = configuration.settings
    replica = Replica(configuration, bus, now)
    standing = Standing(configuration, now, exposition.configured)
    app = create_app(
        replica.watched(),
        bus,
        now,
        exposition,
        version="1",
        ill=replica.ill,
        own=own(replica.stores, standing, _world()),
        manners=manners(settings.server),
        ask=replica.errands.ask,
        access=access_of(settings.server, replica.registrar.register, now),
    )
    try:
        replica.start()
        with serving(app.server, bus, settings.server.trusted_proxies) as url:
            yield url
    finally:
        replica.stop()
