"""A bus of two processes in one: what is published goes through a real Redis, and is
read from there into the bus that viewers subscribe to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson
import redis

from app.bus.base import Json
from app.bus.memory import MemoryBus
from app.bus.redis_follow import Follower
from app.bus.redis_lease import Lease
from app.bus.redis_line import BusAddress, connect
from app.bus.redis_publish import Publisher


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251


class Nothing:
    """Keeps nothing of what was shown."""

    def note(self, picture: Json, delta: Json | None) -> None: ...

    def still(self, picture: Json, now: datetime) -> None: ...


class Collector:
    """Leads, and publishes."""

    def __init__(self, url: str, **lease: float) -> None:
        self.address = BusAddress(url)
        self.client = connect(self.address)
        self.lease = Lease(self.client, **lease)
        self.publisher = Publisher(
            self.address, connect(self.address), self.lease.fence
        )
        self.publisher.start()

    def lead(self) -> int | None:
        return self.lease.take()

    def say(self, **state: object) -> bool:
        said = {"at": now().isoformat(), "ids": self.publisher.ids()} | state
        return self.lease.renew(orjson.dumps(said))

    def close(self) -> None:
        self.publisher.stop()
        self.publisher.join(10)
        self.publisher._script.registered_client.close()
        self.client.close()


class Reader:
    """A web replica's side. `wait` until its latest picture is as wanted."""

    def __init__(
        self,
        url: str,
        *names: str,
        user: str | None = None,
        password_file: Path | None = None,
        **options: float,
    ) -> None:
        self.bus = MemoryBus("here", **options)
        self._changed = threading.Condition()
        self.bus.listen(self._tell)
        address = BusAddress(url, user, password_file)
        self.client = connect(address)
        keeps = {name: Nothing() for name in names}
        self.follower = Follower(address, self.client, self.bus, now, keeps, wait_s=0.1)
        self.follower.start()

    def wait(
        self, wanted: Callable[[Json], bool], name: str = "demo", seconds: float = 30
    ) -> Json:
        def found() -> bool:
            latest = self.bus.latest(name)
            return latest is not None and wanted(latest.snapshot)

        with self._changed:
            assert self._changed.wait_for(found, seconds), self.bus.latest(name)
        return self.bus.latest(name).snapshot

    def close(self) -> None:
        self.follower.stop()
        self.follower.join(10)
        self.client.close()

    def _tell(self, _name: str) -> None:
        with self._changed:
            self._changed.notify_all()


class ThroughRedis:
    """`app.bus.base.Bus`: publishing returns once it has come through."""

    def __init__(self, url: str, **options: float) -> None:
        with redis.Redis.from_url(url, protocol=2) as client:
            client.flushall()
        self.collector = Collector(url, lives_s=600)
        assert self.collector.lead() is not None
        self._ending = threading.Event()
        self._beating = threading.Thread(target=self._beat)
        self._beating.start()
        self.reader = Reader(url, "demo", "other", **options)
        bus = self.reader.bus
        self.latest, self.subscribe = bus.latest, bus.subscribe
        self.listen, self.viewers = bus.listen, bus.viewers
        self.close = bus.close

    def publish(self, snapshot: Json, delta: Json | None) -> None:
        self.collector.publisher.publish(snapshot, delta)
        version = snapshot["version"]
        self.reader.wait(lambda one: one["version"] >= version, snapshot["deployment"])

    def _beat(self) -> None:
        while not self._ending.wait(1):
            self.collector.say()

    def end(self) -> None:
        self._ending.set()
        self._beating.join()
        self.reader.close()
        self.collector.close()
