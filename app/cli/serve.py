"""`serve`: the dashboard for real deployments; `demo` ends here as well."""

from __future__ import annotations

import argparse
import gc
import secrets
import signal
import socket
import sys
from collections.abc import Callable
from typing import Final

import structlog

from app.bus.memory import MemoryBus
from app.cli.listening import address, is_loopback, listen
from app.cli.main import DONE, World
from app.cli.own import manners, own
from app.cli.process import with_all_handles
from app.cli.reload import FollowedFile, Standing, following
from app.cli.version import VERSION
from app.cli.watch import Watches
from app.config.load import Configuration
from app.history.sqlite import SqliteHistory
from app.web.factory import create_app
from app.web.metrics import Exposition
from app.web.server import Server

TURN_S: Final = 0.001
"""How long a busy thread may keep the others waiting. Python's own 5 ms would be paid
at every step of a change on its way to the screen, whenever a page is being parsed."""

log = structlog.get_logger(__name__)


def run(chosen: argparse.Namespace, world: World) -> int:
    file = FollowedFile(chosen.config, world.environ)
    configuration = file.load()
    server = configuration.settings.server
    listening = listen(server.host, server.port)
    for notice in configuration.told(world.clock()):
        log.warning("configuration", problem=str(notice))
    if configuration.settings.storage.records is None:
        log.info("records", kept="until this process ends", setting="storage.records")
    followed = file if chosen.config.is_file() else None
    return watch_and_serve(configuration, listening, world, file=followed)


def watch_and_serve(
    configuration: Configuration,
    listening: socket.socket,
    world: World,
    began: Callable[[Server, Watches], None] = lambda server, watches: None,
    *,
    file: FollowedFile | None = None,
) -> int:
    """Watch and serve until a signal ends it. `began` is handed the running server,
    so that somebody else may end it too, and what it watches. `file`: is followed
    while it is served."""
    bus = MemoryBus(secrets.token_hex(4))
    exposition = Exposition(VERSION)
    standing = Standing(configuration, world.clock, exposition.configured)
    watches = Watches(
        configuration,
        bus,
        world.clock,
        exposition.pushed,
        beside=standing.sources,
    )
    if isinstance(watches.history, SqliteHistory):
        exposition.remembered(watches.history)
    settings = configuration.settings.server
    bounds = settings.limits.bounds.within(with_all_handles())
    web = create_app(
        watches.watched(),
        bus,
        world.clock,
        exposition,
        version=VERSION,
        public_url=settings.public_url,
        ill=watches.ill,
        apart=watches.apart,
        bounds=bounds,
        only_local=is_loopback(listening),
        own=own(watches, standing, configuration.settings.storage, world),
        manners=manners(settings),
    )
    server = Server(web.server, bus, bounds, settings.trusted_proxies)
    server.end_on(signal.SIGTERM, signal.SIGINT)
    _stay_prompt()
    watches.start()
    try:
        world.say(f"dashboard: {settings.public_url or address(listening)}")
        began(server, watches)
        with following(file, standing, watches.judge_by):
            server.run(sockets=[listening])
    finally:
        watches.stop()
    return DONE


def _stay_prompt() -> None:
    """Spare a change the pauses of the interpreter itself.

    What was made until now lives until the end: looking through it again in every full
    collection would stop all threads for some 40 ms.
    """
    sys.setswitchinterval(TURN_S)
    gc.collect()
    gc.freeze()
