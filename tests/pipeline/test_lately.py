"""The last hour in memory: bounded, gaps stay gaps, the newest of a step wins."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.evaluate import evaluate
from app.domain.snapshot import Metrics
from app.pipeline.lately import KEPT_STEPS, Lately

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def picture(rate, number=17):
    metrics = {"request_rate": rate, "error_ratio": None}
    return {"connections": [{"number": number, "metrics": metrics}]}


def rates(lately, now=NOW, number=17):
    points = lately.of(number, now - HOUR, now)["request_rate"]
    return [(point.at - int(NOW.timestamp()), point.value) for point in points]


def told(lately, later):
    """Seconds since NOW, value, and who said so."""
    points = lately.of(17, NOW - HOUR, later)["request_rate"]
    return [(at - int(NOW.timestamp()), value, by) for at, value, by in points]


def recalled(**rates_at):
    """What a source remembers: `s15=2.0` is fifteen seconds after NOW."""
    start = int(NOW.timestamp())
    return {
        start + int(name[1:]): {17: {"request_rate": rate}}
        for name, rate in rates_at.items()
    }


def test_the_newest_value_of_a_step_is_kept():
    lately = Lately()
    for second, rate in ((0, 1.0), (7, 2.0), (14.9, 3.0), (15, 4.0)):
        lately.note(picture(rate), NOW + timedelta(seconds=second))
    later = NOW + timedelta(seconds=20)
    assert rates(lately, later) == [(0, 3.0), (15, 4.0)]


def test_what_nobody_measured_is_a_gap_and_zero_is_zero():
    lately = Lately()
    for step, rate in ((0, 1.0), (1, None), (2, 0.0), (5, 2.0)):
        lately.note(picture(rate), NOW + timedelta(seconds=15 * step))
    later = NOW + timedelta(seconds=80)
    assert rates(lately, later) == [(0, 1.0), (30, 0.0), (75, 2.0)]
    assert lately.of(17, NOW, later)["error_ratio"] == []


def test_a_connection_that_was_never_seen_has_nothing():
    lately = Lately()
    lately.note(picture(1.0), NOW)
    assert rates(lately, number=3) == []


def test_an_hour_is_kept_and_not_more():
    lately = Lately()
    for step in range(1000):
        lately.note(picture(float(step)), NOW + timedelta(seconds=15 * step))
    end = NOW + timedelta(seconds=15 * 999)
    whole = lately.of(17, NOW, end)["request_rate"]
    assert len(whole) == KEPT_STEPS
    assert whole[-1].value == 999.0
    assert len(lately.of(17, end - HOUR, end)["request_rate"]) == 241


def test_a_clock_that_was_set_back_leaves_nothing_of_the_future():
    lately = Lately()
    lately.note(picture(1.0), NOW)
    lately.note(picture(2.0), NOW + timedelta(seconds=60))
    lately.note(picture(3.0), NOW + timedelta(seconds=16))
    later = NOW + timedelta(seconds=600)
    assert rates(lately, later) == [(0, 1.0), (15, 3.0)]


def test_what_was_measured_at_the_time_is_never_replaced():
    lately = Lately()
    for second, rate in ((0, 1.0), (30, None)):
        lately.note(picture(rate), NOW + timedelta(seconds=second))
    lately.fill("prometheus", recalled(s0=9.0, s15=2.0, s30=3.0))
    later = NOW + timedelta(seconds=60)
    assert told(lately, later) == [
        (0, 1.0, ""), (15, 2.0, "prometheus"), (30, 3.0, "prometheus"),
    ]  # fmt: skip
    lately.note(picture(4.0), NOW + timedelta(seconds=40))
    assert told(lately, later)[-1] == (30, 4.0, "")


def test_what_was_told_afterwards_is_bounded_and_leaves_like_the_rest():
    lately = Lately()
    start = int(NOW.timestamp())
    steps = range(start, start + 15 * 1000, 15)
    lately.fill("prometheus", {at: {17: {"request_rate": 1.0}} for at in steps})
    assert len(lately._told) == KEPT_STEPS
    lately.note(picture(2.0), NOW + timedelta(seconds=15 * 999))
    assert len(lately._told) == KEPT_STEPS
    lately.note(picture(2.0), NOW + timedelta(seconds=15 * 990))
    assert max(lately._told) == start + 15 * 990, "the clock was set back"
    lately.note(picture(2.0), NOW + 3 * HOUR + timedelta(seconds=15 * 990))
    assert lately._told == {}


numbers = st.one_of(st.none(), st.floats(0, 100))


@given(
    st.dictionaries(st.integers(0, 40), numbers),
    st.dictionaries(st.integers(0, 40), st.floats(0, 100)),
)
def test_every_step_has_our_number_or_else_the_other_s(own, other):
    lately = Lately()
    for step in sorted(own):
        lately.note(picture(own[step]), NOW + timedelta(seconds=15 * step))
    lately.fill("p", recalled(**{f"s{15 * step}": v for step, v in other.items()}))
    measured = {step: v for step, v in own.items() if v is not None}
    expected = [
        (
            15 * step,
            measured.get(step, other.get(step)),
            "" if step in measured else "p",
        )
        for step in sorted({*measured, *other})
    ]
    assert told(lately, NOW + HOUR) == expected


def test_a_pipeline_notes_what_it_judged(running, bus):
    def counted(*judged):
        outcome = evaluate(*judged)
        rated = [
            replace(state, metrics=Metrics(request_rate=2.0))
            for state in outcome.snapshot.connections
        ]
        snapshot = replace(outcome.snapshot, connections=tuple(rated))
        return replace(outcome, snapshot=snapshot)

    with running(counted) as pipeline:
        picture = bus.wait(lambda s: s["version"] == 1)
    at = datetime.fromisoformat(picture["at"])
    points = pipeline.lately.of(17, at - HOUR, at + HOUR)["request_rate"]
    assert [point.value for point in points] == [2.0]
