"""Keeps a listener on every port of every pod, each as the faults want it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

from app.simulator.faults import Fault
from app.simulator.faults_effects import Way, way_in
from app.simulator.listeners import Listeners, Mode, Place, Speaks
from app.simulator.world import Pod

Tongue = Callable[[Pod, str], Speaks]
"""What a pod speaks on a port, by the port's name."""
WELL: Way = (Mode.NORMAL, 0.0)


class PodListeners:
    """Follows the pods one step after another, in the order in which it was told."""

    def __init__(
        self, listeners: Listeners, tongue: Tongue, tls: ssl.SSLContext
    ) -> None:
        self._listeners = listeners
        self._tongue = tongue
        self._tls = tls
        self._ways: dict[Place, Way] = {}
        self._lock = asyncio.Lock()

    async def follow(self, faults: tuple[Fault, ...], pods: tuple[Pod, ...]) -> None:
        """Open, close, break and mend what changed since the last time."""
        async with self._lock:
            there: set[Place] = set()
            for pod in pods:
                for name, number in pod.ports:
                    there.add((pod.ip, number))
                    await self._bring(pod, name, way_in(faults, pod, name))
            for place in [place for place in self._ways if place not in there]:
                del self._ways[place]
                await self._listeners.close(*place)

    async def _bring(self, pod: Pod, name: str, way: Way) -> None:
        place = (pod.ip, pod.port(name))
        if place not in self._ways:
            if way[0] is Mode.REFUSE:
                return
            tls = self._tls if name == "https" else None
            await self._listeners.open(*place, self._tongue(pod, name), tls=tls)
            self._ways[place] = WELL
        if self._ways[place] != way:
            await self._listeners.set_mode(*place, *way)
            self._ways[place] = way
