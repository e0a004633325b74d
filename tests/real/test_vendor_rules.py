"""The vendor's 11 alert rules and its dashboards, asked of a real Prometheus that
scrapes the simulated deployment: every series that they want is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from app.domain.facts import WorkloadFact
from app.domain.facts_traffic import MeasureFact, TrafficFact
from app.domain.facts_usage import UsageFact
from app.domain.locate import locator
from app.domain.named import Names
from app.domain.reading import Reading
from app.domain.subject import NodeId
from app.domain.topology import standard
from benchmarks.engines import prometheus
from benchmarks.stage import wait_for
from collectors.prometheus import PrometheusAddress, PrometheusCollector, Wanted
from tests.real.scraping import annotated, config
from tests.real.vendor_asks import METRICS, RULES
from tests.simulator.living import Living

pytestmark = pytest.mark.real

WITHIN_S = 30.0
PICTURE = standard()


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a test against a real server's clock


class Scraped:
    """A Prometheus that scrapes the simulated deployment."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def ask(self, query: str) -> list[dict[str, str]]:
        """The labels of each series of the answer."""
        answer = self._session.get(
            f"{self.url}/api/v1/query", params={"query": query}, timeout=30
        ).json()
        assert answer["status"] == "success", answer
        return [series["metric"] for series in answer["data"]["result"]]

    def down(self) -> list[str]:
        return [f"{one['job']} {one['instance']}" for one in self.ask("up == 0")]

    def close(self) -> None:
        self._session.close()


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    with Living(tmp_path_factory.mktemp("simulation")) as running:
        yield running


@pytest.fixture(scope="module")
def scraped(
    living: Living, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scraped]:
    folder = tmp_path_factory.mktemp("prometheus")
    with prometheus(folder, config(living)) as url:
        asked = Scraped(url)
        yield asked
        asked.close()


@pytest.fixture(scope="module")
def readings(scraped: Scraped) -> dict[str, Reading]:
    """What our own collector hears, once every target was scraped twice."""
    wait_for("two scrapes of everything", lambda: twice(scraped), WITHIN_S)
    collector = PrometheusCollector(
        PrometheusAddress(scraped.url),
        Wanted(),
        lambda: Names(PICTURE, locator(PICTURE)),
        lambda reading: None,
        now,
    )
    heard: dict[str, Reading] = {}

    def all_told() -> bool:
        heard.update({reading.feed.name: reading for reading in collector.ask_once()})
        whole = all(reading.trouble is None for reading in heard.values())
        return whole and shares(heard).keys() == uses(heard).keys()

    try:
        wait_for("an answer to every question", all_told, WITHIN_S)
    finally:
        collector.stop()
    return heard


def shares(readings: dict[str, Reading]) -> dict[NodeId, float]:
    """Of their memory limits. A scrape that took too long leaves them out for once."""
    facts = [f for f in readings["cadvisor"].facts if isinstance(f, MeasureFact)]
    return {f.node: f.value for f in facts if f.name == "memory_share"}


def uses(readings: dict[str, Reading]) -> dict[NodeId, UsageFact]:
    facts = readings["cadvisor"].facts
    return {f.node: f for f in facts if isinstance(f, UsageFact)}


def twice(scraped: Scraped) -> bool:
    jobs = ("gws/pods", "infra/pods", "consul", "kube-state-metrics", "cadvisor")
    seen = {one["job"] for one in scraped.ask("count_over_time(up[1m]) >= 3")}
    return seen.issuperset(jobs)


def labels_of(series: list[dict[str, str]]) -> list[set[str]]:
    return [{name for name, value in one.items() if value} for one in series]


def wanted(scraped: Scraped, query: str, labels: str) -> None:
    """Wait until a series comes that has all of the labels."""
    told = set(labels.split())
    wait_for(
        f"{query} with {labels}",
        lambda: any(told <= has for has in labels_of(scraped.ask(query))),
        WITHIN_S,
    )


def test_every_pod_that_is_annotated_is_found_and_scraped(
    scraped: Scraped, living: Living
) -> None:
    pods = {pod["metadata"]["name"] for pod in annotated(living)}
    assert pods

    def found() -> set[str]:
        return {one["pod"] for one in scraped.ask('up{pod!=""} == 1')}

    wait_for("all pods are scraped", lambda: found() == pods, WITHIN_S)
    assert scraped.down() == []


@pytest.mark.parametrize("alert", RULES)
def test_an_alert_of_the_vendor_s_has_something_to_watch(
    scraped: Scraped, alert: str
) -> None:
    wanted(scraped, *RULES[alert])


def test_the_two_rules_of_consul_see_the_services_that_they_name(
    scraped: Scraped,
) -> None:
    query, _ = RULES["total_count_of_errors_during_context_initialization"]
    services = {"gws-platform-configuration-management", "gws-core-auth-management"}
    wait_for(
        "both services",
        lambda: {one["consul_service"] for one in scraped.ask(query)} == services,
        WITHIN_S,
    )


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_of_the_vendor_s_dashboards_is_there(
    scraped: Scraped, metric: str
) -> None:
    wanted(scraped, metric, METRICS[metric])


def test_our_collector_finds_what_there_is(readings: dict[str, Reading]) -> None:
    assert {"vendor", "kube-state-metrics", "cadvisor"} <= set(readings)
    assert [reading.trouble for reading in readings.values() if reading.trouble] == []


def test_the_vendor_s_metrics_are_of_the_boxes_that_have_them(
    readings: dict[str, Reading],
) -> None:
    facts = [f for f in readings["vendor"].facts if isinstance(f, TrafficFact)]
    told = {fact.subject for fact in facts if fact.requests is not None}
    assert {
        "workspace", "voice", "configuration", "setting", "statistics", "interaction",
        "data-collector", "provisioning", "authentication", "platform-services",
        29, 16, 30,
    } <= told  # fmt: skip


def test_replicas_are_those_of_the_simulated_workloads(
    readings: dict[str, Reading], living: Living
) -> None:
    facts = [
        fact
        for fact in readings["kube-state-metrics"].facts
        if isinstance(fact, WorkloadFact)
    ]
    told = {(fact.namespace, fact.name): (fact.desired, fact.ready) for fact in facts}
    real = {
        (work["metadata"]["namespace"], work["metadata"]["name"]): (
            work["spec"]["replicas"],
            work["status"]["readyReplicas"],
        )
        for kind in ("deployments", "statefulsets")
        for work in living.kubernetes(f"/apis/apps/v1/{kind}").json()["items"]
    }
    assert told == real
    assert {fact.node for fact in facts} >= {"workspace", "redis", "consul", "tenant"}


def test_containers_tell_of_their_boxes_and_are_well(
    readings: dict[str, Reading],
) -> None:
    facts = [f for f in readings["cadvisor"].facts if isinstance(f, MeasureFact)]
    told, used = shares(readings), uses(readings)
    assert {"workspace", "redis", "service-proxy", "consul"} <= set(told)
    assert all(0 < share < 0.8 for share in told.values())
    assert used.keys() == told.keys()
    assert all(f.cpu and 0 < f.cpu < 1 and f.memory for f in used.values())
    withheld = [f.value for f in facts if f.name == "cpu_throttled"]
    assert withheld and all(share < 0.1 for share in withheld)
