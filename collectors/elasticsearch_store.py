"""Elasticsearch (or OpenSearch) about itself: its health, and who is connected.

Two questions a turn: the cluster's health, and of every node its HTTP connections and
what its thread pools have turned away. Both are kept small by `filter_path`. Who does
not know the second question (a managed service, a stand-in) is asked the first alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from app.domain.facts import Fact
from collectors.base import Clock, Owners, Report
from collectors.elasticsearch_read import (
    read_clients,
    read_health,
    read_health_alone,
    read_nodes,
    read_rejected,
)
from collectors.http_errors import SourceUnsupported, refusal
from collectors.http_line import Dialect, HttpAddress, HttpLine, basic
from collectors.polled import Polled

CONNECT_S: Final = 3.0
ANSWER_S: Final = 5.0
HEALTH: Final = "/_cluster/health"
NODES: Final = "/_nodes/stats/http,thread_pool"
WANTED: Final = {
    "filter_path": "nodes.*.http.current_open,nodes.*.http.clients.remote_address,"
    "nodes.*.http.clients.*_time_millis,nodes.*.timestamp,"
    "nodes.*.thread_pool.*.rejected"
}


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
        return basic(self.user, secret)


class ElasticsearchCollector(Polled):
    name = "elasticsearch"

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
        self._line = HttpLine(address, address.dialect, CONNECT_S)
        self._rejected: int | None = None
        super().__init__(
            "cluster", f"Elasticsearch at {address.shown}", report, clock, interval_s
        )

    def stop(self) -> None:
        super().stop()
        self._line.close()

    def _facts(self) -> tuple[Fact, ...]:
        target = self._address.shown
        health = self._line.body(HEALTH, {}, ANSWER_S)
        try:
            nodes = read_nodes(self._line.body(NODES, WANTED, ANSWER_S))
        except SourceUnsupported as exc:
            return (read_health_alone(health, target, str(exc)),)
        rejected = read_rejected(nodes)
        # A node that was restarted counts from 0 again: that is no news.
        grown = None if self._rejected is None else max(0, rejected - self._rejected)
        self._rejected = rejected
        store = read_health(health, nodes, target, grown)
        return (store, *read_clients(nodes, target, self._owners()))
