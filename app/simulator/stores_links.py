"""Who is connected to the simulated stores: a pool of connections a pair of pods.

By the picture: every pod of a box that calls a store keeps a pool to each of the
store's pods. A link lasts while both processes run and nothing cuts the way between
them; one that was cut begins anew, with another number and port, when the way is back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.subject import NodeId
from app.simulator.faults import Fault
from app.simulator.world import TOPOLOGY, Pod, behind

POOLS: Final[Mapping[str, int]] = {
    "data-collector": 3,
    "interaction": 2,
    "voice": 4,
    "workspace": 5,
    "setting": 5,
    "provisioning": 3,
}
"""By calling box: connections that each of its pods keeps to each pod of a store."""
USUAL_POOL: Final = 2
POOLED: Final = ("redis", "postgresql", "elasticsearch")
FIRST_PORT: Final = 32_768
PORTS: Final = 28_000
BUSY_S: Final = 30
"""A connection of a pool is used at least once in so many seconds."""
Pair = tuple[str, str]
"""The uids of the calling pod and of the store's."""


@dataclass(frozen=True, slots=True)
class Link:
    """One connection, as the store sees it. `way`: the connection of the picture that
    it is part of."""

    id: int
    host: str
    port: int
    opened: datetime
    way: int

    def age_s(self, now: datetime) -> int:
        return max(0, int((now - self.opened).total_seconds()))

    def idle_s(self, now: datetime) -> int:
        """Every connection has its turn, each at another moment."""
        return min(self.age_s(now), (int(now.timestamp()) + 11 * self.id) % BUSY_S)


@dataclass(frozen=True, slots=True)
class _Pool:
    caller: Pod
    way: int
    size: int
    first: int
    opened: datetime

    def links(self, size: int) -> Iterator[Link]:
        for number in range(self.first, self.first + size):
            port = FIRST_PORT + number * 7 % PORTS
            yield Link(number, self.caller.ip, port, self.opened, self.way)


class Links:
    """All pools. Told of every change, so that it knows how long each has lasted."""

    def __init__(self) -> None:
        self._pools: dict[Pair, _Pool] = {}
        self._next = 100
        self._begun = False

    def follow(
        self, faults: Iterable[Fault], pods: tuple[Pod, ...], now: datetime
    ) -> None:
        """Keep the pools that still have both ends; make those that are missing."""
        found: dict[Pair, _Pool] = {}
        for way, caller, server in _pairs(tuple(faults), pods):
            pair = (caller.uid, server.uid)
            known = self._pools.get(pair)
            begun = max(caller.started_at, server.started_at)
            if known is None or known.opened < begun:
                known = self._made(way, caller, server, now)
            found[pair] = known
        self._pools, self._begun = found, True

    def to(self, server: Pod, at_least: int = 0) -> tuple[Link, ...]:
        """Connections to one pod of a store. `at_least`: so many in all, where clients
        take ever more and give none back."""
        pools = [pool for pair, pool in self._pools.items() if pair[1] == server.uid]
        each = -(-at_least // len(pools)) if pools else 0
        return tuple(link for one in pools for link in one.links(max(one.size, each)))

    def _made(self, way: int, caller: Pod, server: Pod, now: datetime) -> _Pool:
        first, size = self._next, POOLS.get(caller.spec.box, USUAL_POOL)
        self._next += size
        # What is there at the start is taken to have been there before it.
        both = max(caller.started_at, server.started_at)
        opened = max(both, now) if self._begun else both
        return _Pool(caller, way, size, first, opened)


def callers(store: str) -> tuple[tuple[int, NodeId], ...]:
    """The connections of the picture that lead to a store, and their sources."""
    return tuple(
        (connection.number, connection.source)
        for connection in TOPOLOGY.connections
        if connection.destination == store
    )


def _pairs(
    faults: tuple[Fault, ...], pods: tuple[Pod, ...]
) -> Iterator[tuple[int, Pod, Pod]]:
    cut = {fault.target for fault in faults if fault.kind == "partition"}
    up = [pod for pod in pods if pod.serving and not pod.leaving]
    for store in POOLED:
        servers = [pod for pod in up if pod.spec.box == store]
        for number, source in callers(store):
            specs = behind(source) if str(number) not in cut else ()
            for caller in (pod for pod in up if pod.spec in specs):
                yield from ((number, caller, server) for server in servers)
