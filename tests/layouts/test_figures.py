"""Numbers and times as the reader sees them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts import figures
from layouts.strings import METRICS

NOW = datetime(2026, 11, 24, 10, 42, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ms", "shown"),
    [(None, "–"), (0.0, "<1 ms"), (0.4, "<1 ms"), (1, "1 ms"), (14.2, "14 ms"),
     (999.4, "999 ms"), (999.5, "1 s"), (1234, "1.2 s"), (9960, "10 s"), (60000, "60 s")],
)  # fmt: skip
def test_latency(ms, shown):
    assert figures.latency(ms) == shown


@pytest.mark.parametrize(
    ("per_second", "shown"),
    [(None, "–"), (0, "0/s"), (0.02, "<0.1/s"), (2.54, "2.5/s"), (9.96, "10/s"),
     (340.4, "340/s"), (12345, "12k/s")],
)  # fmt: skip
def test_rate(per_second, shown):
    assert figures.rate(per_second) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0, "0 %"),
        (0.0004, "<0.1 %"),
        (0.025, "2.5 %"),
        (0.31, "31 %"),
        (1, "100 %"),
    ],
)
def test_ratio(value, shown):
    assert figures.ratio(value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-3, "0 s"), (8.9, "8 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"),
     (3600, "1 h"), (7500, "2 h 5 min"), (86400, "1 d"), (273600, "3 d 4 h")],
)  # fmt: skip
def test_duration(seconds, shown):
    assert figures.duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0s old"), (45, "45s old"), (250, "4m old"), (90000, "1d old")],
)
def test_an_age_fits_a_badge(seconds, shown):
    assert figures.short_age(seconds) == shown


@given(st.floats(min_value=1e-9, max_value=1e9), st.sampled_from(sorted(METRICS)))
def test_what_was_measured_is_never_shown_as_zero_or_as_unmeasured(value, name):
    shown = figures.metric(name, value)
    assert shown.removesuffix("/s").split()[0] != "0"
    assert shown != figures.metric(name, None) == "–"


@given(st.floats(min_value=0, max_value=1e7))
def test_a_duration_has_no_empty_unit(seconds):
    assert " 0 " not in f" {figures.duration(seconds)}" or seconds < 60


def test_the_headline_prefers_p95_then_the_mean_then_the_rate():
    metrics = {"latency_p95_ms": 14.0, "latency_mean_ms": 3.0, "request_rate": 2.0}
    assert figures.headline(metrics) == "14 ms"
    assert figures.headline(metrics | {"latency_p95_ms": None}) == "ø3 ms"
    assert figures.headline({"request_rate": 2.0}) == "2/s"
    assert figures.headline({}) == "–"


@pytest.mark.parametrize(
    ("ready", "desired", "shown"),
    [
        (2, 3, "2/3 ready"),
        (0, 2, "0/2 ready"),
        (None, None, "– pods"),
        (2, None, "2/– ready"),
    ],
)
def test_pods_that_nobody_counted_are_a_dash(ready, desired, shown):
    assert figures.ready(ready, desired) == shown


MIB, GIB = 2**20, 2**30


@pytest.mark.parametrize(
    ("used", "limit", "shown"),
    [(206 * MIB, 768 * MIB, "206/768 MiB"), (206 * MIB, None, "206 MiB"),
     (3 * GIB // 2, None, "1.5 GiB"), (206 * MIB, 12 * GIB, "0.2/12 GiB"),
     (MIB, 64 * GIB, "<0.1/64 GiB"), (0, GIB, "0/1 GiB")],
)  # fmt: skip
def test_memory_is_told_in_the_unit_of_its_limit(used, limit, shown):
    assert figures.memory_share(used, limit) == shown


@pytest.mark.parametrize(
    ("used", "limit", "shown"),
    [(102, 30000, "102/30k clients"), (18, None, "18 clients"), (1, None, "1 client"),
     (0, 100, "0/100 clients"), (9999, 10000, "9999/10k clients")],
)  # fmt: skip
def test_clients_are_told_with_their_limit(used, limit, shown):
    assert figures.client_share(used, limit) == shown


@pytest.mark.parametrize(
    ("count", "most", "marks", "small", "whole"),
    [(342, 130, (450, 900), "342 users", "342, 130 on the fullest pod; marks 450 and 900"),
     (1, 1, (450.0,), "1 user", "1, 1 on the fullest pod; marks 450"),
     (12000, None, (), "12k users", "12000"), (0, 0, (), "0 users", "0, 0 on the fullest pod")],
)  # fmt: skip
def test_users_are_told_with_the_fullest_pod_and_its_marks(
    count, most, marks, small, whole
):
    assert figures.users(count) == small
    assert figures.users_shared(count, most, marks) == whole


@pytest.mark.parametrize(
    ("used", "limit", "shown"),
    [(0.336, 2.4, "0.34 of 2.4 cores"), (0.5, 1.0, "0.5 of 1 core"), (1, None, "1 core"),
     (0.35, None, "0.35 cores"), (0.004, 0.8, "<0.01 of 0.8 cores"), (0, 2, "0 of 2 cores"),
     (12.345, 100.0, "12.35 of 100 cores")],
)  # fmt: skip
def test_cores_are_told_with_their_limit(used, limit, shown):
    assert figures.cores(used, limit) == shown


def test_restarts_are_counted_in_words():
    assert [figures.restarted(count) for count in (1, 2)] == ["1 restart", "2 restarts"]


def test_times_are_told_with_their_age():
    instant = (NOW - timedelta(seconds=250)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert figures.ago(instant, NOW) == "4 min ago"
    assert figures.lasting(instant, NOW) == "for 4 min"
    assert figures.clock(instant) == "10:38:20 UTC"
    assert figures.ago(None, NOW) == "never"
