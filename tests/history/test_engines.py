"""The contract on real engines: a Prometheus that has scraped, a VictoriaMetrics that
was pushed to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.domain import wire
from app.domain.exported import families
from app.history.promql import PromqlHistory
from app.history.promql_talk import Engine
from app.history.push import Push
from benchmarks.engines import Sample, holding
from collectors.prometheus import PrometheusAddress
from tests.history import contract, contract_pictures
from tests.history.contract import Can, Claim
from tests.history.story import EAST, LOOKS, TOPOLOGY, WEST, at, story
from tests.real.engines import empty_victoria_metrics, seen_by

pytestmark = pytest.mark.real

CLAIMS = (*contract.CLAIMS, *contract_pictures.CLAIMS)
CAN = Can(exact=False, buckets=False, within_s=15)
LATER_S = 0.2
"""A scrape comes after the picture was made."""
NOW = at(LOOKS + 30)


def scraped() -> Iterator[Sample]:
    """What a Prometheus was told of the story."""
    for deployment in (EAST, WEST):
        for told in story(deployment):
            seen = told.at + timedelta(seconds=LATER_S)
            for family in families([wire.aged(told.picture, seen)]):
                for values, value in family.rows:
                    pairs = zip(family.labels, values, strict=True)
                    labels = ",".join(f'{name}="{text}"' for name, text in pairs)
                    labels += ',instance="gws:8050",job="gws-observatory"'
                    yield f"{family.name}{{{labels}}}", seen.timestamp(), value


def push_story(url: str) -> None:
    for deployment in (EAST, WEST):
        now = [at(0)]
        push = Push(PrometheusAddress(url), lambda now=now: now[0])
        for told in story(deployment):
            now[0] = told.at
            push.note(deployment, told.picture)
            push.look()
            assert push.health().paused is None
        push.join(0)
    seen_by(url)


def history(url: str) -> PromqlHistory:
    engine = Engine(PrometheusAddress(url))
    return PromqlHistory(engine, {EAST: TOPOLOGY, WEST: TOPOLOGY}, lambda: NOW)


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PromqlHistory]:
    with holding(tmp_path_factory.mktemp("prometheus"), scraped()) as url:
        kept = history(url)
        yield kept
        kept.join(1)


@pytest.fixture(scope="module")
def victoria(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PromqlHistory]:
    folder = tmp_path_factory.mktemp("victoria-metrics")
    with empty_victoria_metrics(folder) as url:
        push_story(url)
        kept = history(url)
        yield kept
        kept.join(1)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_prometheus_keeps_history(claim: Claim, prometheus: PromqlHistory) -> None:
    claim(prometheus, CAN)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_victoria_metrics_keeps_history(claim: Claim, victoria: PromqlHistory) -> None:
    claim(victoria, CAN)
