"""Everything of a `serve --role web` that runs beside the web: what it reads, and where
it asks for what it can't do itself."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from typing import Final

from app.aside import Apart, Aside
from app.bus.memory import MemoryBus
from app.bus.redis_errands import Errands
from app.bus.redis_follow import Follower
from app.bus.redis_line import BusAddress, connect
from app.cli.history import engine_history
from app.cli.kept import kept_at, registrar
from app.cli.own import kept_history, records
from app.cli.reviewing import Elsewhere, reviewed
from app.config.load import Configuration
from app.config.models import DeploymentSettings
from app.config.outside import outside
from app.config.storage import Storage
from app.domain.evaluate import Deployment
from app.domain.instants import instant
from app.history.base import History
from app.history.hour import Hour
from app.history.promql import PromqlHistory
from app.history.recall import Recall
from app.pipeline.moments import bounds_among
from app.pipeline.recent import Recent
from app.records.reader import Plans, Room, Shelf
from app.records.store import Store
from app.web.own import Store as OwnStore
from app.web.site import Lately, Past, Reviewing, Watched, unmeasured
from collectors.base import Clock

LEAVE_S: Final = 1.5
"""How long the threads may take to end."""
FIRST_S: Final = 2.0
"""How long nobody is served yet, while it is read who has signed out."""


def bus_address(storage: Storage) -> BusAddress:
    return BusAddress(
        storage.bus, storage.bus_user, storage.bus_password_file, storage.bus_ca_file
    )


class Replica:
    """Stands where `Watches` does in the process that collects."""

    def __init__(
        self, configuration: Configuration, bus: MemoryBus, clock: Clock
    ) -> None:
        storage = configuration.settings.storage
        names = [one.id for one in configuration.deployments]
        bounds = bounds_among(len(names))
        address = bus_address(storage)
        self._clock, self._settings = clock, configuration.settings
        self._deployments = {one.id: one for one in configuration.deployments}
        self._recent = {name: Recent(name, bounds) for name in names}
        self._store = Store(kept_at(storage), names)
        self._history = _history(configuration, clock)
        self.follower = Follower(address, connect(address), bus, clock, self._recent)
        self.errands = Errands(address)
        self.registrar = registrar(storage, clock)
        self._aside = Aside()
        self.apart: Apart = Elsewhere(self._aside, self._history)

    def judge_by(self, deployments: Iterable[Deployment]) -> None:
        """What the pages tell of limits, hours and windows is of these from now on."""
        found = {one.id: one for one in deployments}
        self._deployments |= {k: v for k, v in found.items() if k in self._deployments}

    def watched(self) -> tuple[Watched, ...]:
        return tuple(self._watched(one) for one in self._settings.deployments)

    def ill(self) -> list[str]:
        """The threads that no longer run."""
        threads = {"that follows the bus": self.follower, "of sign-ins": self.registrar}
        return [
            f"the thread {name} has ended"
            for name, one in threads.items()
            if not one.running()
        ]

    def stores(self) -> tuple[OwnStore, ...]:
        """What it lives on: of the bus, pictures are what waits."""
        lookout, registrar = self.follower.lookout, self.registrar
        seen = {
            "well_at": instant(lookout.well_at),
            "resyncs": self.follower.resyncs,
        }
        found = (
            OwnStore("bus", "redis", self.follower.behind(), lookout.why, seen),
            records(
                self._settings.storage, registrar.register.waiting, registrar.health
            ),
        )
        kept = self._history
        return found if kept is None else (*found, kept_history(kept))

    def start(self) -> None:
        self.registrar.start()
        for one in self._recent.values():
            one.moments.start()
        self.follower.start()
        self.registrar.first(FIRST_S)

    def stop(self) -> None:
        """Ask everything to end, then wait for it, `LEAVE_S` at the most."""
        end = time.monotonic() + LEAVE_S
        self.follower.stop()
        self.registrar.stop()
        self._aside.close()
        for one in self._recent.values():
            one.moments.stop()
        moments = (one.moments for one in self._recent.values())
        for thread in (self.registrar, self.follower, *moments):
            thread.join(max(0.0, end - time.monotonic()))
        if self._history is not None:
            self._history.join(0.0)

    def _watched(self, settings: DeploymentSettings) -> Watched:
        name = settings.id
        history, lookout = self._history, self.follower.lookout
        past, lately = _past(name, self._recent[name], history)
        shelf = Shelf(self._store, name, partial(lookout.watched_until, name))
        return Watched(
            name,
            settings.title,
            self._deployments[name].topology,
            partial(lookout.unheard, name),
            lately,
            records=shelf,
            plans=Plans(self._store, name, self._clock),
            planned=lambda: self._deployments[name].windows,
            past=past,
            room=Room(self._store, name),
            limits=lambda: self._deployments[name].limits,
            outside=outside(settings),
            turned=shelf.turned,
            measured=unmeasured if history is None else partial(history.series, name),
            calendar=lambda: self._deployments[name].calendar,
            region=settings.region,
            group=settings.group,
            reviewing=None if history is None else self._reviewing(name),
        )

    def _reviewing(self, name: str) -> Reviewing:
        """Of what the configuration names, since another process does it."""
        storage, of, clock = self._settings.storage, self._deployments, self._clock
        return lambda: partial(reviewed, storage, of[name], clock())


def _history(configuration: Configuration, clock: Clock) -> PromqlHistory | None:
    """Only read: it is the collector that pushes."""
    storage = configuration.settings.storage
    if storage.history_engine is None:
        return None
    reads = storage.model_copy(update={"history_push": None})
    return engine_history(reads, configuration.deployments, clock)


def _past(name: str, recent: Recent, history: History | None) -> tuple[Past, Lately]:
    if history is None:
        return recent.moments, recent.lately.of
    return Recall(name, recent.moments, history), Hour(name, recent.lately, history).of
