"""The numbers of a moment that somebody else remembers are those that we would show."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts_traffic import TrafficFact
from app.domain.recalled import numbers
from app.domain.subject import NodeId
from app.domain.topology import standard

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)
PICTURE = standard()
VOICE = NodeId("voice")
TO_VOICE = [row.number for row in PICTURE.connections if row.destination == VOICE]


def counted(subject: NodeId | int, by: str, **more: float) -> TrafficFact:
    plain = {"window_s": 60.0, "requests": 600.0, "errors": 60.0}
    return TrafficFact(subject, f"{by}-1", by=by, **(plain | more))  # type: ignore[arg-type]


def test_who_calls_is_told_before_what_the_destination_served() -> None:
    facts = [counted(29, "istio", active=5), counted(VOICE, "vendor", requests=1200)]
    found = numbers(PICTURE, facts, AT)
    assert found[29] == {
        "request_rate": 10.0, "error_ratio": 0.1, "connections_active": 5,
    }  # fmt: skip
    others = [number for number in TO_VOICE if number != 29]
    assert all(found[n]["request_rate"] == 20.0 for n in others)
    assert set(found) == set(TO_VOICE)


def test_a_count_whose_newest_sample_left_the_window_says_nothing() -> None:
    assert numbers(PICTURE, [counted(29, "istio", age_s=61)], AT) == {}
    assert numbers(PICTURE, [counted(29, "istio", age_s=60)], AT) != {}


def test_what_two_count_is_not_added() -> None:
    facts = [counted(29, "otel", requests=300), counted(29, "istio")]
    assert numbers(PICTURE, facts, AT)[29]["request_rate"] == 10.0


@given(st.floats(0, 1e6), st.floats(0, 1), st.sampled_from(range(1, 32)))
def test_what_is_told_is_finite_and_a_ratio_a_ratio(
    requests: float, share: float, number: int
) -> None:
    fact = counted(number, "istio", requests=requests, errors=requests * share)
    told = numbers(PICTURE, [fact], AT)[number]
    assert all(math.isfinite(value) for value in told.values())
    assert 0 <= told.get("error_ratio", 0) <= 1
