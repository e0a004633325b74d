"""The web server of a process that watches by itself. To load it takes longer than all
else of a start, so that it is loaded last."""

from __future__ import annotations

import socket

from app.bus.memory import MemoryBus
from app.cli.access import access_of
from app.cli.listening import is_loopback
from app.cli.main import World
from app.cli.own import kept_by, manners, own
from app.cli.process import with_all_handles
from app.cli.reload import Standing
from app.cli.version import VERSION
from app.cli.watch import Watches
from app.config.load import Configuration
from app.web.factory import create_app
from app.web.metrics import Exposition
from app.web.server import Server


def page_server(
    configuration: Configuration,
    watches: Watches,
    bus: MemoryBus,
    exposition: Exposition,
    standing: Standing,
    listening: socket.socket,
    world: World,
) -> Server:
    """Of what `watches` tells on `bus`; it is yet to be run."""
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
    return Server(web.server, bus, bounds, settings.trusted_proxies)
