"""`serve`: the dashboard for real deployments; `demo` ends here as well."""

from __future__ import annotations

import argparse
import secrets
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from app.bus.memory import MemoryBus
from app.cli.listening import address, listen
from app.cli.main import DONE, World
from app.cli.quiet import loading
from app.cli.reload import FollowedFile, Standing, following
from app.cli.roles import Role, lacking, unused
from app.cli.until_ended import at_work, until_ended
from app.cli.version import VERSION
from app.cli.watch import Watches
from app.config.load import Configuration
from app.config.problems import ConfigError, Problem
from app.history.sqlite import SqliteHistory
from app.web.metrics import Exposition

if TYPE_CHECKING:
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
    with at_work(watches, len(configuration.deployments)):
        with loading():
            # What is watched answers meanwhile.
            from app.cli.serve_pages import page_server

            server = page_server(
                configuration, watches, bus, exposition, standing, listening, world
            )

        def announce() -> None:
            public = configuration.settings.server.public_url
            world.say(f"dashboard: {public or address(listening)}")
            began(server, watches)

        server.end_on_signals()
        follow = following(file, standing, watches.judge_by)
        until_ended(server, listening, announce, follow)
    return DONE
