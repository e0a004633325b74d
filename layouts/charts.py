"""The charts of a connection's last hour: what Plotly draws, as plain values.

Pure: series, limits and spans in, figures out. A colour is told by the name of a CSS
variable, such as `--ink`, which `assets/charts.js` looks up in the theme of the moment;
a moment is told in milliseconds since 1970, which it moves to the reader's own zone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.domain.hour import STEP_S, Point, Series
from app.domain.instants import instant
from app.domain.limits import Bound
from app.domain.spans import Span
from layouts import chart_marks as marks
from layouts import figures, sparkline
from layouts.chart_frame import frame
from layouts.chart_marks import Json
from layouts.strings import METRICS, SOURCES

HEADROOM: Final = 1.15
NEAR: Final = 2.5
"""A limit so many times the highest value is still drawn to scale."""
LONELY_PX: Final = 5
EMPTY_TOP: Final = 1.0

MAIN: Final = {"color": "--ink", "width": 2}
SECOND: Final = {"color": "--quiet", "width": 1.5}
THIRD: Final = {"color": "--quiet", "width": 1.5, "dash": "dot"}


@dataclass(frozen=True, slots=True)
class Line:
    metric: str
    name: str
    look: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """`limit`: the metric whose limits are drawn in. `full`: what can't be exceeded.
    `times`: what a value is multiplied by to be in the axis' unit."""

    name: str
    title: str
    unit: str
    lines: tuple[Line, ...]
    limit: str | None = None
    full: float | None = None
    times: float = 1


CHARTS: Final = (
    Chart(
        "latency",
        "Latency",
        " ms",
        (
            Line("latency_p95_ms", "p95", MAIN),
            Line("latency_p50_ms", "p50", SECOND),
            Line("latency_p99_ms", "p99", THIRD),
            Line("latency_mean_ms", "mean", MAIN),
        ),
        limit="latency_p95_ms",
    ),
    Chart("rate", "Requests", "/s", (Line("request_rate", "requests", MAIN),)),
    Chart(
        "errors",
        "Errors",
        " %",
        (
            Line("error_ratio", "errors", MAIN),
            Line("connect_failure_ratio", "failed connects", THIRD),
        ),
        limit="error_ratio",
        times=100,
    ),
    Chart(
        "connections",
        "Open connections",
        "",
        (Line("connections_active", "open connections", MAIN),),
    ),
    Chart(
        "saturation",
        "Saturation",
        " %",
        (Line("saturation", "saturation", MAIN),),
        limit="saturation",
        full=1.0,
        times=100,
    ),
)
MEAN: Final = "latency_mean_ms"


def charts(
    series: Series,
    bounds: Mapping[str, Bound],
    spans: Sequence[Span],
    begin: datetime,
    end: datetime,
) -> Json:
    """What is measured, a figure each; what is not, by name; what is marked, in words.

    `bounds`: the limits of this connection, by metric.
    """
    shown = [span for span in spans if span.within(begin, end)]
    made: list[Json] = []
    for chart in CHARTS:
        lines = _measured(chart, series)
        if lines:
            labelled = not made
            figure = _figure(chart, lines, bounds, shown, begin, end, labelled)
            made.append(_told(chart, lines) | {"figure": figure})
    drawn = {chart["name"] for chart in made}
    return {
        "from": instant(begin),
        "to": instant(end),
        "charts": made,
        "unmeasured": [one.title for one in CHARTS if one.name not in drawn],
        "marks": [_in_words(span) for span in shown],
    }


Drawn = list[tuple[Line, list[Point]]]


def _measured(chart: Chart, series: Series) -> Drawn:
    """The lines with a value; of latencies the mean only where no quantile is told."""
    known = [(one, series.get(one.metric) or []) for one in chart.lines]
    lines = [(one, points) for one, points in known if points]
    quantiles = [pair for pair in lines if pair[0].metric != MEAN]
    return quantiles or lines


def _told(chart: Chart, lines: Drawn) -> Json:
    words = ". ".join(sparkline.words(line.metric, points) for line, points in lines)
    return {"name": chart.name, "title": chart.title, "label": f"{words}."}


def _in_words(span: Span) -> Json:
    return {
        "id": span.id,
        "status": span.status.value,
        "text": span.text,
        "begin": instant(span.begins_at),
        "end": instant(span.ends_at),
    }


def _figure(
    chart: Chart,
    lines: Drawn,
    bounds: Mapping[str, Bound],
    spans: Sequence[Span],
    begin: datetime,
    end: datetime,
    labelled: bool,
) -> Json:
    bound = bounds.get(chart.limit or "")
    highest = max(point.value for _, points in lines for point in points)
    top = _top(chart, highest, bound)
    limits = marks.limits(chart.limit, bound, top, chart.times)
    shaded = marks.shaded(spans, begin, end, labelled)
    layout = _layout(chart, top, begin, end) | {
        "shapes": [*shaded["shapes"], *limits["shapes"]],
        "annotations": [*limits["annotations"], *shaded["annotations"]],
        "showlegend": False,
    }
    traces = [
        _trace(line, points, chart.times, first=at == 0)
        for at, (line, points) in enumerate(lines)
    ]
    return {"data": traces, "layout": layout}


def _top(chart: Chart, highest: float, bound: Bound | None) -> float:
    """The upper end of the axis: over every value and the limits that are near."""
    if chart.full is not None:
        return max(chart.full, highest) * HEADROOM
    near = [
        mark
        for mark in ((bound.degraded, bound.failing) if bound else ())
        if mark is not None and (mark <= highest * NEAR or not highest)
    ]
    # Where nothing was above zero, the first limit alone says what is much.
    near = near if highest else near[:1]
    return max([highest, *near], default=0.0) * HEADROOM or EMPTY_TOP


def _trace(line: Line, points: Sequence[Point], times: float, *, first: bool) -> Json:
    """A step without a value ends the line; a value between two such is a dot."""
    x: list[int] = []
    y: list[float | None] = []
    said: list[str] = []
    size: list[int] = []
    for at, point in enumerate(points):
        gap = bool(at) and point.at - points[at - 1].at > STEP_S
        if gap:
            x.append(1000 * (points[at - 1].at + STEP_S))
            y.append(None)
            said.append("")
            size.append(0)
        ends = at + 1 == len(points) or points[at + 1].at - point.at > STEP_S
        x.append(1000 * point.at)
        y.append(point.value * times)
        said.append(_said(line.metric, point, first))
        size.append(LONELY_PX if ends and (gap or not at) else 0)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": line.name,
        "meta": METRICS[line.metric][0],
        "x": x,
        "y": y,
        "connectgaps": False,
        "line": dict(line.look),
        "marker": {"color": line.look["color"], "size": size, "opacity": 1},
        "customdata": said,
        "hovertemplate": f"%{{customdata}}<extra>{line.name}</extra>",
    }


def _said(metric: str, point: Point, first: bool) -> str:
    """`14 ms`; at the first line also the moment; who told it, if afterwards."""
    at = datetime.fromtimestamp(point.at, UTC)
    told = f", told by {SOURCES.get(point.by, point.by)}" if point.by else ""
    when = f" at {at:%H:%M:%S} UTC" if first else ""
    return f"{figures.metric(metric, point.value)}{told}{when}"


def _layout(chart: Chart, top: float, begin: datetime, end: datetime) -> Json:
    return frame(
        {"t": 18, "b": 26},
        {
            "range": [_milliseconds(begin), _milliseconds(end)],
            "tickformat": "%H:%M",
            "hoverformat": "%H:%M:%S",
        },
        {"range": [0, top * chart.times], "nticks": 4, "ticksuffix": chart.unit},
    )


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
