"""The simulated deployment, alive: faults are applied to every part of it at once.

`apply` brings each part to what the faults want now; it is called whenever faults or
pods change, and does nothing where nothing changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.simulator.certificates import IngressCertificate
from app.simulator.cluster import Cluster
from app.simulator.faults import Fault
from app.simulator.faults_effects import (
    ApiState,
    ConsulState,
    api_state,
    certificate_ends,
    consul_state,
)
from app.simulator.kubernetes_api import KubernetesApi
from app.simulator.kubernetes_errors import Attempt
from app.simulator.listeners import Listeners, Mode, Place
from app.simulator.run_conditions import PodConditions
from app.simulator.run_consul import Catalog
from app.simulator.run_listeners import PodListeners
from app.simulator.run_procedures import Procedures
from app.simulator.run_stores import StoreFront
from app.simulator.sent import Sent
from app.simulator.world import Pod
from app.simulator.world_clock import VirtualClock

VIEWER = "viewer"
CERTIFICATE_LASTS = timedelta(days=60)
VERSIONS_LOST = 7


@dataclass(frozen=True, slots=True)
class Places:
    """Where the APIs, the ingress and the stores' entrances listen."""

    kubernetes: Place
    consul: Place
    ingress: Place
    redis: Place
    postgresql: Place
    elasticsearch: Place
    alertmanager: Place


@dataclass
class Parts:
    """Everything that faults act on."""

    cluster: Cluster
    api: KubernetesApi
    catalog: Catalog
    listeners: Listeners
    pod_listeners: PodListeners
    certificate: IngressCertificate
    procedures: Procedures
    settle_metrics: Callable[[], None]
    stores: StoreFront
    sent: Sent


class Simulation:
    def __init__(
        self,
        parts: Parts,
        places: Places,
        wall: Callable[[], datetime],
        clock: VirtualClock,
    ) -> None:
        self._parts = parts
        self._places = places
        self._wall = wall
        self._clock = clock
        self._ids = 0
        self._faults: dict[str, Fault] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._conditions = PodConditions(parts.cluster)
        self._certificate_end: datetime | None = None
        self._api = ApiState()
        self._consul = ConsulState()
        self._dirty = asyncio.Event()
        self._turn = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None
        parts.cluster.on_pods = lambda work: self._dirty.set()

    # What the control API asks.

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(self._faults.values())

    @property
    def now(self) -> datetime:
        return self._wall()

    @property
    def rate(self) -> float:
        return self._clock.rate

    def set_rate(self, rate: float) -> None:
        self._parts.settle_metrics()
        self._clock.set_rate(rate)

    def next_id(self) -> str:
        self._ids += 1
        return f"f{self._ids}"

    async def begin(self, fault: Fault) -> datetime:
        """Put a fault in force; when the first of its changes was sent."""
        self._parts.settle_metrics()
        self._faults[fault.id] = fault
        if fault.ends_at is not None:
            seconds = (fault.ends_at - fault.started_at).total_seconds()
            loop = asyncio.get_running_loop()
            self._timers[fault.id] = loop.call_later(seconds, self._expire, fault.id)
        async with self._turn:
            self._parts.sent.expect()
            if fault.kind == "api_gone":
                self._lose_history()
            self._parts.procedures.begin(fault)
            await self._apply()
            return self._parts.sent.at

    async def end(self, ids: Sequence[str]) -> datetime:
        """End some faults; when the first of the changes was sent."""
        self._parts.settle_metrics()
        async with self._turn:
            self._parts.sent.expect()
            for id_ in ids:
                self._forget(id_)
            await self._apply()
            return self._parts.sent.at

    # Living.

    async def start(self) -> None:
        """Bring every part in step, and keep it so as pods come and go."""
        async with self._turn:
            await self._apply()
        self._following = asyncio.get_running_loop().create_task(self._follow())

    async def stop(self) -> None:
        """End every watch and every procedure, after the turn that is in hand."""
        for timer in self._timers.values():
            timer.cancel()
        await self._parts.procedures.close()
        async with self._turn:
            if self._following:
                self._following.cancel()
        self._parts.api.streams.end()

    async def _follow(self) -> None:
        while True:
            await self._dirty.wait()
            async with self._turn:
                await self._apply()

    async def _apply(self) -> None:
        """One at a time: `_turn` is held by whoever asks."""
        self._dirty.clear()
        parts, faults = self._parts, self.faults
        offsets = [f.number("offset_s") for f in faults if f.kind == "clock_skew"]
        parts.cluster.skew = timedelta(seconds=sum(offsets))
        self._conditions.follow(faults)
        # What watches the pods is told now, not after everything else is done.
        await asyncio.sleep(0)
        parts.procedures.scale(faults)
        pods = parts.cluster.pods()
        parts.catalog.follow(faults, pods)
        # So is who holds a question to Consul.
        await asyncio.sleep(0)
        self._certificate(faults)
        await self._bring_apis(faults, pods)
        await parts.pod_listeners.follow(faults, pods)
        await parts.stores.follow(faults, pods)

    def _certificate(self, faults: tuple[Fault, ...]) -> None:
        """Its end moves when a fault comes or goes, and at no other time."""
        wanted = certificate_ends(faults)
        if wanted != self._certificate_end:
            self._certificate_end = wanted
            usual = self._wall() + CERTIFICATE_LASTS
            self._parts.certificate.set_not_after(wanted or usual)

    async def _bring_apis(
        self, faults: tuple[Fault, ...], pods: tuple[Pod, ...]
    ) -> None:
        await self._bring_kubernetes(api_state(faults))
        await self._bring_consul(consul_state(faults, pods))

    async def _bring_kubernetes(self, wanted: ApiState) -> None:
        before, self._api = self._api, wanted
        api, place = self._parts.api, self._places.kubernetes
        api.gone_as_status = wanted.gone_as_status
        if wanted.denials != before.denials:
            api.access.deny(VIEWER, wanted.denials)
            api.streams.end(
                lambda stream: any(
                    denial.covers(
                        Attempt(
                            VIEWER, "watch", stream.request.resource,
                            stream.request.namespace,
                        )
                    )
                    for denial in wanted.denials
                )
            )  # fmt: skip
        if wanted.silent != before.silent:
            api.streams.silence(silent=wanted.silent)
        if wanted.cut != before.cut:
            mode = Mode.REFUSE if wanted.cut else Mode.NORMAL
            await self._parts.listeners.set_mode(*place, mode)

    async def _bring_consul(self, wanted: ConsulState) -> None:
        before, self._consul = self._consul, wanted
        listeners, place = self._parts.listeners, self._places.consul
        if wanted.denied != before.denied:
            # Agents restart with the other policy: what was connected is cut.
            await listeners.set_mode(*place, Mode.RESET)
            await listeners.set_mode(*place, Mode.NORMAL)
        if wanted.down != before.down or wanted.denied != before.denied:
            mode = Mode.REFUSE if wanted.down else Mode.NORMAL
            await listeners.set_mode(*place, mode)

    def _lose_history(self) -> None:
        """Compact away all that open watches could resume from, and end them."""
        store = self._parts.cluster.store
        store.advance(VERSIONS_LOST)
        store.compact()
        self._parts.api.streams.end()

    def _expire(self, id_: str) -> None:
        self._parts.settle_metrics()
        self._forget(id_)
        self._dirty.set()

    def _forget(self, id_: str) -> None:
        fault = self._faults.pop(id_, None)
        if fault is None:
            return
        timer = self._timers.pop(id_, None)
        if timer:
            timer.cancel()
        self._parts.procedures.end(fault)
