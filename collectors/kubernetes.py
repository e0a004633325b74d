"""The Kubernetes collector: every kind in every namespace, each on its own.

One feed that is denied or cut off leaves the others as they are; while it waits for
news it takes no thread (`switchboard`). Nothing is ever changed in the cluster:
`kubernetes_resources` lists all that is asked of it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from app.domain.locate import Locator
from app.domain.reading import FeedName, Reading
from app.domain.timings import Asks
from collectors.base import Clock, Report
from collectors.kubernetes_access import Access, Connect
from collectors.kubernetes_feed import KubernetesFeed
from collectors.kubernetes_resources import RESOURCES
from collectors.kubernetes_talk import Talk, Timing
from collectors.pulse import Pulse
from collectors.switchboard import Switchboard


class KubernetesCollector:
    name: Final = "kubernetes"

    def __init__(
        self,
        connect: Connect,
        locator: Locator,
        namespaces: Iterable[str],
        report: Report,
        clock: Clock,
        timing: Timing | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        chance: random.Random | None = None,
    ) -> None:
        """`namespaces` may name one twice: several parts of GWS can share one."""
        self._access = Access(connect, monotonic)
        self._pulse = Pulse()
        talk = Talk(
            self._access, timing or Timing(), monotonic, chance or random.Random()
        )
        self.feeds: Final = tuple(
            KubernetesFeed(
                talk, resource, namespace, locator, report, clock, self._pulse
            )
            for namespace in dict.fromkeys(namespaces)
            for resource in RESOURCES
        )
        self._switchboard = Switchboard(
            "kubernetes watches", (one.run() for one in self.feeds)
        )

    def first_words(self) -> tuple[FeedName, ...]:
        return tuple(one.feed.key for one in self.feeds)

    def start(self) -> None:
        self._switchboard.start()

    def stop(self) -> None:
        for feed in self.feeds:
            feed.stop()
        self._access.cut_off()
        self._switchboard.stop()

    def join(self, timeout_s: float) -> None:
        self._switchboard.join(timeout_s)

    def ask_once(self) -> tuple[Reading, ...]:
        """Every feed listed once, side by side: one that hangs delays no other."""
        if not self.feeds:
            return ()
        with ThreadPoolExecutor(len(self.feeds), "kubernetes ask") as pool:
            answers = pool.map(KubernetesFeed.ask_once, self.feeds)
            return tuple(reading for answer in answers for reading in answer)

    def asks(self) -> Asks:
        return self._pulse.asks

    def versions(self) -> Mapping[str, str]:
        known = ((one.feed.name, one.version) for one in self.feeds)
        return {name: version for name, version in known if version is not None}
