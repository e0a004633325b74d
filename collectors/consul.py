"""Consul: would discovery hand out each box, and is Consul itself well?

Feeds, each in a thread of its own: `checks` and `catalog` are blocking queries, so that
a change is here the moment Consul knows it; `cluster` (leader, peers, autopilot) can't
be held and is polled, and so are `agent` (what it counts of itself, where the token
may) and `keys`, where a prefix is given. What the answers mean is read in
`collectors.consul_read`, `consul_agent_read` and `consul_keys`, how they are fetched in
`collectors.consul_http`.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from app.domain.facts import ConsulClusterFact, Fact
from app.domain.locate import Locator
from app.domain.reading import Feed, FeedName, Reading
from app.domain.timings import Asks
from collectors.base import Clock, Report
from collectors.consul_agent import Agent
from collectors.consul_feeds import Asker, Blocking, Chance, Cluster, Question
from collectors.consul_http import ConsulAddress, ConsulLine
from collectors.consul_keys import Keys
from collectors.consul_pace import Pace
from collectors.consul_read import read_catalog, read_checks
from collectors.pulse import Pulse

__all__ = ["ConsulAddress", "ConsulCollector", "Pace"]

SOURCE: Final = "consul"
CHECKS: Final = "/v1/health/state/any"
CATALOG: Final = "/v1/catalog/services"


class ConsulCollector:
    """Watches one Consul. Makes no connection before `start` or `ask_once`."""

    name: Final = SOURCE

    def __init__(
        self,
        address: ConsulAddress,
        locator: Locator,
        report: Report,
        clock: Clock,
        *,
        pace: Pace | None = None,
        chance: Chance = random.random,
        kv_prefix: str | None = None,
    ) -> None:
        self._address = address
        self._locator = locator
        self._report = report
        self._clock = clock
        self._pace = pace or Pace()
        self._chance, self._pulse = chance, Pulse()
        self._leader = ""
        self._kv_prefix = kv_prefix
        self._lists = (
            self._asker(self._checks(), self._heard_list),
            self._asker(self._catalog(), self._heard_list),
        )
        self._cluster = self._asker(self._state(), self._heard_cluster)
        polled = (self._asker(asked, self._report) for asked in self._polled())
        self._askers = (*self._lists, self._cluster, *polled)
        self._threads = [
            threading.Thread(target=asker.run, name=f"consul-{number}", daemon=True)
            for number, asker in enumerate(self._askers, start=1)
        ]

    def first_words(self) -> tuple[FeedName, ...]:
        return tuple(one.feed.key for one in (*self._lists, self._cluster))

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        for asker in self._askers:
            asker.stop()

    def join(self, timeout_s: float) -> None:
        end_s = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, end_s - time.monotonic()))

    def ask_once(self) -> tuple[Reading, ...]:
        asked = (self._checks(), self._catalog(), self._state(), *self._polled())
        return tuple(self._asker(pair, self._report).once() for pair in asked)

    def asks(self) -> Asks:
        return self._pulse.asks

    def versions(self) -> Mapping[str, str]:
        known = (asker.version for asker in self._askers)
        return {feed: version for feed, version in known if version is not None}

    def _checks(self) -> tuple[Feed, Question]:
        # A token with node:read alone gets the nodes' own checks and nothing else,
        # which looks as if the whole deployment had left Consul: `expects_some`.
        feed = Feed(
            SOURCE,
            "checks",
            max_age_s=3 * self._pace.wait_s,
            continuous=True,
            expects_some=True,
        )
        return feed, self._blocking(CHECKS, read_checks)

    def _catalog(self) -> tuple[Feed, Question]:
        feed = Feed(SOURCE, "catalog", 3 * self._pace.wait_s, continuous=True)
        return feed, self._blocking(CATALOG, read_catalog)

    def _state(self) -> tuple[Feed, Question]:
        feed = Feed(SOURCE, "cluster", max_age_s=3 * self._pace.poll_s)
        return feed, Cluster(self._pace, self._chance)

    def _polled(self) -> tuple[tuple[Feed, Question], ...]:
        feed = Feed(SOURCE, "agent", max_age_s=3 * self._pace.agent_s)
        agent = Agent(self._address.datacenter, self._pace, self._chance)
        return ((feed, agent), *self._keys())

    def _keys(self) -> tuple[tuple[Feed, Question], ...]:
        if self._kv_prefix is None:
            return ()
        feed = Feed(SOURCE, "keys", max_age_s=3 * self._pace.keys_s)
        stale = self._address.stale
        return ((feed, Keys(self._kv_prefix, self._pace, self._chance, stale=stale)),)

    def _blocking(
        self, path: str, read: Callable[[bytes, Locator], tuple[Fact, ...]]
    ) -> Blocking:
        return Blocking(
            path,
            lambda body: read(body, self._locator),
            self._pace,
            self._chance,
            stale=self._address.stale,
        )

    def _asker(self, asked: tuple[Feed, Question], report: Report) -> Asker:
        feed, question = asked
        return Asker(
            feed,
            question,
            ConsulLine(self._address, self._pace.connect_s),
            self._address.shown,
            report,
            self._clock,
            self._chance,
            self._pulse,
        )

    def _heard_list(self, reading: Reading) -> None:
        """A list in trouble is the first sign of a lost leader: look at once."""
        if reading.trouble:
            self._cluster.wake()
        self._report(reading)

    def _heard_cluster(self, reading: Reading) -> None:
        """A server that led goes on holding questions, deaf to news: ask anew. One
        that is found, or a Consul that is back, ends every list's back-off."""
        told = [f.leader for f in reading.facts if isinstance(f, ConsulClusterFact)]
        leader, before = "".join(told), self._leader
        self._leader = leader
        if leader != before:
            for asker in self._lists:
                if told and before:
                    asker.anew()
                else:
                    asker.wake()
        self._report(reading)
