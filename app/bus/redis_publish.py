"""What the collector that leads publishes, on its way to Redis.

Handing over never waits: a thread of its own sends. Each delta is written once, as the
bytes that every viewer gets; now and then a whole picture goes with it, from which
whoever comes later goes on. Where something could not be sent, the next whole picture
does instead, and readers see by the ids that they must begin from it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import redis
import structlog

from app.bus import frames
from app.bus.base import Json
from app.bus.redis_line import (
    LEADER,
    PUBLISH,
    BusAddress,
    news_of,
    picture_of,
    told,
)
from app.threads import Threaded

KEPT: Final = 128
"""Deltas that are held in Redis: what a reader may miss and still go on."""
WHOLE_EVERY: Final = 32
RETRY_S: Final = 0.5
LAST_WORD_S: Final = 1.0
"""How long what waits may take to be sent when all ends."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Channel:
    name: str
    told: str = ""
    """The id of the last picture that readers can have."""
    version: int = 0
    latest: Json | None = None
    waiting: deque[tuple[int, bytes]] = field(default_factory=deque)
    since_whole: int = 0
    whole_due: bool = True
    """Redis may not have what readers would begin from."""


class Publisher(Threaded):
    """`term`: under which one may write now; `None`: nothing is sent meanwhile."""

    def __init__(
        self,
        address: BusAddress,
        client: redis.Redis,
        term: Callable[[], int | None],
    ) -> None:
        super().__init__("bus")
        self._address, self._term = address, term
        self._script: Any = client.register_script(PUBLISH)
        self._channels: dict[str, _Channel] = {}
        self._changed = threading.Condition()
        self._due: dict[str, None] = {}
        """Channels that have something to tell, each once."""
        self._ending = False
        self.trouble: str | None = None

    def stop(self) -> None:
        """Ask it to send what is left, and to end; return at once."""
        with self._changed:
            self._ending = True
            self._changed.notify()

    @property
    def waiting(self) -> int:
        """How many deltas are yet to be sent."""
        with self._changed:
            return sum(len(one.waiting) for one in self._channels.values())

    def ids(self) -> dict[str, str]:
        """Of each deployment, the picture that every reader should have by now."""
        with self._changed:
            return {name: one.told for name, one in self._channels.items() if one.told}

    def begin_from(self, deployment: str, event_id: str, version: int) -> None:
        """The picture that another collector published last, and readers have."""
        with self._changed:
            self._channels[deployment] = _Channel(deployment, event_id, version)

    def publish(self, snapshot: Json, delta: Json | None) -> None:
        """From any thread; never waits."""
        name = snapshot["deployment"]
        with self._changed:
            channel = self._channels.setdefault(name, _Channel(name))
            channel.latest = snapshot
            if delta is None or len(channel.waiting) >= KEPT:
                channel.waiting.clear()
                channel.whole_due = True
            if delta is not None:
                channel.waiting.append((snapshot["version"], frames.dump(delta)))
            self._due[name] = None
            self._changed.notify()

    def again(self) -> None:
        """Redis may have lost what it was told: say all of it anew."""
        with self._changed:
            for name, one in self._channels.items():
                one.whole_due = True
                self._due[name] = None
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ending or self._due)
                due, ending = [*self._due], self._ending
            sent = self._send(due)
            if ending:
                return
            if not sent:
                with self._changed:
                    self._changed.wait_for(lambda: self._ending, RETRY_S)

    def _send(self, due: list[str]) -> bool:
        """All that waits; `False` where some of it could not be sent."""
        try:
            for name in due:
                if not self._tell(self._channels[name]):
                    return False
        except (redis.RedisError, OSError) as exc:
            self._failed(exc)
            return False
        except Exception:
            log.exception("bug in publishing")
            return False
        if self.trouble is not None:
            log.info("bus", trouble=None)
        self.trouble = None
        return True

    def _failed(self, exc: Exception) -> None:
        trouble = told(self._address, exc)
        if trouble != self.trouble:
            log.warning("bus", trouble=trouble)
        self.trouble = trouble
        # What it has is not known: it may have been restarted, and be empty.
        with self._changed:
            for one in self._channels.values():
                one.whole_due = True

    def _tell(self, channel: _Channel) -> bool:
        while True:
            term = self._term()
            if term is None:
                return False
            with self._changed:
                step = self._next(channel, term)
                if step is None:
                    self._due.pop(channel.name, None)
                    return True
            self._call(channel.name, term, step)
            with self._changed:
                self._told(channel, step)

    def _next(self, channel: _Channel, term: int) -> _Step | None:
        latest = channel.latest
        if latest is None:
            return None
        newest = latest["version"]
        if channel.waiting:
            version, delta = channel.waiting[0]
            follows = version == channel.version + 1
            due = channel.whole_due or channel.since_whole >= WHOLE_EVERY
            return _Step(
                frames.event_id(str(term), version),
                version,
                # Where something between was never sent, it leads from nowhere.
                channel.told if follows else "",
                delta,
                latest if due and version == newest else None,
            )
        if not channel.whole_due:
            return None
        if channel.told and channel.version == newest:
            return _Step(channel.told, newest, channel.told, b"", latest)
        return _Step(frames.event_id(str(term), newest), newest, "", b"", latest)

    def _call(self, name: str, term: int, step: _Step) -> None:
        """Raises for one that no longer leads."""
        body = b"" if step.whole is None else frames.dump(step.whole)
        said = b"" if step.name == step.before else b"1"
        self._script(
            keys=[LEADER, news_of(name), picture_of(name)],
            args=[str(term), step.name, step.before, step.delta, body, said, KEPT],
        )

    def _told(self, channel: _Channel, step: _Step) -> None:
        if channel.waiting and step.delta and channel.waiting[0][1] is step.delta:
            channel.waiting.popleft()
        channel.told, channel.version = step.name, step.version
        channel.since_whole += 1
        if step.whole is not None:
            channel.since_whole, channel.whole_due = 0, False


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing to send: `delta` leads from the picture `before` to `name`."""

    name: str
    version: int
    before: str
    delta: bytes
    whole: Json | None
