"""The whole fleet as one more channel of the bus: one stream for all deployments.

A browser allows six connections to a host, so a page of a hundred deployments can't
follow a hundred streams. What the deployments publish is folded into cards
(`app.domain.fleet`), all that came within a moment into one delta, and published on the
same bus: numbered, resumed, bounded and written once for everybody as every channel is.
While nobody watches the fleet nothing is folded until somebody asks.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing, suppress
from datetime import datetime
from typing import Final

from app.bus.base import Bus, Json, Latest
from app.domain import fleet
from app.domain.fleet import Member
from app.domain.instants import instant

FLEET: Final = "*"
"""The channel; no deployment can be called so."""
GATHER_S: Final = 0.1
"""News of several deployments that comes within this time is told together."""

Waiting = Callable[[], str]


class Fleet:
    def __init__(
        self,
        members: Iterable[tuple[Member, Waiting]],
        bus: Bus,
        clock: Callable[[], datetime],
        gather_s: float = GATHER_S,
    ) -> None:
        """`members`: each with what its first picture still waits for."""
        self._members = {member.id: (member, waiting) for member, waiting in members}
        self._bus, self._clock, self._gather_s = bus, clock, gather_s
        self._cards: dict[str, Json] = {}
        self._version = 0
        self._lock = threading.Lock()
        """Guards the three below: they are touched by the publishers too."""
        self._unread = set(self._members)
        self._loop: asyncio.AbstractEventLoop | None = None
        """The one to be woken; `None`: nobody watches."""
        self._woken = False
        bus.listen(self._hear)

    def latest(self) -> Latest:
        """The fleet as it is now. On the event loop."""
        self._fold()
        latest = self._bus.latest(FLEET)
        if latest is None:
            raise LookupError("the fleet was folded, and the bus does not know it")
        return latest

    async def subscribe(self, last_event_id: str | None) -> AsyncGenerator[bytes, None]:
        """As of a deployment: `app.bus.base.Bus.subscribe`."""
        with self._lock:
            self._loop, self._woken = asyncio.get_running_loop(), False
        self._fold()
        async with aclosing(self._bus.subscribe(FLEET, last_event_id)) as stream:
            async for told in stream:
                yield told

    def _hear(self, deployment: str) -> None:
        """A deployment published. From any thread; never waits."""
        if deployment not in self._members:
            return
        with self._lock:
            self._unread.add(deployment)
            loop = self._loop
            if loop is None or self._woken:
                return
            self._woken = True
        with suppress(RuntimeError):  # the loop has ended, and every viewer with it
            loop.call_soon_threadsafe(loop.call_later, self._gather_s, self._tell)

    def _tell(self) -> None:
        with self._lock:
            self._woken = False
            if not self._bus.viewers(FLEET):
                self._loop = None
                return
        self._fold()

    def _fold(self) -> None:
        """Read what has come since, and publish what is news of it."""
        with self._lock:
            unread, self._unread = self._unread, set()
        found = [self._read(name) for name in self._members if name in unread]
        changed = [one for one in found if one is not None]
        if changed:
            self._publish(changed)

    def _read(self, name: str) -> Json | None:
        """What is news of one deployment."""
        member, waiting = self._members[name]
        latest = self._bus.latest(name)
        if latest is None:  # what it waits for changes without being published
            with self._lock:
                self._unread.add(name)
        snapshot = None if latest is None else latest.snapshot
        card = fleet.card(member, snapshot, waiting())
        changed = fleet.news(self._cards.get(name), card)
        if changed is not None:
            self._cards[name] = card
        return changed

    def _publish(self, changed: list[Json]) -> None:
        self._version += 1
        at = instant(self._clock()) or ""
        cards = [self._cards[name] for name in self._members]
        whole = fleet.whole(self._version, at, cards, FLEET)
        first = self._version == 1
        self._bus.publish(whole, None if first else fleet.delta(whole, changed))
