"""The bus inside one process: what `storage.bus: memory` means.

Publishing costs the event loop one wake-up, whatever the number of viewers; fanning out
happens on the loop, from one piece of bytes.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from app.bus import frames
from app.bus.base import Json, Latest, Queue

KEPT_DELTAS: Final = 512
"""Enough for a viewer that was away for minutes on a busy system."""
QUEUE: Final = 64
"""Deltas a viewer may be behind before a snapshot is cheaper for both."""
HEARTBEAT_S: Final = 10.0


@dataclass(slots=True, eq=False)
class _Viewer:
    """One open stream; touched by the event loop alone."""

    told_at: float
    """By the loop's clock: when it was last sent anything."""
    waiting: deque[tuple[int, bytes]] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    behind: bool = False
    watch: asyncio.TimerHandle | None = None
    """What sees to it that silence is broken. One lazy timer a stream: a time-out
    around every wait would be a fifth of what a delta costs with 500 viewers."""

    def push(self, version: int, frame: bytes) -> None:
        if len(self.waiting) >= QUEUE:
            self.waiting.clear()
            self.behind = True
        if not self.behind:
            self.waiting.append((version, frame))
        self.wake.set()


@dataclass(slots=True)
class _Channel:
    """What is held for one deployment. `lock` guards `latest` and `recent`."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    latest: Latest | None = None
    recent: deque[tuple[int, bytes]] = field(
        default_factory=lambda: deque(maxlen=KEPT_DELTAS)
    )
    viewers: set[_Viewer] = field(default_factory=set)
    resynced: int = 0


class MemoryBus:
    def __init__(self, epoch: str, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._epoch = epoch
        self._heartbeat_s = heartbeat_s
        self._channels: dict[str, _Channel] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hearing: list[Callable[[str], None]] = []
        self._closed = False

    def publish(self, snapshot: Json, delta: Json | None) -> None:
        version = snapshot["version"]
        name = frames.event_id(self._epoch, version)
        latest = Latest(snapshot, name)
        frame = None
        if delta is not None:
            frame = frames.event("delta", name, frames.dump(delta))
        channel = self._channel(snapshot["deployment"])
        with channel.lock:
            channel.latest = latest
            if frame is None:
                channel.recent.clear()
            else:
                channel.recent.append((version, frame))
        self._call_loop(channel, version, frame or _whole(latest))
        for hear in self._hearing:
            hear(snapshot["deployment"])

    def listen(self, hear: Callable[[str], None]) -> None:
        self._hearing.append(hear)

    def latest(self, deployment: str) -> Latest | None:
        return self._channel(deployment).latest

    def viewers(self, deployment: str) -> int:
        return len(self._channel(deployment).viewers)

    def queue(self, deployment: str) -> Queue:
        channel = self._channel(deployment)
        # Copied in one step: the event loop goes on changing the set meanwhile.
        waiting = [len(viewer.waiting) for viewer in tuple(channel.viewers)]
        return Queue(len(waiting), max(waiting, default=0), channel.resynced)

    def close(self) -> None:
        self._closed = True
        for channel in self._channels.values():
            for viewer in channel.viewers:
                viewer.wake.set()

    async def subscribe(
        self, deployment: str, last_event_id: str | None
    ) -> AsyncGenerator[bytes, None]:
        self._loop = loop = asyncio.get_running_loop()
        channel, viewer = self._channel(deployment), _Viewer(loop.time())
        channel.viewers.add(viewer)
        self._watch(loop, viewer)
        try:
            known = frames.version_in(last_event_id, self._epoch)
            first, told = _first(channel, known)
            yield frames.RETRY + first
            while not self._closed:
                await viewer.wake.wait()
                viewer.wake.clear()
                news, told = _news(channel, viewer, told)
                viewer.told_at = loop.time()
                yield news
        finally:
            channel.viewers.discard(viewer)
            if viewer.watch is not None:
                viewer.watch.cancel()

    def _watch(self, loop: asyncio.AbstractEventLoop, viewer: _Viewer) -> None:
        """Wake a viewer that was told nothing for the time of a heartbeat."""
        left = viewer.told_at + self._heartbeat_s - loop.time()
        if left <= 0:
            viewer.wake.set()
            left = self._heartbeat_s
        viewer.watch = loop.call_later(left, self._watch, loop, viewer)

    def _channel(self, deployment: str) -> _Channel:
        return self._channels.setdefault(deployment, _Channel())

    def _call_loop(self, channel: _Channel, version: int, frame: bytes) -> None:
        if self._loop is None:
            return
        with suppress(RuntimeError):  # the loop has ended, and every viewer with it
            self._loop.call_soon_threadsafe(_fan_out, channel, version, frame)


def _news(channel: _Channel, viewer: _Viewer, told: int) -> tuple[bytes, int]:
    """What to send to a viewer that was woken, and the version that it then knows: a
    comment where it was woken only because nothing had been told for a while."""
    if viewer.behind:
        viewer.behind = False
        channel.resynced += 1
        return _first(channel, None)
    fresh = [(v, frame) for v, frame in viewer.waiting if v > told]
    viewer.waiting.clear()
    last = fresh[-1][0] if fresh else told
    return b"".join(frame for _, frame in fresh) or frames.HEARTBEAT, last


def _fan_out(channel: _Channel, version: int, frame: bytes) -> None:
    for viewer in channel.viewers:
        viewer.push(version, frame)


def _whole(latest: Latest) -> bytes:
    return frames.event("snapshot", latest.event_id, latest.body)


def _first(channel: _Channel, known: int | None) -> tuple[bytes, int]:
    """What a viewer that knows version `known` must hear first, and what it then
    knows: the deltas it missed if all are still held, else the whole snapshot."""
    with channel.lock:
        latest, recent = channel.latest, list(channel.recent)
    if latest is None:
        return frames.HEARTBEAT, 0
    version = latest.snapshot["version"]
    missed = [(v, frame) for v, frame in recent if known is not None and v > known]
    if known == version:
        return frames.HEARTBEAT, version
    if missed and missed[0][0] == (known or 0) + 1:
        return b"".join(frame for _, frame in missed), version
    return _whole(latest), version
