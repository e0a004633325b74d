"""`serve`: the dashboard for real deployments; `demo` ends here as well."""

from __future__ import annotations

import argparse
import secrets
import socket
from collections.abc import Callable

import structlog

from app.bus.memory import MemoryBus
from app.cli.access import access_of
from app.cli.listening import address, is_loopback, listen
from app.cli.main import DONE, World
from app.cli.own import kept_by, manners, own
from app.cli.process import with_all_handles
from app.cli.reload import FollowedFile, Standing, following
from app.cli.roles import Role, lacking, unused
from app.cli.until_ended import until_ended
from app.cli.version import VERSION
from app.cli.watch import Watches
from app.config.load import Configuration
from app.config.problems import ConfigError, Problem
from app.history.sqlite import SqliteHistory
from app.web.factory import create_app
from app.web.metrics import Exposition
from app.web.server import Server

log = structlog.get_logger(__name__)


def run(chosen: argparse.Namespace, world: World) -> int:
    file = FollowedFile(chosen.config, world.environ)
    configuration = file.load()
    role, storage = Role(chosen.role), configuration.settings.storage
    if missing := lacking(role, storage):
        raise ConfigError([Problem(str(chosen.config), (), text) for text in missing])
    server = configuration.settings.server
    listening = listen(server.host, server.port)
    _tell(configuration, role, world)
    followed = file if chosen.config.is_file() else None
    if role is Role.ALL:
        return watch_and_serve(configuration, listening, world, file=followed)
    # What only several processes need takes a tenth of a second to load.
    if role is Role.COLLECT:
        from app.cli.collect import collect

        return collect(configuration, listening, world, followed)
    from app.cli.serve_web import serve_web

    return serve_web(configuration, listening, world, followed)


def _tell(configuration: Configuration, role: Role, world: World) -> None:
    for notice in configuration.told(world.clock()):
        log.warning("configuration", problem=str(notice))
    if (text := unused(role, configuration.settings.storage)) is not None:
        log.warning("configuration", problem=text)
    if configuration.settings.storage.records is None:
        log.info("records", kept="until this process ends", setting="storage.records")


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
        own=own(kept_by(watches, configuration.settings.storage), standing, world),
        manners=manners(settings),
        access=access_of(settings, watches.register, world.clock),
    )
    server = Server(web.server, bus, bounds, settings.trusted_proxies)

    def announce() -> None:
        world.say(f"dashboard: {settings.public_url or address(listening)}")
        began(server, watches)

    follow = following(file, standing, watches.judge_by)
    number = len(configuration.deployments)
    until_ended(server, listening, watches, announce, follow, number)
    return DONE
