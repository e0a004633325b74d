"""The stores' own view of who is connected, as the collectors hear it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.reading import Reading
from app.domain.subject import NodeId
from app.simulator.faults import Fault
from app.simulator.run_config import dsn
from app.simulator.stores_links import Links
from app.simulator.world import WORKLOADS, Pod
from collectors.elasticsearch_store import ElasticsearchAddress, ElasticsearchCollector
from collectors.postgresql_store import PostgresqlCollector
from collectors.redis_store import RedisAddress, RedisCollector
from tests.simulator.living import Living

BOXES = {spec.name: spec.box for spec in WORKLOADS}
REDIS, POSTGRESQL = "infra-redis-redis-cluster", "pgdb-gws"
BEGAN = datetime(2026, 11, 24, 12, tzinfo=UTC)


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


def owners(living: Living) -> Mapping[str, NodeId]:
    """Whose pod has an address, by the Kubernetes API."""
    pods = living.kubernetes("/api/v1/pods").json()["items"]
    return {
        pod["status"]["podIP"]: BOXES[pod["metadata"]["labels"]["gws"]]
        for pod in pods
        if pod["status"].get("podIP") and "gws" in pod["metadata"]["labels"]
    }


def redis(living: Living) -> tuple[Reading, ...]:
    known = owners(living)
    address = RedisAddress(living.served.redis)
    return RedisCollector(address, lambda: known, lambda r: None, now).ask_once()


def elasticsearch(living: Living) -> Reading:
    known = owners(living)
    collector = ElasticsearchCollector(
        ElasticsearchAddress(living.served.elasticsearch),
        lambda: known,
        lambda reading: None,
        now,
    )
    (reading,) = collector.ask_once()
    collector.stop()
    return reading


def postgresql(living: Living, folder: Path) -> Reading:
    known = owners(living)
    file = folder / "dsn"
    file.write_text(dsn(living.served))
    (reading,) = PostgresqlCollector(
        str(file), lambda: known, lambda reading: None, now
    ).ask_once()
    return reading


def connected(*readings: Reading) -> Counter[str]:
    """Open connections by caller; those of nobody known left out."""
    found: Counter[str] = Counter()
    for reading in readings:
        assert reading.trouble is None, reading.trouble
        for fact in reading.facts:
            if isinstance(fact, ClientsFact) and fact.caller:
                found[str(fact.caller)] += fact.open
    return found


def stores(*readings: Reading) -> list[StoreFact]:
    return [f for r in readings for f in r.facts if isinstance(f, StoreFact)]


def test_redis_is_called_by_those_whom_the_picture_says(living: Living) -> None:
    readings = redis(living)
    assert connected(*readings) == {
        "data-collector": 2 * 3 * 3,
        "interaction": 2 * 2 * 3,
        "voice": 2 * 4 * 3,
        "workspace": 3 * 5 * 3,
    }
    told = stores(*readings)
    assert len(told) == 3
    assert {(fact.version, fact.role) for fact in told} == {("6.2.7", "master")}
    assert all(fact.most_clients == 10_000 for fact in told)
    assert all(fact.clients and fact.clients >= 33 for fact in told)
    assert all(fact.memory and fact.most_memory == 256 * 1024**2 for fact in told)


def test_elasticsearch_is_called_by_data_collector_alone(living: Living) -> None:
    reading = elasticsearch(living)
    assert connected(reading) == {"data-collector": 2 * 3 * 3}
    (told,) = stores(reading)
    assert (told.state, told.missing, told.role) == ("green", 0, "3 nodes")
    assert told.names_callers


def test_postgresql_is_called_by_two_boxes_each_for_its_own_database(
    living: Living, tmp_path: Path
) -> None:
    reading = postgresql(living, tmp_path)
    assert connected(reading) == {"setting": 2 * 5, "provisioning": 2 * 3}
    facts = [fact for fact in reading.facts if isinstance(fact, ClientsFact)]
    named = {fact.caller: fact.databases for fact in facts}
    assert named == {"setting": ("gws",), "provisioning": ("prov",)}
    (told,) = stores(reading)
    assert (told.version, told.role) == ("11.16", "primary")
    assert (told.clients, told.most_clients) == (16, 512)


def test_postgresql_counts_those_who_are_up(living: Living, tmp_path: Path) -> None:
    living.begin("pod_crash", "setting", pods=1)
    living.until(lambda: connected(postgresql(living, tmp_path))["setting"] == 5)
    living.begin("pod_crash", "setting")
    living.until(lambda: connected(postgresql(living, tmp_path))["setting"] == 0)
    assert connected(postgresql(living, tmp_path))["provisioning"] == 6
    living.end_all()
    living.until(lambda: connected(postgresql(living, tmp_path))["setting"] == 10)


def test_a_slow_postgresql_is_waited_for_no_longer_than_it_may_take(
    living: Living, tmp_path: Path
) -> None:
    living.begin("store_slow", "postgresql", delay_ms=4000)
    assert "timeout expired" in str(postgresql(living, tmp_path).trouble)


def test_a_full_postgresql_says_how_full_it_is_and_lets_nobody_in_at_the_end(
    living: Living, tmp_path: Path
) -> None:
    living.begin("store_full", "postgresql", saturation=0.9)
    (told,) = stores(postgresql(living, tmp_path))
    assert told.clients is not None
    assert 461 <= told.clients <= 470
    living.begin("store_full", "postgresql", saturation=1)
    trouble = postgresql(living, tmp_path).trouble
    assert trouble is not None
    assert trouble.kind == "refused"
    assert "remaining connection slots are reserved" in trouble.text


def test_a_caller_that_is_down_has_none_and_has_its_own_again(living: Living) -> None:
    living.begin("pod_crash", "voice")
    living.until(lambda: connected(*redis(living))["voice"] == 0)
    assert connected(*redis(living))["workspace"] == 45
    living.end_all()
    living.until(lambda: connected(*redis(living))["voice"] == 24)


def test_a_new_pod_has_its_own(living: Living) -> None:
    before = {pod["status"]["podIP"] for pod in living.pods("gws-platform-voice")}
    living.begin("rolling_update", "voice", pace_s=0)
    living.until(
        lambda: before.isdisjoint(
            pod["status"].get("podIP") for pod in living.pods("gws-platform-voice")
        )
    )
    living.until(lambda: connected(*redis(living))["voice"] == 24)


def test_a_member_that_is_down_is_not_asked_and_the_others_are(living: Living) -> None:
    living.begin("pod_crash", "redis", pods=1)
    living.until(lambda: living.ready(REDIS) == 2)
    readings = redis(living)
    assert len(stores(*readings)) == 2
    assert connected(*readings)["workspace"] == 30


def test_the_way_in_refuses_when_no_pod_is_ready(
    living: Living, tmp_path: Path
) -> None:
    for store, ask in (
        ("redis", lambda: redis(living)[0]),
        ("postgresql", lambda: postgresql(living, tmp_path)),
        ("elasticsearch", lambda: elasticsearch(living)),
    ):
        living.begin("store_down", store)
        living.until(lambda: ask().trouble is not None)  # noqa: B023
        assert "refused" in str(ask().trouble)
        living.end_all()
        living.until(lambda: ask().trouble is None)  # noqa: B023


def pod(workload: str, **more: Any) -> Pod:
    spec = next(spec for spec in WORKLOADS if spec.name == workload)
    return Pod(
        spec, workload, workload, "10.0.0.1", "n1", spec.ports, spec.version, BEGAN,
        **more,
    )  # fmt: skip


def test_connections_that_were_cut_begin_anew() -> None:
    links, caller = Links(), pod("gws-platform-voice")
    up, later = pod(REDIS), BEGAN + timedelta(hours=1)
    links.follow((), (caller, up), later)
    first = links.to(up)
    assert {link.age_s(later) for link in first} == {3600}
    links.follow((), (caller, pod(REDIS, serving=False)), later)
    assert links.to(up) == ()
    links.follow((), (caller, up), later)
    again = links.to(up)
    assert {link.age_s(later) for link in again} == {0}
    assert {link.id for link in first}.isdisjoint(link.id for link in again)


@pytest.mark.parametrize(
    ("way", "caller", "store", "usual"),
    [
        (25, "gws-platform-voice", REDIS, 4),
        (9, "gws-platform-setting", POSTGRESQL, 5),
        (23, "gws-app-provisioning", POSTGRESQL, 3),
    ],
)
def test_a_way_that_is_cut_has_no_connections(
    way: int, caller: str, store: str, usual: int
) -> None:
    links, both = Links(), (pod(caller), pod(store))
    cut = Fault("f1", "partition", str(way), {}, BEGAN, None)
    links.follow((cut,), both, BEGAN)
    assert links.to(both[1]) == ()
    links.follow((), both, BEGAN)
    assert [link.way for link in links.to(both[1])] == [way] * usual


def test_a_full_redis_says_how_full_it_is(living: Living) -> None:
    living.begin("store_full", "redis", saturation=0.9)
    for fact in stores(*redis(living)):
        assert fact.clients is not None
        assert 9000 <= fact.clients <= 9100
    assert sum(connected(*redis(living)).values()) >= 27_000


def test_elasticsearch_is_yellow_while_a_node_is_gone(living: Living) -> None:
    living.begin("pod_crash", "elasticsearch", pods=1)
    living.until(lambda: stores(elasticsearch(living))[0].state == "yellow")
    (told,) = stores(elasticsearch(living))
    assert told.missing > 0
    assert living.truth() == {}
    living.end_all()
    living.until(lambda: stores(elasticsearch(living))[0].state == "green")


def test_a_full_elasticsearch_turns_searches_away(living: Living) -> None:
    living.begin("store_full", "elasticsearch")
    known = owners(living)
    collector = ElasticsearchCollector(
        ElasticsearchAddress(living.served.elasticsearch),
        lambda: known,
        lambda reading: None,
        now,
    )

    def rejected() -> int:
        (told,) = stores(*collector.ask_once())
        return told.rejected or 0

    living.until(lambda: rejected() > 0)
    collector.stop()
