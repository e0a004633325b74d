"""`serve --role web`: serves what a collector publishes; any number may."""

from __future__ import annotations

import secrets
import socket

from app.bus.memory import MemoryBus
from app.cli.access import access_of
from app.cli.listening import address, is_loopback
from app.cli.main import DONE, World
from app.cli.own import manners, own
from app.cli.process import with_all_handles
from app.cli.reload import FollowedFile, Standing, following
from app.cli.replica import Replica
from app.cli.until_ended import at_work, until_ended
from app.cli.version import VERSION
from app.config.load import Configuration
from app.web.factory import create_app
from app.web.metrics import Exposition
from app.web.metrics_replicas import Following
from app.web.server import Server


def serve_web(
    configuration: Configuration,
    listening: socket.socket,
    world: World,
    file: FollowedFile | None,
) -> int:
    """Until a signal ends it."""
    bus = MemoryBus(secrets.token_hex(4))
    exposition = Exposition(VERSION)
    standing = Standing(configuration, world.clock, exposition.configured)
    replica = Replica(configuration, bus, world.clock)
    follower = replica.follower
    lookout = follower.lookout
    exposition.tell(
        Following(lambda: lookout.up, lookout.silent_s, lambda: follower.resyncs)
    )
    settings = configuration.settings.server
    bounds = settings.limits.bounds.within(with_all_handles())
    web = create_app(
        replica.watched(),
        bus,
        world.clock,
        exposition,
        version=VERSION,
        public_url=settings.public_url,
        ill=replica.ill,
        apart=replica.apart,
        bounds=bounds,
        only_local=is_loopback(listening),
        own=own(replica.stores, standing, world),
        manners=manners(settings),
        ask=replica.errands.ask,
        access=access_of(settings, replica.registrar.register, world.clock),
    )
    server = Server(web.server, bus, bounds, settings.trusted_proxies)

    def announce() -> None:
        world.say(f"dashboard: {settings.public_url or address(listening)}")

    server.end_on_signals()
    with at_work(replica):
        follow = following(file, standing, replica.judge_by)
        until_ended(server, listening, announce, follow)
    return DONE
