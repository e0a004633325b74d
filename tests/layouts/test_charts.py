"""Figures as values: what Plotly would refuse, and what a reader could be misled by."""

from datetime import timedelta

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.hour import Point
from app.domain.limits import BOUNDS, Bound
from app.domain.spans import Span
from app.domain.status import Status
from layouts.charts import CHARTS, charts
from layouts.strings import METRICS
from tests.layouts.conftest import NOW

HOUR = timedelta(hours=1)
START = int((NOW - HOUR).timestamp()) // 15 * 15


def points(*values, by=""):
    """15 s apart from the beginning of the hour; `None` is a gap."""
    return [
        Point(START + 15 * at, value, by)
        for at, value in enumerate(values)
        if value is not None
    ]


def made(series, spans=(), bounds=BOUNDS):
    return charts(series, bounds, spans, NOW - HOUR, NOW)


def chart(name, series, spans=(), bounds=BOUNDS):
    return next(
        one for one in made(series, spans, bounds)["charts"] if one["name"] == name
    )


def painted(value):
    """As the browser hands it on: with colours in place of their names."""
    if isinstance(value, str):
        return "#123456" if value.startswith("--") else value
    if isinstance(value, list):
        return [painted(one) for one in value]
    if isinstance(value, dict):
        return {key: painted(one) for key, one in value.items()}
    return value


def span(name, begin_min, end_min=None, status=Status.FAILING):
    end = None if end_min is None else NOW - timedelta(minutes=end_min)
    return Span(name, status, NOW - timedelta(minutes=begin_min), end, f"about {name}")


def texts(figure):
    return [one["text"] for one in figure["layout"]["annotations"]]


EVERYTHING = {name: points(0.2, None, 0.5, 0.4) for name in METRICS}
SPANS = (span("i-1", 50, 30), span("w-1", 5, status=Status.MAINTENANCE))


def test_plotly_takes_every_figure():
    found = made(EVERYTHING, SPANS)["charts"]
    assert [one["name"] for one in found] == [one.name for one in CHARTS]
    for one in found:
        go.Figure(painted(one["figure"]))


def test_a_gap_is_a_gap_and_a_lonely_value_a_dot():
    (trace,) = chart("rate", {"request_rate": points(5, None, 7, 8, None, None, 9)})[
        "figure"
    ]["data"]
    assert trace["y"] == [5, None, 7, 8, None, 9]
    assert trace["x"] == [1000 * (START + 15 * at) for at in (0, 1, 2, 3, 4, 6)]
    assert trace["connectgaps"] is False
    assert trace["marker"]["size"] == [5, 0, 0, 0, 0, 5]


@given(st.lists(st.none() | st.floats(0, 1e6), max_size=240))
def test_no_line_spans_a_step_that_nobody_measured(values):
    known = points(*values)
    found = made({"request_rate": known})["charts"]
    if not known:
        assert found == []
        return
    (trace,) = found[0]["figure"]["data"]
    told = {x: y for x, y in zip(trace["x"], trace["y"], strict=True) if y is not None}
    assert told == {1000 * point.at: point.value for point in known}
    neighbours = zip(
        zip(trace["x"], trace["y"], strict=True),
        zip(trace["x"][1:], trace["y"][1:], strict=True),
        strict=False,
    )
    assert all(
        after - before == 15000
        for (before, a), (after, b) in neighbours
        if a is not None and b is not None
    )
    sizes = (len(trace["x"]), len(trace["customdata"]), len(trace["marker"]["size"]))
    assert len({*sizes}) == 1
    assert max(told.values()) <= found[0]["figure"]["layout"]["yaxis"]["range"][1]


def test_quantiles_go_before_the_mean():
    series = {"latency_mean_ms": points(3), "latency_p95_ms": points(14)}
    assert [t["name"] for t in chart("latency", series)["figure"]["data"]] == ["p95"]
    del series["latency_p95_ms"]
    assert [t["name"] for t in chart("latency", series)["figure"]["data"]] == ["mean"]


def test_units_are_on_the_axes():
    units = {
        one["name"]: one["figure"]["layout"]["yaxis"]["ticksuffix"]
        for one in made(EVERYTHING)["charts"]
    }
    assert units == {
        "latency": " ms", "rate": "/s", "errors": " %", "connections": "", "saturation": " %",
    }  # fmt: skip


def test_a_ratio_is_drawn_and_told_in_per_cent():
    (trace,) = chart("errors", {"error_ratio": points(0.025)})["figure"]["data"]
    assert trace["y"] == [2.5]
    assert trace["customdata"][0].startswith("2.5 % at 09:42:30 UTC")


def test_what_was_told_afterwards_says_by_whom():
    series = {"request_rate": points(5, by="prometheus")}
    (trace,) = chart("rate", series)["figure"]["data"]
    assert "told by Prometheus" in trace["customdata"][0]


def test_a_limit_that_is_near_is_a_labelled_line_to_scale():
    figure = chart("latency", {"latency_p95_ms": points(400, 600)})["figure"]
    lines = [one for one in figure["layout"]["shapes"] if one["type"] == "line"]
    assert [(line["y0"], line["line"]["color"]) for line in lines] == [
        (1000, "--degraded")
    ]
    assert texts(figure) == ["degraded at 1 s", "↑ failing at 5 s"]
    assert figure["layout"]["yaxis"]["range"][1] == pytest.approx(1150)


def test_limits_that_are_far_above_are_told_and_squash_nothing():
    figure = chart("latency", {"latency_p95_ms": points(14)})["figure"]
    assert texts(figure) == ["↑ degraded at 1 s, failing at 5 s"]
    assert figure["layout"]["yaxis"]["range"][1] < 20


def test_where_nothing_is_wrong_the_first_limit_gives_the_scale():
    figure = chart("errors", {"error_ratio": points(0, 0)})["figure"]
    assert figure["layout"]["yaxis"]["range"] == [0, pytest.approx(1.15)]
    assert texts(figure) == ["degraded at 1 %", "↑ failing at 10 %"]


def test_without_limits_zeros_still_have_an_axis():
    figure = chart("errors", {"error_ratio": points(0)}, bounds={})["figure"]
    assert figure["layout"]["yaxis"]["range"] == [0, 100]
    never = {"error_ratio": Bound(None, None, "never")}
    assert (
        texts(chart("errors", {"error_ratio": points(0)}, bounds=never)["figure"]) == []
    )


def test_what_can_be_full_is_drawn_against_being_full():
    figure = chart("saturation", {"saturation": points(0.3)})["figure"]
    assert figure["layout"]["yaxis"]["range"] == [0, pytest.approx(115)]
    assert texts(figure) == ["degraded at 80 %", "failing at 95 %"]


def test_incidents_and_maintenance_are_shaded_in_every_chart_and_named_in_the_first():
    first, *others = made(EVERYTHING, SPANS)["charts"]
    for one in (first, *others):
        areas = [s for s in one["figure"]["layout"]["shapes"] if s["type"] == "rect"]
        assert [area["fillcolor"] for area in areas] == ["--failing", "--maintenance"]
        end = round(NOW.timestamp() * 1000)
        assert [(end - a["x0"], end - a["x1"]) for a in areas] == [
            (50 * 60_000, 30 * 60_000), (5 * 60_000, 0),
        ]  # fmt: skip
    named = [
        one for one in first["figure"]["layout"]["annotations"] if one["xref"] == "x"
    ]
    assert [(one["text"], one["xanchor"]) for one in named] == [
        ("i-1", "left"), ("w-1", "right")
    ]  # fmt: skip
    assert not {"i-1", "w-1"} & {
        text for one in others for text in texts(one["figure"])
    }


def test_a_span_is_cut_at_the_hour_and_told_whole():
    found = made(EVERYTHING, [span("i-1", 90, 10), span("gone", 90, 70)])
    area = found["charts"][0]["figure"]["layout"]["shapes"][0]
    assert area["x0"] == round((NOW - HOUR).timestamp() * 1000)
    (mark,) = found["marks"]
    assert mark == {
        "id": "i-1", "status": "failing", "text": "about i-1",
        "begin": "2026-11-24T09:12:30.000Z", "end": "2026-11-24T10:32:30.000Z",
    }  # fmt: skip


def test_what_nobody_measures_is_named():
    found = made({"request_rate": points(5)})
    assert found["unmeasured"] == [
        "Latency",
        "Errors",
        "Open connections",
        "Saturation",
    ]
    assert made({})["charts"] == []
    assert len(made({})["unmeasured"]) == len(CHARTS)


def test_every_chart_says_itself_in_words():
    one = chart("rate", {"request_rate": points(5, 5)})
    assert one["label"] == "Requests: 5/s within 30 s; last 5/s."


def test_ids_stand_one_under_the_other_as_long_as_there_is_room():
    spans = [span(f"i-{at}", 50 - at, 49 - at) for at in range(5)]
    first, *_ = made(EVERYTHING, [*spans, span("late", 5)])["charts"]
    named = {
        one["text"]: one["yshift"]
        for one in first["figure"]["layout"]["annotations"]
        if one["xref"] == "x"
    }
    assert named == {"i-0": 0, "i-1": -15, "i-2": -30, "late": 0}
