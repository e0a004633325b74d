"""What the simulated stores know about themselves, beside who is connected.

The same numbers as their exporters tell: both sides see one deployment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from app.simulator.exposition_stores import MAX_CLIENTS, MAX_CONNECTIONS
from app.simulator.faults import Fault
from app.simulator.load import day
from app.simulator.stores_links import Link, Links
from app.simulator.world import Pod, behind

MB: Final = 1024 * 1024
MOST_MEMORY: Final = 256 * MB
TURNED_AWAY: Final = 3.0
"""Searches a second that a full Elasticsearch turns away."""
FULL: Final = 0.8
MOST: Final = {"redis": MAX_CLIENTS, "postgresql": MAX_CONNECTIONS}
"""The connections that a server of a store allows. Elasticsearch has queues instead,
which are limited."""


class Deployed(Protocol):
    """The deployment, as the stores see it."""

    def pods(self) -> Sequence[Pod]: ...

    def faults(self) -> Sequence[Fault]: ...


@dataclass(frozen=True, slots=True)
class Vitals:
    """A Redis member at one moment."""

    uptime_s: int
    clients: int
    most_clients: int
    memory: int
    most_memory: int
    peers: int


@dataclass
class Stores:
    """`now`: the wall clock, to which pods keep. `load_now`: the clock of the load.
    `password`: of the one role that PostgreSQL lets in."""

    deployed: Deployed
    now: Callable[[], datetime]
    load_now: Callable[[], datetime]
    password: str = ""
    links: Links = field(default_factory=Links)
    _rejected: float = 0.0
    _counted_at: datetime | None = None

    def servers(self, store: str) -> tuple[Pod, ...]:
        """The store's pods, by name; those that are on their way out have left."""
        pods = [pod for pod in self.deployed.pods() if pod.spec.box == store]
        return tuple(sorted((p for p in pods if not p.leaving), key=lambda p: p.name))

    def full(self, store: str) -> float:
        """The share of the store's connections that a fault uses up."""
        return max(
            (
                fault.number("saturation")
                for fault in self.deployed.faults()
                if fault.kind == "store_full"
                and any(spec.box == store for spec in behind(fault.target))
            ),
            default=0.0,
        )

    def links_to(self, server: Pod) -> tuple[Link, ...]:
        store = server.spec.box
        return self.links.to(server, self._taken(store))[: MOST.get(store)]

    def last_used(self, link: Link) -> datetime:
        return self.now() - timedelta(seconds=link.idle_s(self.now()))

    def vitals(self, server: Pod, sessions: int) -> Vitals:
        """`sessions`: connections that are really open."""
        busy = day(self.load_now().timestamp())
        up_s = int((self.now() - server.started_at).total_seconds())
        clients = max(len(self.links_to(server)), self._taken("redis")) + sessions
        return Vitals(
            uptime_s=max(0, up_s),
            clients=min(clients, MAX_CLIENTS),
            most_clients=MAX_CLIENTS,
            memory=round((60 + 90 * busy) * MB),
            most_memory=MOST_MEMORY,
            peers=2 * (len(self.servers("redis")) - 1),
        )

    def rejected(self) -> int:
        """Searches turned away since the beginning; it only grows."""
        now = self.now()
        if self._counted_at is not None and self.full("elasticsearch") >= FULL:
            passed_s = max(0.0, (now - self._counted_at).total_seconds())
            self._rejected += TURNED_AWAY * passed_s
        self._counted_at = now
        return int(self._rejected)

    def _taken(self, store: str) -> int:
        return round(self.full(store) * MOST.get(store, 0))
