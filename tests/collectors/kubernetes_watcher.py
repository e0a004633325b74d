"""A collector pointed at one server, and what it has reported, for the tests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random

from kubernetes.client import ApiClient, Configuration

from app.domain.locate import locator
from app.domain.reading import Reading
from app.domain.topology import standard
from collectors.kubernetes import KubernetesCollector
from collectors.kubernetes_talk import Timing

LOCATOR = locator(standard())
QUICK = Timing(watch_s=300, silence_s=20, list_s=10, retry_s=0.02, retry_most_s=0.05)
HASTY = Timing(watch_s=1, silence_s=0.3, list_s=0.3, retry_s=0.02, retry_most_s=0.05)


def names(reading: Reading) -> list[str]:
    return [fact.name for fact in reading.facts]


class Heard:
    """Every reading, in order; `wait` for one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.readings: list[Reading] = []

    def __call__(self, reading: Reading) -> None:
        with self._changed:
            self.readings.append(reading)
            self._changed.notify_all()

    def of(self, feed: str) -> list[Reading]:
        return [one for one in self.readings if one.feed.name == feed]

    def wait(
        self, feed: str, wanted: Callable[[Reading], object], timeout_s: float = 30
    ) -> Reading:
        """The first reading of a feed for which `wanted` is true."""

        def found() -> Reading | None:
            return next((one for one in self.of(feed) if wanted(one)), None)

        with self._changed:
            self._changed.wait_for(found, timeout_s)
        reading = found()
        assert reading is not None, [
            (len(one.facts), one.gone, one.trouble) for one in self.of(feed)
        ]
        return reading

    def trouble(self, feed: str = "pods/gws", kind: str = "") -> str:
        """The text of the first trouble (of this kind)."""
        reading = self.wait(
            feed, lambda one: one.trouble and one.trouble.kind.startswith(kind)
        )
        assert reading.trouble is not None
        return reading.trouble.text


def plain(url: str, **options: object) -> Callable[[], ApiClient]:
    """A client without a kubeconfig."""

    def connect() -> ApiClient:
        configuration = Configuration(host=url, **options)
        configuration.retries = False
        configuration.proxy = None
        return ApiClient(configuration)

    return connect


def collector(
    connect: Callable[[], ApiClient] | str,
    heard: Heard,
    *namespaces: str,
    timing: Timing = QUICK,
    **options: object,
) -> KubernetesCollector:
    return KubernetesCollector(
        plain(connect) if isinstance(connect, str) else connect,
        LOCATOR,
        namespaces or ("gws",),
        heard,
        lambda: datetime.now(UTC),  # noqa: TID251  the tests' own shell
        timing,
        chance=Random(1),
        **options,
    )


@contextmanager
def watching(connect, *namespaces: str, **options: object):
    """What a running collector reports; it is stopped at the end, and in time."""
    heard = Heard()
    one = collector(connect, heard, *namespaces, **options)
    one.start()
    try:
        yield heard
    finally:
        one.stop()
        one.join(30)
    assert not any(t.name.startswith("kubernetes ") for t in threading.enumerate())
