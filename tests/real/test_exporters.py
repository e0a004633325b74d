"""Debian's exporters in front of real servers, scraped by a real Prometheus.

The names of their metrics are theirs, not ours: what is read of them has to be what is
going on at nginx, Redis, PostgreSQL and Elasticsearch, and what a prober could reach.

No Elasticsearch can be had where the tests run. An OpenSearch in memory tells its health;
what it does not know (statistics of nodes, a copy that is missing) a stand-in answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import requests
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.domain.facts import Fact, ProbeFact
from app.domain.facts_stores import UNREACHABLE, StoreFact
from app.domain.facts_traffic import TrafficFact
from app.domain.locate import locator
from app.domain.named import Names
from app.domain.reading import Reading
from app.domain.subject import NodeId
from app.domain.topology import standard
from app.simulator.listeners import http
from app.simulator.stores_elasticsearch import NAME, cluster_health
from benchmarks.stage import free_port, wait_for
from collectors.prometheus import PrometheusAddress, PrometheusCollector, Wanted
from collectors.telemetry import filled
from collectors.telemetry_boxes import ELASTICSEARCH
from tests.chart.helm import CHART
from tests.chart.series import names
from tests.collectors.kubernetes_authority import Authority
from tests.real.exporters import HELD, Scene
from tests.simulator.loopback import Loopback

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]

Facts = tuple[Fact, ...]

PICTURE = standard()
PROXY, VOICE, VOICEMAIL, SETTING = map(
    NodeId, ("service-proxy", "voice", "voicemail", "setting")
)
ADDRESSES = {"127.0.0.2": VOICE, "127.0.0.3": PROXY, "127.0.0.4": VOICEMAIL}
NAMES = Names(PICTURE, locator(PICTURE), ADDRESSES)
DAYS = 30
"""How long the certificate that is probed lasts."""
WHOLE, SHORT = "infra-elasticsearch-0", "elasticsearch-exporter-5c8d7f9b4-h7v2m"
"""The exporter beside the OpenSearch, and the one of the stand-in: it stands apart."""
HEALTH = cluster_health(2, 3)
SEARCH = "elasticsearch-exporter"


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a test against a real server's clock


@dataclass
class Search:
    """Answers as an Elasticsearch of three nodes does, of which one is missing."""

    up: bool = True
    rejected: int = 5

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self._front),
                Route("/_cluster/health", self._health),
                Route("/_nodes/stats", self._nodes),
            ]
        )

    async def _front(self, request: Request) -> Response:
        version = {"number": "7.17.3", "lucene_version": "8.11.1"}
        return JSONResponse({"name": "a", "cluster_name": NAME, "version": version})

    async def _health(self, request: Request) -> Response:
        return JSONResponse(HEALTH, 200 if self.up else 503)

    async def _nodes(self, request: Request) -> Response:
        pools = {"search": {"rejected": self.rejected}, "write": {"rejected": 0}}
        node = {"name": "a", "host": "10.1.0.13", "roles": ["data", "master"]}
        nodes = {"a-1": {**node, "thread_pool": pools}}
        return JSONResponse({"cluster_name": NAME, "nodes": nodes})


@dataclass(frozen=True)
class Shown:
    engine: str
    asked: PrometheusCollector
    search: Search
    reached: dict[str, NodeId]
    """What the prober is asked to reach and can."""
    missed: dict[str, NodeId]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    folder = tmp_path_factory.mktemp("exporters")
    with ExitStack() as there:
        scene, search = Scene(folder, there), Search()
        scene.nginx()
        scene.redis()
        scene.postgresql()
        loopback = there.enter_context(Loopback())
        scene.elasticsearch(WHOLE, scene.opensearch())
        scene.elasticsearch(SHORT, loopback.served(search.app()))
        reached, missed = targets(loopback, Authority(folder))
        scene.blackbox(
            str(folder / "ca.pem"),
            http_2xx=[one for one in (*reached, *missed) if "//" in one],
            tcp_connect=[one for one in (*reached, *missed) if "//" not in one],
        )
        engine = scene.scraped()
        asked = PrometheusCollector(
            PrometheusAddress(engine),
            Wanted(),
            lambda: NAMES,
            lambda reading: None,
            now,
        )
        there.callback(asked.stop)
        yield Shown(engine, asked, search, reached, missed)


def targets(
    loopback: Loopback, authority: Authority
) -> tuple[dict[str, NodeId], dict[str, NodeId]]:
    """What a prober can reach, over each of its ways, and what it can't."""
    authority.file()
    pages = http(Starlette(routes=[Route("/health", well)]))
    plain = loopback.run(loopback.listeners.open("127.0.0.2", 0, pages))
    tls = loopback.run(
        loopback.listeners.open(
            "127.0.0.3", 0, pages, tls=authority.server("127.0.0.3", DAYS)
        )
    )
    reached = {
        f"http://127.0.0.2:{plain}/health": VOICE,
        f"127.0.0.2:{plain}": VOICE,
        f"https://127.0.0.3:{tls}/health": PROXY,
    }
    missed = {
        f"http://127.0.0.2:{plain}/gone": VOICE,
        f"127.0.0.4:{free_port()}": VOICEMAIL,
    }
    return reached, missed


async def well(request: Request) -> Response:
    return Response()


def heard(shown: Shown, feed: str, then: Callable[[Facts], bool] = bool) -> Facts:
    """What one kind told, once it told what is waited for; at first, anything."""
    found: list[Reading] = []

    def told() -> bool:
        found[:] = [r for r in shown.asked.ask_once() if r.feed.name == feed]
        return bool(found) and then(found[0].facts)

    wait_for(feed, told, 30)
    return found[0].facts


def store(facts: Facts, target: str) -> StoreFact:
    (fact,) = (f for f in facts if isinstance(f, StoreFact) and f.target == target)
    return fact


def test_the_exporter_of_nginx_tells_of_the_service_proxy(shown: Shown) -> None:
    facts = heard(shown, "nginx")
    (fact,) = (one for one in facts if isinstance(one, TrafficFact))
    assert fact.subject == PROXY
    assert fact.active is not None and fact.active >= HELD


def test_the_exporter_of_redis_tells_how_full_it_is(shown: Shown) -> None:
    fact = store(heard(shown, "redis-exporter"), "infra-redis-redis-cluster-0")
    assert fact.node == "redis"
    assert fact.clients is not None and fact.clients >= HELD
    assert fact.most_clients == 10_000
    assert fact.memory and not fact.state


def test_the_exporter_of_postgresql_tells_its_sessions(shown: Shown) -> None:
    fact = store(heard(shown, "postgres-exporter"), "pgdb-gws-0")
    assert fact.node == "postgresql"
    assert fact.clients is not None and fact.clients >= HELD
    assert fact.most_clients == 100


def both(facts: Facts) -> bool:
    return len(facts) == 2


def test_the_exporter_of_elasticsearch_tells_its_health(shown: Shown) -> None:
    facts = heard(
        shown,
        SEARCH,
        lambda facts: both(facts) and store(facts, SHORT).state == "yellow",
    )
    assert {fact.node for fact in facts if isinstance(fact, StoreFact)} == {
        "elasticsearch"
    }
    whole, short = store(facts, WHOLE), store(facts, SHORT)
    assert (whole.state, whole.missing) == ("green", 0)
    assert whole.rejected is None, "its nodes' statistics are not told"
    assert (short.state, short.missing) == ("yellow", HEALTH["unassigned_shards"])


def test_the_exporter_of_elasticsearch_tells_what_is_turned_away(shown: Shown) -> None:
    heard(
        shown, SEARCH, lambda facts: both(facts) and store(facts, SHORT).rejected == 0
    )
    shown.search.rejected += 7
    heard(
        shown,
        SEARCH,
        lambda facts: both(facts) and (store(facts, SHORT).rejected or 0) >= 7,
    )


def ages(engine: str) -> set[str]:
    """Of which exporters it is told how old that is what they say."""
    query = filled(ELASTICSEARCH.asks["age"], 60, {})
    answer = requests.get(f"{engine}/api/v1/query", {"query": query}, timeout=30)
    return {one["metric"]["pod"] for one in answer.json()["data"]["result"]}


def test_an_elasticsearch_that_its_exporter_cannot_reach_is_told(shown: Shown) -> None:
    shown.search.up = False
    try:
        heard(
            shown,
            SEARCH,
            lambda facts: both(facts) and store(facts, SHORT).state == UNREACHABLE,
        )
        assert ages(shown.engine) == {WHOLE, SHORT}
    finally:
        shown.search.up = True


def test_a_prober_tells_what_it_reaches_and_what_not(shown: Shown) -> None:
    wanted = shown.reached | shown.missed

    def every(facts: Facts) -> bool:
        return len(facts) == len(wanted)

    facts = heard(shown, "blackbox", every)
    told = {fact.target: fact for fact in facts if isinstance(fact, ProbeFact)}
    assert {target: fact.node for target, fact in told.items()} == wanted
    for target, fact in told.items():
        outcomes = {outcome.ok for outcome in fact.outcomes}
        assert outcomes == {target in shown.reached}, target


def test_a_prober_tells_how_long_a_certificate_lasts(shown: Shown) -> None:
    facts = heard(shown, "blackbox", lambda facts: len(facts) == 5)
    days = {f.target: f.certificate_days for f in facts if isinstance(f, ProbeFact)}
    (told,) = (lasts for target, lasts in days.items() if target.startswith("https"))
    assert told is not None and DAYS - 1 < told <= DAYS
    assert [lasts for lasts in days.values() if lasts is not None] == [told]


EXPORTED = ("gws-redis", "gws-elasticsearch", "gws-postgresql", "gws-proxy")
"""Groups of our alerts that are about these exporters."""


def test_the_charts_alerts_name_what_the_exporters_tell(shown: Shown) -> None:
    groups = yaml.safe_load((CHART / "rules" / "alerts.yaml").read_text())["groups"]
    rules = [
        one for group in groups if group["name"] in EXPORTED for one in group["rules"]
    ]
    used = {name for rule in rules for name in names(rule["expr"])}

    def told() -> bool:
        url = f"{shown.engine}/api/v1/label/__name__/values"
        every = requests.get(url, timeout=30).json()["data"]
        return used <= {name for series in every for name in names(series)}

    wait_for(f"series of {', '.join(sorted(used))}", told, 30)
