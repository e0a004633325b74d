"""How much there is to do, and that what is counted of it only ever grows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.simulator.faults import parse
from app.simulator.load import (
    BOUNDS_S,
    DAY_S,
    Strain,
    advance,
    begun,
    bound_text,
    day,
    demand,
    mean_s,
    per_request,
    rate,
    within,
)
from app.simulator.load_profiles import CALLEES, PROFILES, calls
from app.simulator.load_strain import down_boxes, ready_pods, strain_on
from app.simulator.world import WORKLOADS, Pod

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
T0 = START.timestamp()
SPECS = {spec.name: spec for spec in WORKLOADS}
WORKSPACE = PROFILES["gws-app-workspace"]
RATIOS = st.floats(0, 1)
SLOW = st.floats(0, 60)
STRAINS = st.builds(
    Strain,
    share=RATIOS,
    slow_s=SLOW,
    errors=RATIOS,
    peer_errors=st.dictionaries(st.sampled_from(["voice", "redis"]), RATIOS),
    peer_slow_s=st.dictionaries(st.sampled_from(["voice", "redis"]), SLOW),
)


def fault(kind, target, **params):
    found = parse({"kind": kind, "target": target, "params": params}, "1", START)
    assert not hasattr(found, "message"), found
    return found


def counted(strain, until=T0 + 600, meter=None):
    meter = meter or begun(T0)
    called = calls("gws-app-workspace", SPECS["gws-app-workspace"].box)
    requests = demand(WORKSPACE, "gws-app-workspace", 1, meter.at, until)
    return advance(meter, until, requests, WORKSPACE, called, strain)


@given(st.lists(st.tuples(st.floats(0, 3600), STRAINS), max_size=8))
def test_counters_never_go_backwards_whatever_the_faults(steps):
    meter = begun(T0)
    for seconds, strain in steps:
        after = counted(strain, meter.at + seconds, meter)
        assert after.at >= meter.at
        assert all(after.counts[key] >= value for key, value in meter.counts.items())
        meter = after


@given(STRAINS)
def test_buckets_rise_and_end_at_all_requests(strain):
    meter = counted(strain)
    buckets = [meter.whole("within", bound_text(bound)) for bound in BOUNDS_S]
    served = sum(meter.count("served", code) for code in ("200", "401", "404", "500"))
    assert buckets == sorted(buckets)
    assert buckets[-1] == pytest.approx(served, abs=1)


def test_many_scrapes_count_what_one_counts():
    once = counted(Strain(), T0 + 600)
    often = begun(T0)
    for step in range(1, 41):
        often = counted(Strain(), T0 + 15 * step, often)
    for key, value in once.counts.items():
        assert often.counts[key] == pytest.approx(value, rel=0.02)


def test_a_moment_that_is_not_later_changes_nothing():
    meter = counted(Strain())
    assert counted(Strain(), T0, meter) is meter


def test_nights_are_quiet_and_mornings_busy():
    night, morning = (rate(WORKSPACE, "x", 1, hour * 3600) for hour in (3, 9))
    assert morning > 15 * night > 0
    assert day(0) == pytest.approx(day(DAY_S - 0.001), rel=0.01)


@given(st.floats(0, 40 * DAY_S), st.integers(0, 5))
def test_the_load_is_never_negative_and_stays_near_the_day_s(moment, seed):
    found = rate(WORKSPACE, "x", seed, moment)
    assert 0.85 <= found / (WORKSPACE.rate * day(moment)) <= 1.15


def test_the_same_seed_gives_the_same_load_and_another_another():
    moment = T0 + 100
    assert rate(WORKSPACE, "x", 1, moment) == rate(WORKSPACE, "x", 1, moment)
    assert rate(WORKSPACE, "x", 1, moment) != rate(WORKSPACE, "x", 2, moment)


@given(st.floats(0, 100), st.floats(0, 100))
def test_more_requests_take_at_most_longer(one, other):
    low, high = sorted((one, other))
    assert 0 <= within(WORKSPACE, low) <= within(WORKSPACE, high) <= 1


def test_half_of_the_requests_take_the_median():
    assert within(WORKSPACE, WORKSPACE.median_s) == pytest.approx(0.5)


def test_every_workload_that_tells_metrics_has_a_profile():
    assert {spec.name for spec in WORKLOADS if spec.scrape} == set(PROFILES)


def test_a_box_in_the_group_calls_whom_the_group_calls_too():
    assert set(CALLEES["voice"]) == {"consul", "tenant", "authentication", "redis"}


# What a fault does to a pod that has it, and to one that calls it.


def test_slow_is_counted_by_the_slow_one_and_by_its_callers():
    slow = fault("slow", "voice", latency_ms=3000)
    assert strain_on(SPECS["gws-platform-voice"], [slow]).slow_s == 3.0
    caller = strain_on(SPECS["gws-app-workspace"], [slow])
    assert (caller.slow_s, dict(caller.peer_slow_s)) == (0.0, {"voice": 3.0})
    assert strain_on(SPECS["gws-platform-setting"], [slow]) == Strain()


def test_errors_are_counted_by_both_ends():
    errors = fault("errors", "configuration", share=0.25)
    assert strain_on(SPECS["gws-platform-configuration"], [errors]).errors == 0.25
    for caller in ("gws-app-workspace", "gws-app-provisioning"):
        assert strain_on(SPECS[caller], [errors]).peer_errors == {"configuration": 0.25}


def test_a_partition_is_counted_by_its_source_alone():
    cut = fault("partition", "17")
    assert strain_on(SPECS["gws-app-workspace"], [cut]).peer_errors == {
        "voicemail": 1.0
    }
    assert strain_on(SPECS["voice-voicemail"], [cut]) == Strain()
    assert strain_on(SPECS["gws-app-provisioning"], [cut]) == Strain()


def test_a_full_store_fills_the_pools_that_lead_to_it_and_its_own():
    full = fault("store_full", "postgresql", saturation=0.9)
    for name in ("gws-platform-setting", "gws-app-provisioning", "pgdb-gws"):
        assert strain_on(SPECS[name], [full]).full == {"postgresql": 0.9}


def test_a_store_that_is_down_fails_every_call_to_it():
    down = fault("store_down", "redis")
    strain = strain_on(SPECS["gws-platform-voice"], [down])
    assert strain.peer_errors == {"redis": 1.0}
    added = per_request(PROFILES["gws-platform-voice"], {"redis": 2.0}, strain)
    assert (added["call", "redis", "200"], added["call", "redis", "500"]) == (0.0, 2.0)


def test_faults_meet_the_worst_error_share_and_the_sum_of_the_delays():
    shares = [fault("errors", "voice", share=share) for share in (0.2, 0.4, 0.3)]
    delays = [fault("slow", "voice", latency_ms=ms) for ms in (1000, 500)]
    faults = [*shares, *delays]
    strain = strain_on(SPECS["gws-platform-voice"], faults)
    assert (strain.errors, strain.slow_s) == (0.4, 1.5)


def pods(*without_ready: str) -> list[Pod]:
    return [
        Pod(spec, f"{spec.name}-{n}", f"{spec.name}-{n}", "127.1.0.1", "n1", spec.ports,
            spec.version, START, ready=spec.name not in without_ready)
        for spec in WORKLOADS
        for n in range(spec.replicas)
    ]  # fmt: skip


def test_boxes_without_a_ready_pod_are_down_in_part_or_wholly():
    ready = ready_pods(pods("gws-platform-voice", "gauth-environment"))
    assert ready["gws-platform-voice"] == 0
    assert down_boxes(ready) == {"voice": 1.0, "authentication": 0.5}
    strain = strain_on(SPECS["gws-app-workspace"], [], down=down_boxes(ready))
    assert strain.peer_errors == {"voice": 1.0, "authentication": 0.5}


def test_the_mean_is_that_of_the_distribution():
    profile = PROFILES["gws-platform-voice"]
    steps = [n * 0.0005 for n in range(1, 4000)]
    shares = [within(profile, s) - within(profile, s - 0.0005) for s in steps]
    mean = sum(share * (s - 0.00025) for share, s in zip(shares, steps, strict=True))
    assert mean == pytest.approx(mean_s(profile), rel=0.01)
