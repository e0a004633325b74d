"""What a Prometheus remembers fills the gaps in the last hour, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.hour import Recalled
from app.domain.reading import Reading
from benchmarks.stage import wait_for
from collectors.prometheus import LAST_HOUR, PrometheusAddress, Wanted
from collectors.prometheus_hour import Gaps, again_s, at_steps
from collectors.telemetry import Series
from collectors.telemetry_boxes import ALL
from tests.collectors.scripted_prometheus import (
    AT,
    CALL,
    TRACES,
    Engine,
    asking,
    matrix,
    running_engine,
    vector,
)

STEP = AT // 15 * 15
NOW = datetime.fromtimestamp(STEP + 1, UTC)
"""Six seconds later the step is still the same."""
REFUSAL = (
    b'{"status":"error","error":"exceeded maximum resolution of 11,000 points per '
    b'timeseries. Try decreasing the query resolution (?step=XX)"}'
)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with running_engine() as engine:
        engine.answers["timestamp"] = vector((CALL, 7.0))
        engine.answers["request_total"] = vector((CALL, 600.0))
        yield engine


class Told:
    """A collector at work, its clock in a test's hands, and all that came of it."""

    def __init__(self, engine: Engine, wanted: Wanted) -> None:
        self.now = NOW
        self.readings: list[Reading] = []
        self.recalled: list[Recalled] = []
        self.collector = asking(
            PrometheusAddress(engine.url), wanted, self.readings.append,
            lambda: self.now, lambda by, told: self.recalled.append(told),
            interval_s=0.2,
        )  # fmt: skip

    def of(self, feed: str) -> list[Reading]:
        return [reading for reading in list(self.readings) if reading.feed.name == feed]

    def well(self, feed: str = "otel") -> list[Reading]:
        return [r for r in self.of(feed) if r.trouble is None and not r.retired]

    def pass_seconds(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def heard_again(self, feed: str = "otel") -> None:
        """Until one more answer about now has come."""
        so_far = len(self.well(feed))
        wait_for("the live numbers", lambda: len(self.well(feed)) > so_far, 10)

    def at(self, step: int, number: int = 29) -> dict[str, float]:
        known = [told[step].get(number, {}) for told in self.recalled if step in told]
        return known[-1] if known else {}


@contextmanager
def started(engine: Engine, wanted: Wanted = TRACES) -> Iterator[Told]:
    """Until what is missing has settled."""
    told = Told(engine, wanted)
    told.collector.start()
    try:
        told.heard_again()
        told.pass_seconds(6)
        yield told
    finally:
        told.collector.stop()
        told.collector.join(30)


def through(first: int, last: int, value: float) -> dict[int, float]:
    return dict.fromkeys(range(first, last + 1, 15), value)


def fill(engine: Engine, first: int, last: int) -> None:
    """Ten requests a second, one of twenty fails, between these steps."""
    for name, value in (
        ("timestamp", 5.0), ("request_total", 600.0), ("failed_total", 30.0),
    ):  # fmt: skip
        engine.past[name] = matrix((CALL, through(first, last, value)))
    buckets = ("0.1", 300.0), ("0.5", 594.0), ("1", 600.0), ("+Inf", 600.0)
    engine.past["le"] = matrix(
        *(({**CALL, "le": le}, through(first, last, value)) for le, value in buckets)
    )


def test_after_the_start_the_whole_hour_is_asked_for_once(engine: Engine) -> None:
    with started(engine) as told:
        wait_for("the hour", lambda: len(told.recalled) == 4, 10)
        wait_for("the end of it", lambda: told.of(LAST_HOUR)[-1:] and told.of(LAST_HOUR)[-1].retired, 10)  # fmt: skip
        told.heard_again()
    asked = {(int(r["start"]), int(r["end"])) for r in engine.ranges}
    assert {r["step"] for r in engine.ranges} == {"15"}
    steps = [at for first, last in asked for at in range(first, last + 1, 15)]
    assert sorted(steps) == list(range(STEP - 3585, STEP + 1, 15))
    assert all(first % 15 == 0 and last - first < 900 for first, last in asked)
    assert len(engine.ranges) == 4 * len(ALL["otel"].asks)
    assert {r["query"] for r in engine.ranges} == {query for query, _ in engine.asked}
    assert int(engine.ranges[0]["end"]) == STEP, "the newest first"


def test_a_range_is_read_as_what_was_measured_live(engine: Engine) -> None:
    fill(engine, STEP - 600, STEP - 300)
    with started(engine) as told:
        wait_for("the hour", lambda: len(told.recalled) == 4, 10)
    for at in (STEP - 600, STEP - 450, STEP - 300):
        assert told.at(at) == {
            "request_rate": 10.0,
            "error_ratio": 0.05,
            "latency_p50_ms": 100.0,
            "latency_p95_ms": pytest.approx(467.35, abs=0.01),
            "latency_p99_ms": 500.0,
        }
    assert told.at(STEP - 615) == told.at(STEP - 285) == {}
    assert told.at(STEP - 450, number=17) == {}


def test_what_the_engine_only_repeats_is_a_gap(engine: Engine) -> None:
    """Five minutes a value is repeated; its age says so."""
    engine.past["active"] = matrix((CALL, through(STEP - 600, STEP - 300, 5.0)))
    ages = {at: float(at - (STEP - 600)) for at in range(STEP - 600, STEP - 299, 15)}
    engine.past["timestamp"] = matrix((CALL, ages))
    engine.past["request_total"] = matrix((CALL, {STEP - 600: 600.0, STEP - 450: 60.0}))
    with started(engine) as told:
        wait_for("the hour", lambda: len(told.recalled) == 4, 10)
    assert told.at(STEP - 600)["request_rate"] == 10.0
    assert told.at(STEP - 450) == {}


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (422, REFUSAL, "the query is refused: exceeded maximum resolution"),
        (400, b'{"error":"no ranges here"}', "the query is refused: no ranges here"),
        (403, b"only /api/v1/query", "HTTP 403: only /api/v1/query"),
        (503, b'{"error":"query timed out"}', "HTTP 503: query timed out"),
        (200, matrix() | {"warnings": ["store b is away"]}, "in part only: store b"),
    ],
)  # fmt: skip
def test_ranges_that_are_refused_are_told_once_and_stop_nothing(
    engine: Engine, status: int, body: Any, words: str
) -> None:
    for name in ("increase", "timestamp"):
        engine.past[name] = lambda asked: (status, body)
    with started(engine) as told:
        wait_for("the refusal", lambda: told.of(LAST_HOUR), 10)
        told.heard_again()
        told.heard_again()
    (reading,) = told.of(LAST_HOUR)
    assert reading.trouble is not None and words in reading.trouble.text
    assert f"{engine.url}, last hour: " in reading.trouble.text
    assert len(engine.ranges) == 1 and told.recalled == []
    assert [r.trouble for r in told.of("otel") if r.trouble] == []


def test_what_was_read_before_a_failure_is_kept(engine: Engine) -> None:
    fill(engine, STEP - 3600, STEP)
    whole = engine.past["request_total"]

    def flaky(asked: dict[str, str]) -> tuple[int, Any]:
        return (200, whole) if int(asked["end"]) == STEP else (503, b"{}")

    engine.past["request_total"] = flaky
    with started(engine) as told:
        wait_for("the trouble", lambda: told.of(LAST_HOUR), 10)
    assert told.at(STEP - 885)["request_rate"] == 10.0
    assert told.at(STEP - 900) == {}


def test_after_an_engine_s_absence_only_that_is_asked_for(engine: Engine) -> None:
    with started(engine) as told:
        wait_for("the hour", lambda: len(told.recalled) == 4, 10)
        told.heard_again()
        left_at = told.now
        engine.status = 503
        wait_for("the absence", lambda: told.of("otel")[-1].trouble, 10)
        told.pass_seconds(600)
        fill(engine, STEP - 3600, STEP + 3600)
        engine.ranges.clear()
        engine.status = 200
        told.heard_again()
        told.pass_seconds(6)
        wait_for("what was missed", lambda: len(told.recalled) == 5, 10)
        told.heard_again()
    first = min(int(asked["start"]) for asked in engine.ranges)
    last = max(int(asked["end"]) for asked in engine.ranges)
    assert first - 15 <= left_at.timestamp() < first + 15
    assert last == int(left_at.timestamp() + 600) // 15 * 15
    assert told.at(first)["request_rate"] == 10.0


def test_the_try_of_a_doctor_asks_for_a_quarter(engine: Engine) -> None:
    collector = asking(PrometheusAddress(engine.url))
    assert [r.feed.name for r in collector.ask_once()] == ["otel", LAST_HOUR]
    collector.stop()
    assert len(engine.ranges) == len(ALL["otel"].asks)


def test_what_counts_nothing_has_no_past_to_draw(engine: Engine) -> None:
    pod = {"namespace": "infra", "pod": "infra-redis-redis-cluster-0"}
    engine.answers["redis_up"] = vector((pod, 1.0))
    collector = asking(PrometheusAddress(engine.url), Wanted(("redis-exporter",)))
    assert [r.feed.name for r in collector.ask_once()] == ["redis-exporter"]
    collector.stop()


def test_a_series_of_samples_is_an_answer_a_step() -> None:
    samples = ((STEP + 0.0, 1.0), (STEP + 15.0, 2.0))
    steps = at_steps({"a": (Series(CALL, 2.0, samples),), "b": ()})
    assert steps == {
        STEP: {"a": [Series(CALL, 1.0)], "b": []},
        STEP + 15: {"a": [Series(CALL, 2.0)], "b": []},
    }


def test_it_is_tried_again_less_and_less_often() -> None:
    assert [again_s(n) for n in range(1, 8)] == [60, 120, 240, 480, 960, 1800, 1800]


@given(st.lists(st.floats(0.1, 8000), max_size=30))
def test_what_is_missing_is_never_older_than_an_hour_nor_in_the_future(
    pauses: list[float],
) -> None:
    gaps, now = Gaps(45.0), NOW
    for pause in pauses:
        now += timedelta(seconds=pause)
        gaps.heard("otel", now)
        missing = gaps.missing(now)
        assert len(missing) <= 240
        for at in missing:
            assert now.timestamp() - 3600 <= at <= now.timestamp() and at % 15 == 0
        gaps.filled(missing, ["otel"]) if missing else None
        assert gaps.missing(now) == ()


def test_a_kind_that_was_asked_for_with_another_is_not_asked_for_again() -> None:
    gaps = Gaps(45.0)
    gaps.heard("otel", NOW)
    assert not gaps.settled(NOW + timedelta(seconds=4))
    assert gaps.settled(NOW + timedelta(seconds=5))
    gaps.filled(gaps.missing(NOW), ["otel", "istio"])
    gaps.heard("istio", NOW + timedelta(seconds=20))
    assert gaps.missing(NOW + timedelta(seconds=20)) == ()
    gaps.heard("envoy", NOW + timedelta(seconds=20))
    assert len(gaps.missing(NOW + timedelta(seconds=20))) == 240
