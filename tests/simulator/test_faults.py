"""A request becomes a fault, or a refusal that names the field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.simulator.faults import KINDS, Fault, Kind, Refusal, describe, parse
from app.simulator.run_scenarios import SCENARIOS, Act

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "target", "seconds", "params", "pods", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_may_be_put_on_each_of_its_places(kind: Kind) -> None:
    assert kind.places
    for place in kind.places:
        fault = parse({"kind": kind.name, "target": place}, "f1", NOW)
        assert isinstance(fault, Fault)
        assert fault.params == {param.name: param.default for param in kind.params}
        assert fault.ends_at is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_tells_what_it_takes(kind: Kind) -> None:
    told = describe(kind)
    assert told["kind"] == kind.name
    assert told["targets"] == list(kind.places)
    assert set(told["params"]) == {param.name for param in kind.params}


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ([], "", "JSON object"),
        ({"kind": "fire"}, "kind", "pod_crash"),
        ({"kind": "pod_crash"}, "target", "redis"),
        ({"kind": "pod_crash", "target": "clients"}, "target", "redis"),
        ({"kind": "store_down", "target": "workspace"}, "target", "postgresql"),
        ({"kind": "api_cut", "seconds": 0}, "seconds", "more than 0"),
        ({"kind": "api_cut", "seconds": "60"}, "seconds", "more than 0"),
        ({"kind": "api_cut", "seconds": float("nan")}, "seconds", "more than 0"),
        ({"kind": "api_cut", "second": 60}, "second", "no such field"),
        ({"kind": "api_cut", "params": []}, "params", "JSON object"),
        ({"kind": "api_cut", "params": {"x": 1}}, "params.x", "it has none"),
        ({"kind": "slow", "target": "voice", "params": {"latency_ms": -1}},
         "params.latency_ms", "from 1 to 60000"),
        ({"kind": "slow", "target": "voice", "params": {"latency": 1}},
         "params.latency", "latency_ms"),
        ({"kind": "slow", "target": "voice", "params": {"latency_ms": True}},
         "params.latency_ms", "number"),
        ({"kind": "api_gone", "params": {"as": "mail"}}, "params.as", "stream"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field_and_what_to_write(
    body: Any, field: str, says: str
) -> None:
    refused = parse(body, "f1", NOW)
    assert isinstance(refused, Refusal)
    assert refused.field == field
    assert says in refused.message


@given(JSON)
def test_whatever_is_sent_is_answered(body: Any) -> None:
    assert isinstance(parse(body, "f1", NOW), Fault | Refusal)


def test_the_only_place_of_a_kind_need_not_be_named() -> None:
    fault = parse({"kind": "api_cut", "seconds": 30}, "f1", NOW)
    assert isinstance(fault, Fault)
    assert fault.target == "kubernetes"
    assert fault.ends_at is not None
    assert (fault.ends_at - NOW).total_seconds() == 30


@pytest.mark.parametrize(
    "act", [act for acts in SCENARIOS.values() for act in acts], ids=str
)
def test_every_act_of_a_scenario_is_a_fault(act: Act) -> None:
    assert isinstance(parse(act.request(), "f1", NOW), Fault)
