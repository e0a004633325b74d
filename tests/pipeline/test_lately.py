"""The last hour in memory: bounded, gaps stay gaps, the newest of a step wins."""

from datetime import UTC, datetime, timedelta

from app.pipeline.lately import KEPT_STEPS, Lately

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def picture(rate, number=17):
    metrics = {"request_rate": rate, "error_ratio": None}
    return {"connections": [{"number": number, "metrics": metrics}]}


def rates(lately, now=NOW, number=17):
    points = lately.of(number, now - HOUR, now)["request_rate"]
    return [(at - int(NOW.timestamp()), value) for at, value in points]


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
    assert whole[-1][1] == 999.0
    assert len(lately.of(17, end - HOUR, end)["request_rate"]) == 241


def test_a_clock_that_was_set_back_leaves_nothing_of_the_future():
    lately = Lately()
    lately.note(picture(1.0), NOW)
    lately.note(picture(2.0), NOW + timedelta(seconds=60))
    lately.note(picture(3.0), NOW + timedelta(seconds=16))
    later = NOW + timedelta(seconds=600)
    assert rates(lately, later) == [(0, 1.0), (15, 3.0)]


def test_a_pipeline_notes_what_it_judged(running, bus):
    with running() as pipeline:
        bus.wait(lambda s: s["version"] == 1)
    assert len(pipeline.lately._steps) >= 1
