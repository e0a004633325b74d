"""Elasticsearch (or OpenSearch) about itself: its health, and who is connected.

Two questions a turn: the cluster's health, and of every node its HTTP connections and
what its thread pools have turned away. Both are kept small by `filter_path`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from app.domain.facts import Fact
from app.domain.reading import Feed, Reading, Trouble
from app.domain.subject import NodeId
from collectors.base import Clock, Report
from collectors.elasticsearch_read import (
    read_clients,
    read_health,
    read_nodes,
    read_rejected,
)
from collectors.errors import CollectorError
from collectors.http_errors import refusal
from collectors.http_line import Dialect, HttpAddress, HttpLine
from collectors.rounds import Asked, Rounds

CONNECT_S: Final = 3.0
ANSWER_S: Final = 5.0
HEALTH: Final = "/_cluster/health"
NODES: Final = "/_nodes/stats/http,thread_pool"
WANTED: Final = {
    "filter_path": "nodes.*.http.current_open,nodes.*.http.clients.remote_address,"
    "nodes.*.http.clients.*_time_millis,nodes.*.timestamp,"
    "nodes.*.thread_pool.*.rejected"
}
Owners = Callable[[], Mapping[str, NodeId]]


@dataclass(frozen=True, slots=True)
class ElasticsearchAddress(HttpAddress):
    """`token_file`: an API key, or the password of `user`."""

    user: str | None = None

    @property
    def dialect(self) -> Dialect:
        called = "password" if self.user else "API key"
        refused = partial(refusal, what="Elasticsearch")
        return Dialect(called, self._sign_in, refused)

    def _sign_in(self, secret: str) -> dict[str, str]:
        if self.user is None:
            return {"Authorization": f"ApiKey {secret}"}
        pair = base64.b64encode(f"{self.user}:{secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}


class ElasticsearchCollector:
    name: Final = "elasticsearch"

    def __init__(
        self,
        address: ElasticsearchAddress,
        owners: Owners,
        report: Report,
        clock: Clock,
        *,
        interval_s: float = 15.0,
    ) -> None:
        """`owners`: whose pod has an address, as known now."""
        self._address = address
        self._owners = owners
        self._clock = clock
        self._line = HttpLine(address, address.dialect, CONNECT_S)
        self._rejected: int | None = None
        self._feed = Feed(self.name, "cluster", max_age_s=3 * interval_s)
        self._rounds = Rounds(
            targets=lambda: (address.shown,),
            feed=lambda _: self._feed,
            ask=lambda _: Asked(self._ask()),
            retired=lambda _: None,
            report=report,
            clock=clock,
            interval_s=interval_s,
            at_once=1,
        )

    def start(self) -> None:
        self._rounds.start()

    def stop(self) -> None:
        self._rounds.stop()
        self._line.close()

    def join(self, timeout_s: float) -> None:
        self._rounds.join(timeout_s)

    def ask_once(self) -> tuple[Reading, ...]:
        return self._rounds.once()

    def _ask(self) -> Reading:
        try:
            return Reading(self._feed, self._clock(), self._facts())
        except CollectorError as exc:
            text = f"Elasticsearch at {self._address.shown}: {exc}"
            return Reading(self._feed, self._clock(), trouble=Trouble(exc.kind, text))

    def _facts(self) -> tuple[Fact, ...]:
        target = self._address.shown
        health = self._line.body(HEALTH, {}, ANSWER_S)
        nodes = read_nodes(self._line.body(NODES, WANTED, ANSWER_S))
        rejected = read_rejected(nodes)
        # A node that was restarted counts from 0 again: that is no news.
        grown = None if self._rejected is None else max(0, rejected - self._rejected)
        self._rejected = rejected
        store = read_health(health, nodes, target, grown)
        return (store, *read_clients(nodes, target, self._owners()))
