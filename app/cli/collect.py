"""`serve --role collect`: watches, judges, keeps the records and publishes over Redis
while it leads; else it stands by, and asks nobody anything."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from datetime import datetime
from typing import Final

import orjson

from app.bus.base import Json
from app.bus.memory import MemoryBus
from app.bus.redis_errands import Answering
from app.bus.redis_follow import load
from app.bus.redis_lease import Lease
from app.bus.redis_line import BusAddress, connect
from app.bus.redis_publish import LAST_WORD_S, Publisher
from app.bus.redis_remember import Remembering, remembered
from app.bus.redis_watch import last_looked_at, state_in
from app.cli.access import access_of
from app.cli.elector import Elector
from app.cli.listening import address as shown
from app.cli.main import DONE, FAILED, World
from app.cli.own import kept_by, own
from app.cli.reload import FollowedFile, Standing, following
from app.cli.replica import bus_address
from app.cli.until_ended import at_work, until_ended
from app.cli.version import VERSION
from app.cli.watch import Watches
from app.config.load import Configuration
from app.domain.instants import instant
from app.pipeline.succession import Left
from app.web.errands import doing
from app.web.factory import create_errands_app, create_process_app
from app.web.metrics import Exposition
from app.web.metrics_replicas import Leading
from app.web.server import Server
from app.web.site import Site

SETTLED_S: Final = 1.5
"""How long an answer waits for what was said to be written."""
LEAVE_S: Final = 2.0
Thread = Elector | Publisher | Answering | Remembering


class PublishingBus(MemoryBus):
    """The pictures of this process, and on to Redis."""

    def __init__(self, publisher: Publisher) -> None:
        super().__init__(secrets.token_hex(4))
        self._publisher = publisher

    def publish(self, snapshot: Json, delta: Json | None) -> None:
        super().publish(snapshot, delta)
        self._publisher.publish(snapshot, delta)


class Collecting:
    """What a leader does (`app.cli.elector.Led`)."""

    def __init__(
        self,
        configuration: Configuration,
        world: World,
        exposition: Exposition,
        end: Callable[[], None],
    ) -> None:
        """`end`: ends the process, which somebody starts anew."""
        self._clock, self._end = world.clock, end
        self._address: BusAddress = bus_address(configuration.settings.storage)
        self._client = connect(self._address)
        self.lease = Lease(connect(self._address))
        self.publisher = Publisher(
            self._address, connect(self._address), self.lease.fence
        )
        self.bus = PublishingBus(self.publisher)
        self.standing = Standing(configuration, world.clock, exposition.configured)
        self.watches = Watches(
            configuration,
            self.bus,
            world.clock,
            exposition.pushed,
            beside=self.standing.sources,
            term=self.lease.fence,
        )
        watched = {one.id: one for one in self.watches.watched()}
        self.site = Site(watched, self.bus, world.clock)
        server = configuration.settings.server
        self.access = access_of(server, self.watches.register, world.clock)
        self.answering = Answering(
            connect(self._address),
            self.lease.fence,
            doing(create_errands_app(self.site, self.access), self._settle),
        )
        self.remembering = Remembering(
            connect(self._address), self.lease.fence, self.watches.memories
        )
        self.elector = Elector(self._address, self.lease, self)
        self.was_deposed = False
        self._looked_at: dict[str, datetime] = {}
        """Until when another process watched what this one has taken up."""

    def begin(self) -> None:
        found = {name: load(self._client, name) for name in self.site.every}
        known = {name: one for name, one in found.items() if one is not None}
        said = state_in(self._client)
        for name, one in known.items():
            self.publisher.begin_from(name, one.id, one.picture["version"])
            self._looked_at[name] = last_looked_at(said, one.picture)
        self.watches.take_up(
            {
                name: Left(
                    one.picture, self._looked_at[name], remembered(self._client, name)
                )
                for name, one in known.items()
            }
        )
        self.watches.start()
        self.answering.start()
        self.remembering.start()

    def go_on(self) -> None:
        self.publisher.again()

    def state(self) -> bytes:
        waiting = {
            name: one.unheard()
            for name, one in self.site.every.items()
            if self.bus.latest(name) is None
        }
        why = self.publisher.trouble
        trouble = None if why is None else f"can't publish: {why}"
        at, ids = instant(self._clock()), self.publisher.ids()
        looked = {
            name: instant(seen)
            for name, seen in self._looked_at.items()
            if name in waiting
        }
        told = {"at": at, "ids": ids, "unheard": waiting, "looked": looked}
        return orjson.dumps(told | {"trouble": trouble})

    def deposed(self) -> None:
        self.was_deposed = True
        self._end()

    def start(self) -> None:
        self.publisher.start()
        self.elector.start()

    def stop(self) -> None:
        """The records first, then the bus, then the term: whoever takes over finds all
        of it."""
        if self.elector.begun():
            self.answering.stop()
            self.watches.stop()
            self.remembering.stop()
            self.answering.join(LEAVE_S)
            self.remembering.join(LAST_WORD_S)
        self.publisher.stop()
        self.publisher.join(LAST_WORD_S)
        self.elector.stop()
        self.elector.join(LEAVE_S)

    def ill(self) -> list[str]:
        threads: dict[str, Thread] = {"elector": self.elector, "bus": self.publisher}
        if not self.elector.begun():
            return _ended(threads)
        threads |= {"errands": self.answering, "memory": self.remembering}
        return [*_ended(threads), *self.watches.ill()]

    def not_ready(self) -> list[str]:
        """Who stands by is ready to."""
        return self.site.not_ready() if self.elector.begun() else []

    def bus_up(self) -> bool:
        return self.elector.trouble is None and self.publisher.trouble is None

    def _settle(self) -> None:
        self.watches.settled(SETTLED_S)


def _ended(threads: dict[str, Thread]) -> list[str]:
    return [
        f"the thread of the {name} has ended"
        for name, one in threads.items()
        if not one.running()
    ]


def collect(
    configuration: Configuration,
    listening: socket.socket,
    world: World,
    file: FollowedFile | None,
) -> int:
    """Until a signal ends it, or another collector leads."""
    exposition = Exposition(VERSION)
    server: list[Server] = []
    collecting = Collecting(configuration, world, exposition, lambda: server[0].end())
    lease, publisher = collecting.lease, collecting.publisher
    stores = kept_by(collecting.watches, configuration.settings.storage)
    told_of_it = own(stores, collecting.standing, world)
    exposition.show(collecting.site, told_of_it, lease.holds)
    waiting: Callable[[], int] = lambda: publisher.waiting  # noqa: E731
    exposition.tell(Leading(lease.fence, waiting, collecting.bus_up))
    web = create_process_app(
        exposition, collecting.ill, collecting.not_ready, collecting.access
    )
    server.append(Server(web, collecting.bus))
    server[0].end_on_signals()
    with at_work(collecting, len(configuration.deployments)):
        until_ended(
            server[0],
            listening,
            lambda: world.say(f"collector: {shown(listening)}"),
            following(file, collecting.standing, collecting.watches.judge_by),
        )
    return FAILED if collecting.was_deposed else DONE
