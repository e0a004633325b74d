"""The Kubernetes collector: every kind in every namespace, each in a thread of its own.

One feed that is denied or cut off leaves the others as they are. Nothing is ever
changed in the cluster: `kubernetes_resources` lists all that is asked of it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from app.domain.locate import Locator
from app.domain.reading import Reading
from collectors.base import Clock, Report
from collectors.kubernetes_access import Access, Connect
from collectors.kubernetes_feed import KubernetesFeed
from collectors.kubernetes_resources import RESOURCES
from collectors.kubernetes_talk import Talk, Timing


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
        self._monotonic = monotonic
        self._access = Access(connect, monotonic)
        talk = Talk(
            self._access, timing or Timing(), monotonic, chance or random.Random()
        )
        self.feeds: Final = tuple(
            KubernetesFeed(talk, resource, namespace, locator, report, clock)
            for namespace in dict.fromkeys(namespaces)
            for resource in RESOURCES
        )
        self._threads = [
            threading.Thread(
                target=one.run, name=f"kubernetes {one.feed.name}", daemon=True
            )
            for one in self.feeds
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        for feed in self.feeds:
            feed.stop()
        self._access.cut_off()

    def join(self, timeout_s: float) -> None:
        deadline = self._monotonic() + timeout_s
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, deadline - self._monotonic()))

    def ask_once(self) -> tuple[Reading, ...]:
        """Every feed listed once, side by side: one that hangs delays no other."""
        if not self.feeds:
            return ()
        with ThreadPoolExecutor(len(self.feeds), "kubernetes ask") as pool:
            answers = pool.map(KubernetesFeed.ask_once, self.feeds)
            return tuple(reading for answer in answers for reading in answer)
