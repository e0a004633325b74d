"""Every kind of telemetry, asked of real engines: known series, known answers."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.facts import Fact, ProbeFact, WorkloadFact
from app.domain.facts_stores import StoreFact
from app.domain.facts_traffic import MeasureFact, TrafficFact, UndrawnFact
from app.domain.loads import Load, loads
from app.domain.locate import locator
from app.domain.named import Names
from app.domain.reading import Reading
from app.domain.subject import NodeId, Subject
from app.domain.topology import standard
from app.domain.view import Seen, View
from collectors.prometheus import (
    LAST_HOUR,
    PrometheusAddress,
    PrometheusCollector,
    Wanted,
)
from collectors.telemetry_boxes import ALL
from tests.real.engines import SERIES, prometheus, victoria_metrics

pytestmark = pytest.mark.real

PICTURE = standard()
VOICE, CONFIGURATION, REDIS = map(NodeId, ("voice", "configuration", "redis"))
ADDRESSES = {
    "10.96.0.29": VOICE, "10.1.0.29": VOICE, "10.1.0.21": CONFIGURATION,
    "10.96.0.24": REDIS, "10.1.0.24": REDIS,
}  # fmt: skip
NAMES = Names(PICTURE, locator(PICTURE), ADDRESSES)
P50, P95, P99 = 100.0, 406.25, 750.0


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a test against a real server's clock


@pytest.fixture(scope="module", params=["prometheus", "victoria-metrics"])
def readings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Reading]]:
    """What each kind of telemetry told, by its name; all were discovered."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    engine = prometheus if request.param == "prometheus" else victoria_metrics
    with engine(folder, time.time()) as url:
        asked = PrometheusCollector(
            PrometheusAddress(url), Wanted(), lambda: NAMES, lambda reading: None, now
        )
        try:
            yield {reading.feed.name: reading for reading in asked.ask_once()}
        finally:
            asked.stop()


def load(reading: Reading, subject: Subject) -> Load:
    """A subject's traffic as the rules see it."""
    view, at = View(), reading.at
    for fact in reading.facts:
        if isinstance(fact, TrafficFact) and fact.subject == subject:
            view.seen[TrafficFact].append(Seen(fact, at, True))
    ((one,),) = (kept.made for kept in loads({subject: view}, {}).values())
    return one


def told(reading: Reading, kind: type[Fact]) -> list[Fact]:
    return [fact for fact in reading.facts if isinstance(fact, kind)]


def test_every_kind_is_found_by_the_names_of_its_metrics(
    readings: dict[str, Reading],
) -> None:
    assert set(readings) == {"metric names", LAST_HOUR, *ALL}
    assert {path.stem for path in SERIES.glob("*.txt")} == set(ALL)
    assert [r.trouble for r in readings.values() if r.trouble] == []


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("istio", 29), ("linkerd", 29), ("hubble", 29), ("coroot", 29), ("otel", 29),
        ("beyla", 29), ("envoy", 29), ("nginx-vts", 6),
    ],
)  # fmt: skip
def test_a_caller_s_requests_errors_and_latency(
    readings: dict[str, Reading], kind: str, subject: int
) -> None:
    heard = load(readings[kind], subject)
    assert heard.rate == pytest.approx(10, rel=0.01)
    assert heard.ratio(heard.errors) == pytest.approx(0.05, rel=0.01)
    quantiles = [heard.quantile_ms(q) for q in (0.5, 0.95, 0.99)]
    assert quantiles == pytest.approx([P50, P95, P99], rel=0.01)
    if kind not in ("linkerd", "otel"):  # they do not tell 4xx apart
        assert heard.ratio(heard.client_errors) == pytest.approx(0.05, rel=0.01)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("istio", 21), ("linkerd", 21), ("hubble", 21), ("coroot", 21), ("otel", 21),
        ("beyla", 21), ("envoy", 21), ("nginx-vts", 7),
    ],
)  # fmt: skip
def test_a_caller_that_never_failed_has_no_errors_rather_than_unknown_ones(
    readings: dict[str, Reading], kind: str, subject: int
) -> None:
    heard = load(readings[kind], subject)
    assert heard.rate == pytest.approx(10, rel=0.01)
    assert heard.ratio(heard.errors) == 0


@pytest.mark.parametrize(
    ("kind", "open_", "failing"),
    [
        ("istio", 4, 0.1), ("linkerd", 5, None), ("hubble", None, 0.1),
        ("coroot", 5, 0.1), ("envoy", 5, 0.1),
    ],
)  # fmt: skip
def test_connections_to_a_store_and_the_connects_that_fail(
    readings: dict[str, Reading], kind: str, open_: int | None, failing: float | None
) -> None:
    heard = load(readings[kind], 24)
    assert heard.active == open_
    assert heard.connect_failure_ratio == (
        None if failing is None else pytest.approx(failing, rel=0.01)
    )


def test_who_never_closed_a_connection_and_opens_none_has_them_all_open(
    readings: dict[str, Reading],
) -> None:
    heard = load(readings["istio"], 25)
    assert (heard.active, heard.connect_failure_ratio) == (8, None)


@pytest.mark.parametrize("kind", ["coroot", "beyla"])
def test_a_store_s_protocol_is_understood_by_who_looks_into_it(
    readings: dict[str, Reading], kind: str
) -> None:
    heard = load(readings[kind], 24)
    assert heard.rate == pytest.approx(10, rel=0.01)
    assert heard.ratio(heard.errors) == pytest.approx(0.05, rel=0.01)


def test_a_call_that_is_not_drawn_is_told(readings: dict[str, Reading]) -> None:
    assert told(readings["istio"], UndrawnFact) == [
        UndrawnFact(NodeId("setting"), VOICE, "istio")
    ]


def test_what_was_read_is_as_old_as_the_engine_says(
    readings: dict[str, Reading],
) -> None:
    for kind in ("istio", "linkerd", "hubble", "otel", "nginx-vts"):
        for fact in told(readings[kind], TrafficFact):
            assert isinstance(fact, TrafficFact) and 0 <= fact.age_s <= 45


def test_the_proxy_s_own_page(readings: dict[str, Reading]) -> None:
    heard = load(readings["nginx"], NodeId("service-proxy"))
    assert heard.rate == pytest.approx(10, rel=0.01)
    assert (heard.active, heard.errors) == (8, None)


def test_the_vendor_s_metrics(readings: dict[str, Reading]) -> None:
    served = load(readings["vendor"], VOICE)
    assert served.rate == pytest.approx(10, rel=0.01)
    assert served.ratio(served.errors) == pytest.approx(0.05, rel=0.01)
    assert served.mean_s == pytest.approx(0.2, rel=0.01)
    asked = load(readings["vendor"], 29)
    assert asked.rate == pytest.approx(10, rel=0.01)
    assert asked.mean_s == pytest.approx(0.12, rel=0.01)
    gauges = {f.name: f.value for f in told(readings["vendor"], MeasureFact)}  # type: ignore[attr-defined]
    assert gauges == {
        "workspace_users": 312, "event_loop_lag_s": 0.02, "deadlocked_threads": 0,
    }  # fmt: skip


def test_the_stores_exporters(readings: dict[str, Reading]) -> None:
    first, second = sorted(
        told(readings["redis-exporter"], StoreFact), key=lambda f: f.key
    )
    assert isinstance(first, StoreFact) and isinstance(second, StoreFact)
    assert (first.clients, first.most_clients, first.most_memory) == (900, 1000, None)
    assert (first.memory, first.rejected, first.state) == (52_428_800, 12, "")
    assert (second.clients, second.state) == (None, "unreachable")
    (sessions,) = told(readings["postgres-exporter"], StoreFact)
    assert isinstance(sessions, StoreFact)
    assert (sessions.clients, sessions.most_clients) == (102, 512)
    (search,) = told(readings["elasticsearch-exporter"], StoreFact)
    assert isinstance(search, StoreFact)
    assert (search.state, search.missing, search.rejected) == ("yellow", 7, 6)


def test_a_prober_elsewhere(readings: dict[str, Reading]) -> None:
    well, ill = sorted(told(readings["blackbox"], ProbeFact), key=lambda f: f.key)
    assert isinstance(well, ProbeFact) and isinstance(ill, ProbeFact)
    assert (well.node, [one.ok for one in well.outcomes]) == (
        "authentication",
        [True] * 3,
    )
    assert (ill.node, [one.ok for one in ill.outcomes]) == ("voicemail", [False] * 3)
    assert well.certificate_days is not None and well.certificate_days > 10_000


def test_replicas_and_containers(readings: dict[str, Reading]) -> None:
    staffed = {
        fact.node: (fact.ready, fact.desired)
        for fact in told(readings["kube-state-metrics"], WorkloadFact)
        if isinstance(fact, WorkloadFact)
    }
    assert staffed == {"workspace": (2, 3), "voice": (2, 2), "redis": (6, 6)}
    shares = {
        (fact.node, fact.name): fact.value
        for fact in told(readings["cadvisor"], MeasureFact)
        if isinstance(fact, MeasureFact)
    }
    assert shares == {
        ("workspace", "memory_share"): 0.95,
        ("workspace", "cpu_throttled"): pytest.approx(0.3),
    }
    assert all(math.isfinite(value) for value in shares.values())
