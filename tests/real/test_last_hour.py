"""The last hour, asked of real engines and shown after a start: known answers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from app.domain.hour import Recalled, step_of
from app.domain.locate import locator
from app.domain.named import Names
from app.domain.topology import standard
from benchmarks.engines import Sample, holding
from benchmarks.stage import wait_for
from collectors.prometheus import PrometheusAddress, PrometheusCollector, Wanted
from tests.cli.conftest import Program, ready
from tests.real.engines import holding_victoria_metrics

pytestmark = pytest.mark.real

SCRAPE_S = 15
GAP = range(1200, 1801)
"""Seconds ago in which nothing was scraped."""
ENDS = (
    'reporter="source",source_workload="{}",source_workload_namespace="gws",'
    'destination_workload="{}",destination_workload_namespace="{}"'
)
VOICE = ENDS.format("gws-app-workspace-blue", "gws-platform-voice-blue", "gws")
REDIS = ENDS.format("gws-platform-ixn-blue", "infra-redis-redis-cluster", "infra")
BEFORE: Mapping[str, float] = {"200": 9.5, "503": 0.5}
AFTER: Mapping[str, float] = {"200": 20.0, "503": 0.0}
"""Requests a second by code, before the gap and after it."""
OPEN = 5.0


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


def scraped(until: float) -> Iterator[Sample]:
    """An hour and a bit, up to `until`: ten requests a second of which one in twenty
    fails, ten minutes of nothing, twenty a second; five connections all the while."""
    counted = dict.fromkeys(BEFORE, 0.0)
    for ago in range(3900, -1, -SCRAPE_S):
        rates = BEFORE if ago > GAP[0] else AFTER
        for code in counted:
            counted[code] += rates[code] * SCRAPE_S
        if ago in GAP:
            continue
        at = until - ago
        for code, value in counted.items():
            labels = f'{VOICE},response_code="{code}"'
            yield f"istio_requests_total{{{labels}}}", at, value
        for bound in ("100", "250", "+Inf"):
            buckets = (
                f'istio_request_duration_milliseconds_bucket{{{VOICE},le="{bound}"}}'
            )
            yield buckets, at, sum(counted.values()) * (0.5 if bound == "100" else 1)
        opened = "istio_tcp_connections_opened_total"
        yield f"{opened}{{{REDIS}}}", at, OPEN


Engine = tuple[str, float]
"""Its address, and until when it has samples."""


@pytest.fixture(scope="module", params=["prometheus", "victoria-metrics"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    folder, until = tmp_path_factory.mktemp(request.param), time.time()
    make: dict[str, Any] = {
        "prometheus": holding, "victoria-metrics": holding_victoria_metrics,
    }  # fmt: skip
    held: AbstractContextManager[str] = make[request.param](folder, scraped(until))
    with held as url:
        yield url, until


@pytest.fixture(scope="module")
def recalled(engine: Engine) -> Recalled:
    """All that the engine recalls, by the step."""
    picture, told = standard(), {}
    collector = PrometheusCollector(
        PrometheusAddress(engine[0]), Wanted(),
        lambda: Names(picture, locator(picture)), lambda reading: None, now,
        interval_s=1.0, remember=lambda by, recalled: told.update(recalled),
    )  # fmt: skip
    collector.start()
    try:
        wait_for("the hour", lambda: told and min(told) < time.time() - 3500, 30)
    finally:
        collector.stop()
        collector.join(30)
    return told


@pytest.mark.parametrize(
    ("ago", "rate", "failing"),
    [(3000, 10, 0.05), (2400, 10, 0.05), (1950, 10, 0.05), (900, 20, 0), (300, 20, 0)],
)
def test_every_moment_of_the_hour_has_its_own_numbers(
    recalled: Recalled, engine: Engine, ago: int, rate: float, failing: float
) -> None:
    told = recalled[step_of(engine[1] - ago)]
    assert told[29] == {
        "request_rate": pytest.approx(rate, rel=0.02),
        "error_ratio": pytest.approx(failing, rel=0.05),
        "latency_p50_ms": pytest.approx(100, rel=0.02),
        "latency_p95_ms": pytest.approx(235, rel=0.02),
        "latency_p99_ms": pytest.approx(247, rel=0.02),
    }
    assert told[24]["connections_active"] == OPEN


def test_what_was_not_scraped_is_a_gap_though_the_engine_repeats_it(
    recalled: Recalled, engine: Engine
) -> None:
    begin, end = (step_of(engine[1] - ago) for ago in (GAP[-1] - 90, GAP[0] + 30))
    silent = [recalled[at] for at in range(begin, end, SCRAPE_S)]
    assert len(silent) > 20
    assert [told for told in silent if told] == []


def test_after_a_start_the_history_is_older_than_the_start(
    engine: Engine, tmp_path: Path
) -> None:
    url, until = engine
    file = tmp_path / "gws.yaml"
    file.write_text(
        "server: {host: 127.0.0.1, port: 0}\n"
        f"deployments: [{{id: demo, prometheus: {{url: '{url}', interval: 1s}}}}]\n"
    )
    started_at = time.time()
    program = Program("serve", "--config", file)
    try:
        base = program.line("dashboard: ")
        ready(base)
        path = f"{base}api/v1/deployments/demo/connections/29/history"
        points: list[tuple[float, float, str | None]] = []

        def older() -> bool:
            series = requests.get(path, timeout=30).json()["series"]
            points[:] = [
                (datetime.fromisoformat(at).timestamp(), value, by)
                for at, value, by in series["request_rate"]
            ]
            return bool(points) and points[0][0] < started_at - 3000

        wait_for("what was before the start", older, 30)
    finally:
        program.end()
        program.process.stdout.close()
        program.process.stderr.close()
    earlier = {at: (value, by) for at, value, by in points if at < started_at - 15}
    assert {by for _, by in earlier.values()} == {"prometheus"}
    assert earlier[step_of(until - 3000)][0] == pytest.approx(10, rel=0.02)
    assert earlier[step_of(until - 900)][0] == pytest.approx(20, rel=0.02)
    assert step_of(until - 1500) not in earlier
