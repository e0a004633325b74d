"""Keeps the simulated stores in step with the pods, and opens their entrances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.simulator.faults import Fault
from app.simulator.listeners import Listeners, Mode, Place, Speaks
from app.simulator.stores_entrance import Entrance
from app.simulator.stores_postgresql import Postgresql, PostgresqlServer
from app.simulator.stores_postgresql_talk import Talk
from app.simulator.stores_redis import Redis, RedisMember
from app.simulator.stores_state import Stores
from app.simulator.world import Pod

ENTERED: Final = ("redis", "postgresql", "elasticsearch")


class StoreFront:
    """What the stores say on their pods' ports, and the way in to each store."""

    def __init__(self, stores: Stores, listeners: Listeners) -> None:
        self._stores = stores
        self._listeners = listeners
        self._places: dict[str, Place] = {}
        self._ways: dict[str, Mode] = {}
        self._next = 0

    @staticmethod
    def redis(stores: Stores, pod: Pod) -> Speaks:
        """One member for all connections that come in by this pod's port."""
        member = RedisMember(pod, stores)
        return lambda: Redis(member)

    @staticmethod
    def postgresql(stores: Stores, pod: Pod) -> Speaks:
        """Likewise one server."""
        server = PostgresqlServer(pod, stores)
        return lambda: Postgresql(lambda address, nonce: Talk(server, address, nonce))

    async def open(self, host: str) -> dict[str, Place]:
        """Open the entrances; where they are, by store."""
        for store in ENTERED:
            port = await self._listeners.open(host, 0, self._leads_to(store))
            self._places[store] = (host, port)
            self._ways[store] = Mode.NORMAL
        return dict(self._places)

    async def follow(self, faults: tuple[Fault, ...], pods: tuple[Pod, ...]) -> None:
        """Make and end pools; refuse where no pod is ready, as a Service does."""
        self._stores.links.follow(faults, pods, self._stores.now())
        for store, place in self._places.items():
            wanted = Mode.NORMAL if self._ready(store) else Mode.REFUSE
            if self._ways[store] is not wanted:
                self._ways[store] = wanted
                await self._listeners.set_mode(*place, wanted)

    def _leads_to(self, store: str) -> Callable[[], Entrance]:
        return lambda: Entrance(lambda: self._choose(store))

    def _choose(self, store: str) -> Place | None:
        """Each ready pod in turn."""
        ready = self._ready(store)
        self._next += 1
        if not ready:
            return None
        pod = ready[self._next % len(ready)]
        return pod.ip, pod.port("http")

    def _ready(self, store: str) -> list[Pod]:
        return [p for p in self._stores.servers(store) if p.serving and p.ready]
