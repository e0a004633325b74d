"""The bus inside one process: what `storage.bus: memory` means.

Publishing costs the event loop one wake-up, whatever the number of viewers; fanning out
happens on the loop, from one piece of bytes.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.bus import frames
from app.bus.base import Json, Latest, Queue

KEPT_DELTAS: Final = 512
"""Enough for a viewer that was away for minutes on a busy system."""
KEPT_BYTES: Final = 256 * 1024
"""Of one deployment's deltas; a hundred deployments must not hold a hundred times what
no viewer will read. More of them are no shorter than the picture that they lead to."""
QUEUE: Final = 64
"""Deltas a viewer may be behind before a snapshot is cheaper for both."""
HEARTBEAT_S: Final = 10.0
LEFT_ALONE_S: Final = (0.2, 2.0)
"""When the viewers of a process that ends in order come back: not all at once, since
they all come to those that are left."""
NOTHING: Final = -1
"""The version of who knows none."""


class _Step(NamedTuple):
    """A delta: from the picture of one id to the next."""

    before: str
    version: int
    frame: bytes


class _News(NamedTuple):
    version: int
    frame: bytes
    whole: bool


@dataclass(slots=True, eq=False)
class _Viewer:
    """One open stream; touched by the event loop alone."""

    told_at: float
    """By the loop's clock: when it was last sent anything."""
    waiting: deque[_News] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    behind: bool = False
    watch: asyncio.TimerHandle | None = None
    """What sees to it that silence is broken. One lazy timer a stream: a time-out
    around every wait would be a fifth of what a delta costs with 500 viewers."""

    def push(self, news: _News) -> None:
        if news.whole:
            self.waiting.clear()
            self.behind = False
        elif len(self.waiting) >= QUEUE:
            self.waiting.clear()
            self.behind = True
        if not self.behind:
            self.waiting.append(news)
        self.wake.set()


@dataclass(slots=True)
class _Channel:
    """What is held for one deployment. `lock` guards `latest` and `recent`."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    latest: Latest | None = None
    recent: deque[_Step] = field(default_factory=deque)
    recent_bytes: int = 0
    viewers: set[_Viewer] = field(default_factory=set)
    resynced: int = 0

    def keep(self, step: _Step) -> None:
        """With the lock. The oldest go that are too many, or too much."""
        self.recent.append(step)
        self.recent_bytes += len(step.frame)
        while len(self.recent) > KEPT_DELTAS or self.recent_bytes > KEPT_BYTES:
            self.recent_bytes -= len(self.recent.popleft().frame)

    def let_go(self) -> None:
        """Likewise: none leads to the picture that is next."""
        self.recent.clear()
        self.recent_bytes = 0


class MemoryBus:
    def __init__(self, epoch: str, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._epoch = epoch
        self._heartbeat_s = heartbeat_s
        self._channels: dict[str, _Channel] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hearing: list[Callable[[str], None]] = []
        self._closed = False

    def publish(self, snapshot: Json, delta: Json | None) -> None:
        name = frames.event_id(self._epoch, snapshot["version"])
        self.take(Latest(snapshot, name), None if delta is None else frames.dump(delta))

    def take(self, latest: Latest, delta: bytes | None) -> None:
        """Publish what somebody else has numbered; `delta`: the JSON that leads to it
        from the latest one here."""
        version = latest.snapshot["version"]
        channel = self._channel(latest.snapshot["deployment"])
        with channel.lock:
            before, channel.latest = channel.latest, latest
            if delta is None or before is None:
                channel.let_go()
                news = _News(version, _whole(latest), whole=True)
            else:
                frame = frames.event("delta", latest.event_id, delta)
                channel.keep(_Step(before.event_id, version, frame))
                news = _News(version, frame, whole=False)
        self._call_loop(channel, news)
        for hear in self._hearing:
            hear(latest.snapshot["deployment"])

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
            first, told = _first(channel, last_event_id)
            yield frames.RETRY + first
            while not self._closed:
                await viewer.wake.wait()
                viewer.wake.clear()
                news, told = _news(channel, viewer, told)
                viewer.told_at = loop.time()
                yield news
            yield frames.come_back(random.uniform(*LEFT_ALONE_S))
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

    def _call_loop(self, channel: _Channel, news: _News) -> None:
        if self._loop is None:
            return
        with suppress(RuntimeError):  # the loop has ended, and every viewer with it
            self._loop.call_soon_threadsafe(_fan_out, channel, news)


def _news(channel: _Channel, viewer: _Viewer, told: int) -> tuple[bytes, int]:
    """What to send to a viewer that was woken, and the version that it then knows: a
    comment where it was woken only because nothing had been told for a while."""
    if viewer.behind:
        viewer.behind = False
        channel.resynced += 1
        return _first(channel, None)
    frames_due: list[bytes] = []
    for news in viewer.waiting:
        if news.whole or news.version > told:
            frames_due.append(news.frame)
            told = news.version
    viewer.waiting.clear()
    return b"".join(frames_due) or frames.HEARTBEAT, told


def _fan_out(channel: _Channel, news: _News) -> None:
    for viewer in channel.viewers:
        viewer.push(news)


def _whole(latest: Latest) -> bytes:
    return frames.event("snapshot", latest.event_id, latest.body)


def _first(channel: _Channel, known: str | None) -> tuple[bytes, int]:
    """What a viewer that knows the picture of an id must hear first, and the version
    that it then knows: the deltas it missed if all are still held, else the whole."""
    with channel.lock:
        latest, recent = channel.latest, list(channel.recent)
    if latest is None:
        return frames.HEARTBEAT, NOTHING
    version = latest.snapshot["version"]
    if known == latest.event_id:
        return frames.HEARTBEAT, version
    for place, step in enumerate(recent):
        if step.before == known:
            return b"".join(missed.frame for missed in recent[place:]), version
    return _whole(latest), version
