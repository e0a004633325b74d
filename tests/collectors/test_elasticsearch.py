"""Elasticsearch's own view, from answers of the documented shape over real HTTP.

No Elasticsearch can be had where the tests run; its answers are written here by its
documentation.
"""

from __future__ import annotations

import base64
import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.reading import Reading
from app.domain.subject import NodeId
from collectors.elasticsearch_store import ElasticsearchAddress, ElasticsearchCollector

COLLECTOR = NodeId("data-collector")
PODS = {"10.0.0.7": COLLECTOR, "fd00::7": COLLECTOR}
NOW_MS = 1_795_000_000_000
HEALTH: dict[str, Any] = {
    "cluster_name": "gws-elastic",
    "status": "green",
    "timed_out": False,
    "number_of_nodes": 3,
    "unassigned_shards": 0,
}


def client(host: str, age_s: int, idle_s: int, **more: Any) -> dict[str, Any]:
    return {
        "remote_address": f"{host}:41234",
        "opened_time_millis": NOW_MS - age_s * 1000,
        "last_request_time_millis": NOW_MS - idle_s * 1000,
    } | more


def node(*clients: Any, rejected: int = 0) -> dict[str, Any]:
    return {
        "timestamp": NOW_MS,
        "http": {"current_open": len(clients), "clients": list(clients)},
        "thread_pool": {"search": {"rejected": rejected}, "write": {"rejected": 0}},
    }


class Scripted(http.server.ThreadingHTTPServer):
    """Answers what it is told to; remembers how it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.health: Any = HEALTH
        self.nodes: Any = {"nodes": {"a": node()}}
        self.status = 200
        self.cuts = 0
        self.asked: list[tuple[str, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Scripted

    def do_GET(self) -> None:
        server = self.server
        server.asked.append((self.path, self.headers.get("Authorization")))
        if server.cuts:
            server.cuts -= 1
            self.close_connection = True
            return
        answer = server.health if "health" in self.path else server.nodes
        body = answer if isinstance(answer, bytes) else orjson.dumps(answer)
        self.send_response(server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def collector(server: Scripted) -> Iterator[ElasticsearchCollector]:
    made = collecting(ElasticsearchAddress(server.url))
    yield made
    made.stop()


def collecting(address: ElasticsearchAddress) -> ElasticsearchCollector:
    return ElasticsearchCollector(
        address,
        lambda: PODS,
        lambda reading: None,
        lambda: datetime(2026, 11, 24, tzinfo=UTC),
    )


def store(reading: Reading) -> StoreFact:
    assert reading.trouble is None, reading.trouble
    (fact,) = [fact for fact in reading.facts if isinstance(fact, StoreFact)]
    return fact


def test_health_and_callers_are_told(
    server: Scripted, collector: ElasticsearchCollector
) -> None:
    server.health = HEALTH | {"status": "yellow", "unassigned_shards": 4}
    server.nodes = {
        "nodes": {
            "a": node(client("10.0.0.7", 90, 5), client("[fd00::7]", 30, 600)),
            "b": node(
                client("10.0.0.9", 5, 5),
                client("10.0.0.7", 9, 9, closed_time_millis=NOW_MS),
            ),
            "c": {"timestamp": NOW_MS},
        }
    }
    (reading,) = collector.ask_once()
    fact = store(reading)
    assert (fact.state, fact.missing, fact.clients) == ("yellow", 4, 4)
    assert fact.role == "3 nodes"
    target = server.url
    es = NodeId("elasticsearch")
    assert reading.facts[1:] == (
        ClientsFact(es, target, COLLECTOR, open=2, active=1, oldest_s=90),
        ClientsFact(es, target, None, open=1, active=1, oldest_s=5),
    )
    assert all(len(path) < 300 for path, _ in server.asked)


def test_what_was_turned_away_is_counted_from_one_ask_to_the_next(
    server: Scripted, collector: ElasticsearchCollector
) -> None:
    told = []
    for rejected in (100, 100, 112, 3):
        server.nodes = {"nodes": {"a": node(rejected=rejected)}}
        (reading,) = collector.ask_once()
        told.append(store(reading).rejected)
    assert told == [None, 0, 12, 0], "at first nobody knows, and a restart is no news"


@pytest.mark.parametrize(("cuts", "kind"), [(1, None), (2, "unreachable")])
def test_a_connection_that_was_cut_while_idle_is_made_anew_once(
    server: Scripted, collector: ElasticsearchCollector, cuts: int, kind: str | None
) -> None:
    server.cuts = cuts
    (reading,) = collector.ask_once()
    assert (reading.trouble.kind if reading.trouble else None) == kind


def test_either_way_in_is_used(server: Scripted, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("k3y\n")
    pair = base64.b64encode(b"elastic:k3y").decode()
    for user, sent in ((None, "ApiKey k3y"), ("elastic", f"Basic {pair}")):
        address = ElasticsearchAddress(server.url, str(secret), user=user)
        made = collecting(address)
        store(*made.ask_once())
        made.stop()
        assert server.asked[-1][1] == sent


def test_a_refusal_is_told_without_the_secret(server: Scripted, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("k3y")
    server.status, server.health = 401, b"unable to authenticate with k3y"
    made = collecting(ElasticsearchAddress(server.url, str(secret)))
    (reading,) = made.ask_once()
    made.stop()
    assert reading.trouble is not None
    assert reading.trouble.kind == "refused"
    assert reading.trouble.text == (
        f"Elasticsearch at {server.url}: HTTP 401, a sign-in is asked for: "
        "unable to authenticate with ***"
    )


@pytest.mark.parametrize(
    ("health", "nodes", "said"),
    [
        (b"<", {}, "the cluster's health: not JSON"),
        ([], {}, "the cluster's health: not an object"),
        ({"status": "fine"}, {}, "the cluster's health is no colour"),
        (HEALTH, {"nodes": []}, "the nodes' statistics name no nodes"),
    ],
)
def test_an_answer_of_another_shape_is_told(
    server: Scripted,
    collector: ElasticsearchCollector,
    health: Any,
    nodes: Any,
    said: str,
) -> None:
    server.health, server.nodes = health, nodes
    (reading,) = collector.ask_once()
    assert reading.trouble is not None
    assert reading.trouble.kind == "misread"
    assert said in reading.trouble.text
