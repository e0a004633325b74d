"""What a web replica reads from Redis, into the bus of its own process.

One thread waits for the news of all deployments at once, and keeps the pictures: they
outlive every trouble of Redis and of the collector, and are right again by themselves.
A delta is handed on as the bytes that came. It says from which picture it leads; where
that is not the one here, the whole picture is read anew.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import orjson
import redis
import structlog

from app.bus.base import Json, Latest
from app.bus.memory import MemoryBus
from app.bus.redis_line import BusAddress, news_of, picture_of, told
from app.bus.redis_watch import Lookout
from app.domain import wire
from app.domain.unwatched import unwatched
from app.threads import Threaded

WAIT_S: Final = 1.0
"""So long a question for news waits; so often it is looked whether anybody collects."""
AT_ONCE: Final = 256
RETRY_S: Final = (0.2, 1.0)
BEGINNING: Final = "0-0"
DOUBTED: Final = "~"
"""Ends the id of a picture that says that nobody looks: who knows it does not know the
one that it was made of."""

log = structlog.get_logger(__name__)


class Kept(Protocol):
    """Who keeps what was shown, for a while. No method waits."""

    def note(self, picture: Json, delta: Json | None) -> None: ...

    def still(self, picture: Json, now: datetime) -> None:
        """Somebody looks, and all is as in `picture`."""


@dataclass(slots=True)
class _Channel:
    """`picture`: the newest one, as the collector published it."""

    kept: Kept
    picture: Json | None = None
    id: str = ""
    cursor: str = BEGINNING
    """The last entry of the stream that was looked at."""
    doubted: bool = False
    behind: str = ""
    """Its id at the last look, where the leader said that there is a later one."""


class Follower(Threaded):
    """`keeps`: for each deployment."""

    def __init__(
        self,
        address: BusAddress,
        client: redis.Redis,
        bus: MemoryBus,
        clock: Callable[[], datetime],
        keeps: Mapping[str, Kept],
        wait_s: float = WAIT_S,
    ) -> None:
        super().__init__("bus")
        self.address, self.client, self.bus = address, client, bus
        self.clock, self.wait_s = clock, wait_s
        self.lookout = Lookout(address, clock)
        self.resyncs = 0
        """How often a whole picture had to be read, the first ones too."""
        self._channels = {name: _Channel(kept) for name, kept in keeps.items()}
        self._ending = threading.Event()
        self._looked_at = 0.0

    def behind(self) -> int:
        """How many pictures are missing, or were not the newest at the last look."""
        channels = self._channels.values()
        return sum(one.picture is None or bool(one.behind) for one in channels)

    def stop(self) -> None:
        """Ask it to end; return at once."""
        self._ending.set()

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._follow()
            except (redis.RedisError, OSError) as exc:
                self.lookout.lost(told(self.address, exc))
                self._judge()
                self._ending.wait(random.uniform(*RETRY_S))
            except Exception:
                log.exception("bug in following the bus")
                self._ending.wait(RETRY_S[1])

    def _follow(self) -> None:
        """One question for all news, and once a second one for the leader."""
        for name, one in self._channels.items():
            if one.picture is None:
                self._load(name, one)
        streams: Any = {
            news_of(name): one.cursor for name, one in self._channels.items()
        }
        answer = self.client.xread(
            streams, count=AT_ONCE, block=int(self.wait_s * 1000)
        )
        of = {news_of(name): name for name in self._channels}
        for stream, entries in _pairs(answer):
            name = of[stream.decode()]
            self._read(name, self._channels[name], entries)
        if time.monotonic() - self._looked_at >= self.wait_s:
            self._looked_at = time.monotonic()
            self._look()

    def _read(self, name: str, channel: _Channel, entries: Iterable[Any]) -> None:
        for event_id, fields in entries:
            channel.cursor = event_id.decode()
            if not self._goes_on(name, channel, channel.cursor, fields):
                self._load(name, channel)
                return

    def _goes_on(
        self, name: str, channel: _Channel, event_id: str, fields: Any
    ) -> bool:
        """Take one delta; `False` where it leads from another picture."""
        before, delta = fields[b"from"].decode(), fields[b"news"]
        if channel.picture is None or before != channel.id or not delta:
            return False
        news = orjson.loads(delta)
        picture = wire.apply(channel.picture, news)
        channel.picture, channel.id = picture, event_id
        channel.kept.note(picture, news)
        if channel.doubted:
            self._show(name, channel)
        else:
            self.bus.take(Latest(picture, event_id), delta)
        return True

    def _load(self, name: str, channel: _Channel) -> None:
        """The whole picture, and what came since it was written."""
        found = load(self.client, name)
        if found is None or found.id == channel.id:
            return
        self.resyncs += 1
        channel.picture, channel.id = found.picture, found.id
        channel.cursor = max(channel.cursor, found.id, key=_place)
        channel.kept.note(found.picture, None)
        self._show(name, channel)

    def _look(self) -> None:
        leader, state = self.lookout.ask(self.client)
        self.lookout.see(leader, state)
        self._judge()
        if self.lookout.why is not None:
            return
        now = self.clock()
        for name, one in self._channels.items():
            self._catch_up(name, one)
            if one.picture is not None and self.lookout.unseen(name) is None:
                one.kept.still(one.picture, now)

    def _catch_up(self, name: str, channel: _Channel) -> None:
        """Whoever is behind twice at one picture is not told of what came since."""
        newest = self.lookout.ids.get(name, BEGINNING)
        is_behind = _place(newest) > _place(channel.id or BEGINNING)
        if is_behind and channel.behind == channel.id:
            self._load(name, channel)
        channel.behind = channel.id if is_behind else ""

    def _judge(self) -> None:
        """Show that nobody looks, or that somebody does again."""
        for name, one in self._channels.items():
            quiet = self.lookout.quiet(name)
            if one.picture is not None and (quiet or one.doubted):
                one.doubted = quiet
                self._show(name, one)

    def _show(self, name: str, channel: _Channel) -> None:
        picture, event_id = channel.picture, channel.id
        if picture is None:
            return
        if channel.doubted:
            seen, why = self.lookout.seen_at(name), self.lookout.unseen(name) or ""
            picture = unwatched(picture, seen, why, self.clock())
            event_id += DOUBTED
        known = self.bus.latest(name)
        if known is None or (known.event_id, known.snapshot) != (event_id, picture):
            self.bus.take(Latest(picture, event_id), None)


@dataclass(frozen=True, slots=True)
class Whole:
    id: str
    picture: Json


def load(client: redis.Redis, deployment: str) -> Whole | None:
    """The newest picture that Redis has; `None` before the first."""
    found: Any = client.hmget(picture_of(deployment), "id", "body")
    name, body = found
    if name is None or body is None:
        return None
    event_id, picture = name.decode(), orjson.loads(body)
    since: Any = client.xrange(news_of(deployment), min=f"({event_id}")
    for place, fields in since:
        if fields[b"from"].decode() == event_id and fields[b"news"]:
            picture = wire.apply(picture, orjson.loads(fields[b"news"]))
            event_id = place.decode()
    return Whole(event_id, picture)


def _pairs(answer: Any) -> Iterable[tuple[bytes, Any]]:
    return answer.items() if isinstance(answer, dict) else answer or ()


def _place(event_id: str) -> tuple[int, int]:
    term, _, version = event_id.partition("-")
    return int(term), int(version)
