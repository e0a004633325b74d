"""Readings as a test hears them: kept, and waited for with a deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from types import TracebackType

from app.domain.locate import locator
from app.domain.reading import Reading
from app.domain.topology import standard
from collectors.consul import ConsulAddress, ConsulCollector, Pace

LOCATOR = locator(standard())
QUICK = Pace(
    wait_s=1.0,
    list_s=1.0,
    answer_s=1.0,
    poll_s=0.1,
    autopilot_s=0.2,
    keys_s=0.1,
    connect_s=0.5,
    margin_s=0.3,
)
"""The product's rules in tenths of its seconds."""


def utc_now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


class Heard:
    """Every reading so far, with the moment (monotonic) at which it was reported."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self.readings: list[Reading] = []
        self.times: list[float] = []

    def __call__(self, reading: Reading) -> None:
        with self._news:
            self.readings.append(reading)
            self.times.append(time.monotonic())
            self._news.notify_all()

    def of(self, feed: str) -> list[Reading]:
        with self._news:
            return [reading for reading in self.readings if reading.feed.name == feed]

    def wait(
        self,
        feed: str,
        wanted: Callable[[Reading], object] = lambda reading: True,
        *,
        after: int = 0,
        within: float = 30.0,
    ) -> tuple[Reading, float]:
        """The first wanted reading of a feed after so many, and when it came."""

        def found() -> tuple[Reading, float] | None:
            known = zip(self.readings, self.times, strict=True)
            of_feed = [pair for pair in known if pair[0].feed.name == feed]
            return next((pair for pair in of_feed[after:] if wanted(pair[0])), None)

        with self._news:
            if not self._news.wait_for(lambda: found() is not None, within):
                told = "\n".join(str(reading) for reading in self.readings[-6:])
                raise AssertionError(f"{feed}: not heard within {within} s\n{told}")
            pair = found()
            assert pair is not None
            return pair

    def trouble(self, feed: str, *, after: int = 0) -> str:
        """The first trouble's text."""
        reading, _ = self.wait(feed, lambda r: r.trouble, after=after)
        assert reading.trouble is not None
        return f"{reading.trouble.kind}: {reading.trouble.text}"


class Watch(AbstractContextManager[Heard]):
    """A collector that runs inside a `with`, and what it reports."""

    def __init__(
        self,
        address: ConsulAddress,
        pace: Pace = QUICK,
        *,
        kv_prefix: str | None = None,
    ) -> None:
        self.heard = Heard()
        self.collector = ConsulCollector(
            address,
            LOCATOR,
            self.heard,
            utc_now,
            pace=pace,
            chance=lambda: 0.5,
            kv_prefix=kv_prefix,
        )

    def __enter__(self) -> Heard:
        self.collector.start()
        return self.heard

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.collector.stop()
        self.collector.join(5.0)


def ask_once(
    address: ConsulAddress, *, kv_prefix: str | None = None
) -> dict[str, Reading]:
    """What `doctor` would hear, by feed."""
    collector = ConsulCollector(
        address, LOCATOR, Heard(), utc_now, pace=QUICK, kv_prefix=kv_prefix
    )
    return {reading.feed.name: reading for reading in collector.ask_once()}


def statuses(reading: Reading) -> dict[str, str]:
    """The status of each check in a reading."""
    return {fact.check: fact.status for fact in reading.facts}  # type: ignore[union-attr]
