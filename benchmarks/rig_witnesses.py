"""What the collectors would have heard of a rig, read by the collectors' own readers.

Kubernetes objects and Consul's answers pass through the same functions as on the wire,
metrics pages as text through the parser. Probes (`rig_probes`) and the stores' views
are made: what a connect would meet follows from how the simulation's listener is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import orjson

from app.domain.facts import ConsulClusterFact, Fact
from app.domain.facts_stores import ACTIVE_S, ClientsFact, StoreFact
from app.domain.knowledge import Knowledge
from app.domain.locate import locator
from app.domain.reading import Feed, Reading, Trouble
from app.domain.subject import NodeId
from app.domain.targets import ScrapeTarget, owners, scrape_targets
from app.domain.topology import Topology
from app.simulator import consul_query
from app.simulator.cluster_store import RESOURCES as STORED_RESOURCES
from app.simulator.faults_effects import api_state, consul_state, way_in
from app.simulator.listeners import Mode
from app.simulator.stores_state import MOST
from app.simulator.world import Pod
from benchmarks.rig import Rig
from benchmarks.rig_probes import PROBE_S, Probes
from collectors.consul_read import read_catalog, read_checks
from collectors.errors import CollectorError
from collectors.exposition import read_page
from collectors.kubernetes_lines import Change
from collectors.kubernetes_picture import Picture
from collectors.kubernetes_resources import RESOURCES
from collectors.scrape import WANTED
from collectors.scrape_pages import Pages
from collectors.vendor_metrics import is_counter
from collectors.windows import WINDOW_S

WATCH_AGE_S: Final = 90.0
BOOKMARK_S: Final = 30
CONSUL_S: Final = 10
TEXT: Final = "text/plain; version=0.0.4"
STORES: Final = ("redis", "postgresql", "elasticsearch")
PLURALS: Final = {one.plural: one for one in STORED_RESOURCES}
CHECKS: Final = Feed("consul", "checks", 30, continuous=True, expects_some=True)
CATALOG: Final = Feed("consul", "catalog", 30, continuous=True)
CLUSTER: Final = Feed("consul", "cluster", 30)
SOURCES: Final = ("kubernetes", "consul", "scrape", "probe", "stores")


@dataclass
class Witnesses:
    """`hear` gives the readings of one second. `scrape_s`: between two pages."""

    rig: Rig
    topology: Topology
    scrape_s: int = 15
    _version: int = 0
    _epoch: int = -1
    _rejected: int = 0

    def __post_init__(self) -> None:
        self._locator = locator(self.topology)
        spaces = self.topology.watched_namespaces()
        self._pictures = {
            (resource.plural, space): Picture(resource.kind, self._locator)
            for space in spaces
            for resource in RESOURCES
        }
        self._probes = Probes(self.rig, self.topology)
        self._pages = Pages(self.scrape_s, WINDOW_S)
        self._always = {one.plural: one.always for one in RESOURCES}
        self._started = self.rig.now

    def hear(self, known: Knowledge) -> list[Reading]:
        second = round((self.rig.now - self._started).total_seconds())
        said = [*self._kubernetes(second), *self._consul(second)]
        if second % PROBE_S == 0 or self._probes.unsettled():
            said += self._probes.hear(known)
        if second % self.scrape_s == 0:
            said += [*self._scraped(known), *self._stores(known)]
        return said

    # Kubernetes

    def _kubernetes(self, second: int) -> Iterator[Reading]:
        state = api_state(self.rig.faults())
        if state.cut or state.denials:
            yield from self._refused(second, state.cut)
        elif not state.silent:
            yield from self._watched(second)

    def _refused(self, second: int, cut: bool) -> Iterator[Reading]:
        kind, text = ("unreachable", "refused") if cut else ("refused", "403")
        for plural, space in self._pictures if second % CONSUL_S == 0 else ():
            feed = self._feed(plural, space)
            yield Reading(feed, self.rig.now, trouble=Trouble(kind, text))

    def _watched(self, second: int) -> Iterator[Reading]:
        if self._version == 0:
            yield from self._listed()
        store = self.rig.cluster.store
        for change in store.since(self._version):
            plural, (space, _) = change.resource.plural, change.key
            picture = self._pictures.get((plural, space))
            if picture is not None:
                news = picture.changed(Change(change.type), change.new)
                yield self._reading(plural, space, news.facts, gone=news.gone)
        self._version = store.version
        if second % BOOKMARK_S == 0:
            for plural, space in self._pictures:
                yield self._reading(plural, space, ())

    def _listed(self) -> Iterator[Reading]:
        store = self.rig.cluster.store
        self._version = store.version
        for (plural, space), picture in self._pictures.items():
            objects = store.at(PLURALS[plural], store.version)
            own = [one for (where, _), one in objects.items() if where == space]
            facts = picture.listed([picture.read(one) for one in own])
            yield Reading(self._feed(plural, space), self.rig.now, facts)

    def _reading(
        self,
        plural: str,
        space: str,
        facts: tuple[Fact, ...],
        gone: tuple[tuple[str, ...], ...] = (),
    ) -> Reading:
        feed = self._feed(plural, space)
        return Reading(feed, self.rig.now, facts, complete=False, gone=gone)

    def _feed(self, plural: str, space: str) -> Feed:
        return Feed(
            "kubernetes", f"{plural}/{space}", WATCH_AGE_S, continuous=True,
            expects_some=self._always[plural],
        )  # fmt: skip

    # Consul

    def _consul(self, second: int) -> Iterator[Reading]:
        consul, regular = self.rig.consul, second % CONSUL_S == 0
        state = consul_state(self.rig.faults(), self.rig.pods())
        if state.down or state.leaderless:
            why = "no cluster leader" if state.leaderless else "connection refused"
            yield from self._unheard(why) if regular else ()
        elif regular or consul.epoch != self._epoch:
            self._epoch = consul.epoch
            yield from self._asked(denied=state.denied)
        if regular and not state.down:
            leader = "" if state.leaderless else consul.leader or ""
            fact = ConsulClusterFact(leader, len(consul.servers))
            yield Reading(CLUSTER, self.rig.now, (fact,))

    def _unheard(self, why: str) -> Iterator[Reading]:
        trouble = Trouble("unreachable", why)
        for feed in (CHECKS, CATALOG):
            yield Reading(feed, self.rig.now, trouble=trouble)

    def _asked(self, *, denied: bool) -> Iterator[Reading]:
        """A token that may read nothing is answered with empty lists."""
        state = self.rig.consul.state
        rows = [] if denied else consul_query.checks_in_state(state, "any").body
        names = {} if denied else consul_query.services(state).body
        for feed, read, body in (
            (CHECKS, read_checks, rows),
            (CATALOG, read_catalog, names),
        ):
            try:
                facts = read(orjson.dumps(body), self._locator)
                yield Reading(feed, self.rig.now, facts)
            except CollectorError as exc:
                yield Reading(feed, self.rig.now, trouble=exc.trouble())

    # Metrics pages

    def _scraped(self, known: Knowledge) -> Iterator[Reading]:
        for target in scrape_targets(self.topology, known):
            yield self._scrape(target)

    def _scrape(self, target: ScrapeTarget) -> Reading:
        feed = Feed("scrape", target.name, 3 * self.scrape_s)
        pod = self.rig.pod_at(target.host, target.port)
        text = None
        if pod is not None and self.rig.way(pod, target.port)[0] is not Mode.REFUSE:
            text = self.rig.metrics.page(pod)
        if text is None:
            trouble = Trouble("unreachable", f"{target.name}: gone")
            return Reading(feed, self.rig.now, trouble=trouble)
        try:
            page = read_page(text.encode(), TEXT, WANTED, is_counter)
            facts = self._pages.news(target, page, self.rig.now.timestamp())
        except CollectorError as exc:
            told = type(exc)(f"{target.name}: {exc}")
            return Reading(feed, self.rig.now, trouble=told.trouble())
        return Reading(feed, self.rig.now, facts or (), complete=facts is not None)

    # The stores' own view

    def _stores(self, known: Knowledge) -> Iterator[Reading]:
        belongs = owners(known)
        for store in STORES:
            for pod in self.rig.stores.servers(store):
                yield self._store(store, pod, belongs)

    def _store(self, store: str, pod: Pod, belongs: dict[str, NodeId]) -> Reading:
        feed = Feed("stores", f"{store} {pod.name}", 3 * self.scrape_s)
        way, delay_s = way_in(self.rig.faults(), pod, pod.spec.ports[0][0])
        if way is Mode.REFUSE or delay_s > 3:
            trouble = Trouble("unreachable", "no answer")
            return Reading(feed, self.rig.now, trouble=trouble)
        return Reading(feed, self.rig.now, tuple(self._told(store, pod, belongs)))

    def _told(
        self, store: str, pod: Pod, belongs: dict[str, NodeId]
    ) -> Iterable[StoreFact | ClientsFact]:
        now, node = self.rig.now, NodeId(store)
        links = self.rig.stores.links_to(pod)
        most = MOST.get(store)
        yield StoreFact(
            node, pod.name, pod.version, "server", len(links), most,
            rejected=self._turned_away() if most is None else None,
        )  # fmt: skip
        callers = {belongs.get(link.host) for link in links}
        for caller in sorted(callers, key=str):
            own = [link for link in links if belongs.get(link.host) == caller]
            active = sum(link.idle_s(now) < ACTIVE_S for link in own)
            oldest = max(link.age_s(now) for link in own)
            yield ClientsFact(node, pod.name, caller, len(own), active, oldest)

    def _turned_away(self) -> int:
        """Since it was last asked."""
        before, self._rejected = self._rejected, self.rig.stores.rejected()
        return self._rejected - before
