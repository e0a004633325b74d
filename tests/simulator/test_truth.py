"""What is really broken, told from the faults alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.simulator.faults import KINDS, Fault, parse
from app.simulator.truth import truth
from app.simulator.world import TOPOLOGY

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SIGHT = (
    "consul_acl_denied", "api_cut", "api_gone", "api_forbidden", "api_silent",
    "metrics_gone", "metrics_stale", "metrics_garbage", "clock_skew", "rolling_update",
    "evict",
)  # fmt: skip
TO_REDIS = (12, 18, 24, 25)
TO_CONSUL = (3, 8, 19, 22)
FROM_WORKSPACE = (14, 15, 16, 17, 18, 19, 26, 27, 28, 29, 30, 31)


def fault(kind: str, target: str, **params: Any) -> Fault:
    made = parse({"kind": kind, "target": target, "params": params}, kind, NOW)
    assert isinstance(made, Fault)
    return made


def all_at(status: str, *numbers: int) -> dict[int, str]:
    return dict.fromkeys(numbers, status)


FAILING, DEGRADED = "failing", "degraded"


@pytest.mark.parametrize(
    ("kind", "target", "params", "broken"),
    [
        ("pod_crash", "redis", {}, all_at(FAILING, *TO_REDIS)),
        ("pod_crash", "redis", {"pods": 1}, {}),
        ("store_down", "redis", {}, all_at(FAILING, *TO_REDIS)),
        ("store_slow", "redis", {"delay_ms": 4}, {}),
        ("store_slow", "redis", {"delay_ms": 5}, all_at(DEGRADED, *TO_REDIS)),
        ("store_slow", "postgresql", {"delay_ms": 999}, all_at(DEGRADED, 9, 23)),
        ("store_slow", "elasticsearch", {"delay_ms": 5000}, all_at(FAILING, 13)),
        ("store_full", "postgresql", {"saturation": 0.9}, all_at(DEGRADED, 9, 23)),
        ("pod_crash", "workspace", {},
         all_at(FAILING, 6) | all_at("idle", *FROM_WORKSPACE)),
        ("pod_crash", "workspace", {"pods": 1}, all_at(DEGRADED, 6)),
        ("pod_not_ready", "voicemail", {}, all_at(FAILING, 17)),
        ("scale_zero", "iwd", {}, all_at(FAILING, 26)),
        ("image_pull", "gplus-adapter", {}, all_at(FAILING, 4)),
        ("image_pull", "gplus-adapter", {"strategy": "rolling"}, {}),
        ("pod_crash", "gws-platform-ocs", {}, all_at(DEGRADED, 2)),
        ("pod_crash", "setting", {},
         all_at(FAILING, 31) | all_at(DEGRADED, 2) | all_at("idle", 9)),
        ("pod_crash", "platform-services", {},
         all_at(FAILING, 2, 15, 16, 21, 29, 30, 31)
         | all_at("idle", 8, 9, 10, 11, 12, 13, 24, 25)),
        ("pod_crash", "gauth-environment", {}, all_at(FAILING, 11, 14, 20)),
        ("slow", "voice", {"latency_ms": 2000}, all_at(DEGRADED, 2, 29)),
        ("slow", "voice", {"latency_ms": 5000},
         all_at(FAILING, 29) | all_at(DEGRADED, 2)),
        ("errors", "provisioning", {"share": 0.005}, {}),
        ("errors", "provisioning", {"share": 0.05}, all_at(DEGRADED, 7)),
        ("errors", "provisioning", {"share": 0.5}, all_at(FAILING, 7)),
        ("consul_critical", "provisioning", {}, all_at(FAILING, 7)),
        ("consul_critical", "provisioning", {"pods": 1}, all_at(DEGRADED, 7)),
        ("consul_deregistered", "provisioning", {}, all_at(DEGRADED, 7)),
        ("consul_deregistered", "gws-platform-ocs", {}, all_at(DEGRADED, 2)),
        ("consul_deregistered", "gauth-environment", {},
         all_at(DEGRADED, 11, 14, 20)),
        ("consul_down", "consul", {}, all_at(FAILING, *TO_CONSUL)),
        ("consul_leader_lost", "consul", {}, all_at(FAILING, *TO_CONSUL)),
        ("pod_crash", "consul", {"pods": 1}, {}),
        ("pod_crash", "consul", {"pods": 2}, all_at(FAILING, *TO_CONSUL)),
        ("certificate_near_end", "service-proxy", {"days": 5}, all_at(DEGRADED, 1)),
        ("certificate_near_end", "service-proxy", {"days": 1}, all_at(FAILING, 1)),
        ("certificate_near_end", "service-proxy", {"days": 20}, {}),
        ("partition", "28", {}, all_at(FAILING, 28)),
    ],
)  # fmt: skip
def test_what_one_fault_breaks(
    kind: str, target: str, params: dict[str, Any], broken: dict[int, str]
) -> None:
    assert truth([fault(kind, target, **params)]).connections == broken


@pytest.mark.parametrize("kind", SIGHT)
def test_a_fault_in_what_can_be_seen_breaks_nothing(kind: str) -> None:
    places = next(one.places for one in KINDS if one.name == kind)
    for place in places:
        found = truth([fault(kind, place)])
        assert (found.connections, found.causes) == ({}, ())


def test_a_workload_is_blamed_by_its_box_and_a_pair_by_its_number() -> None:
    faults = [fault("pod_crash", "gauth-auth"), fault("partition", "28"),
              fault("metrics_gone", "redis")]  # fmt: skip
    assert truth(faults).causes == ("authentication", "28")


def test_a_source_that_is_down_hides_what_it_would_meet() -> None:
    faults = [fault("pod_crash", "workspace"), fault("pod_crash", "redis")]
    assert truth(faults).connections[18] == "idle"
    assert truth(faults).connections[12] == "failing"


FAULTS = st.sampled_from(KINDS).flatmap(
    lambda kind: st.sampled_from(kind.places).map(lambda at: fault(kind.name, at))
)
RANK = {"idle": 0, "degraded": 1, "failing": 2}


@given(st.lists(FAULTS, max_size=4), FAULTS)
def test_a_fault_more_never_heals_a_connection(few: list[Fault], more: Fault) -> None:
    before, after = truth(few).connections, truth([*few, more]).connections
    for number, status in before.items():
        healed = RANK[after[number]] < RANK[status]
        assert not healed or after[number] == "idle"


@given(st.lists(FAULTS, max_size=4))
def test_order_does_not_matter_and_only_numbered_connections_break(
    faults: list[Fault],
) -> None:
    found = truth(faults).connections
    assert found == truth(faults[::-1]).connections
    assert found.keys() <= {one.number for one in TOPOLOGY.connections}


@given(st.lists(FAULTS, max_size=4))
def test_nothing_is_blamed_while_all_is_well(faults: list[Fault]) -> None:
    found = truth(faults)
    assert bool(found.connections) or found.causes == ()
