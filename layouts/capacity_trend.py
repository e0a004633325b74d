"""Trends as charts: what Plotly draws, as plain values (`assets/plot.js`).

A day stands at its noon in UTC, which is the same day on every clock of the world. The
band is what the trend gives within its certainty; the limit and its mark are labelled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from app.domain.capacity import Headroom, Review, SubjectReview
from app.domain.capacity_figures import SCALE, figure
from app.domain.capacity_terms import FULL, Point, Trend, Unit
from layouts import strings_capacity as words
from layouts.capacity_cells import limit_of, metric
from layouts.chart_frame import frame

Json = dict[str, Any]
ROOM: Final = 1.12
"""Above the highest of what is drawn."""
NEAR: Final = 3.0
"""A limit so many times the highest value is still drawn to scale."""


@dataclass(frozen=True, slots=True)
class Level:
    """A line across: `share` or number in the trend's unit, and its words."""

    value: float
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a chart of a trend shows. `until`: the last day that is reviewed."""

    title: str
    words: str
    trend: Trend
    levels: tuple[Level, ...]
    until: date

    @property
    def top(self) -> float:
        """The upper end of the axis, in the trend's unit."""
        highest = max(
            (value for point in self.trend.points for value in _values(point)),
            default=0.0,
        )
        near = [one.value for one in self.levels if one.value <= highest * NEAR]
        return max([highest, *near], default=0.0) * ROOM or 1.0


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    words: str
    figure: Json


def drawn(one: SubjectReview, review: Review) -> Iterator[Drawn]:
    """Of the tightest limit, and of the load."""
    until = review.choices.end.astimezone(review.choices.calendar.zone).date()
    if one.tightest is not None:
        room = one.tightest
        title = words.SHARE_CHART.format(limit=limit_of(room.limit))
        yield Drawn(title, _told(title, room.trend), room.trend, levels(room), until)
    if one.trend is not None:
        title = words.LOAD_CHART.format(metric=metric(one.load))
        yield Drawn(title, _told(title, one.trend), one.trend, (), until)


def charts(one: SubjectReview, review: Review) -> list[Chart]:
    """Those of which any day was measured."""
    return [
        Chart(found.title, found.words, plotted(found))
        for found in drawn(one, review)
        if any(point.value is not None for point in found.trend.points)
    ]


def levels(room: Headroom) -> tuple[Level, ...]:
    """As shares of the limit, since it is a share that is drawn."""
    mark = words.MARK_LINE.format(mark=figure(room.mark, room.unit).text)
    most = f"{words.LIMIT_LINE}, {figure(room.most, room.unit).text}"
    near = room.mark / room.most if room.most else FULL
    return Level(near, mark, "--degraded"), Level(FULL, most, "--failing")


def _told(title: str, trend: Trend) -> str:
    """For who can't see it."""
    grown = figure(trend.per_30_days, trend.unit, signed=True).text
    known = [p.value for p in trend.points if p.value is not None]
    if not known:
        return f"{title}: {words.NOT_MEASURED}."
    last = figure(known[-1], trend.unit).text
    way = words.WAYS[trend.way]
    return f"{title}: {words.LAST_DAY} {last}; {way}, {grown} {words.IN_30_DAYS}."


def plotted(found: Drawn) -> Json:
    """The figure."""
    points, unit = found.trend.points, found.trend.unit
    top = found.top
    shown = [one for one in found.levels if one.value <= top]
    above = [one for one in found.levels if one.value > top]
    return {
        "data": [*_band(points, unit), _middle(points, unit), _days(points, unit)],
        "layout": _layout(unit, top, points)
        | {
            "shapes": [*(_line(one, unit) for one in shown), _today(found.until)],
            "annotations": [
                # The mark's under its line: of a tall chart both lines are close.
                *(_label(one, unit, over=one is shown[-1]) for one in shown),
                *([_above(above)] if above else []),
            ],
        },
    }


def _values(point: Point) -> list[float]:
    told = (point.value, point.mid, point.high)
    return [value for value in told if value is not None]


def _scaled(value: float | None, unit: Unit) -> float | None:
    return None if value is None else value * SCALE.get(unit, 1.0)


def _band(points: Sequence[Point], unit: Unit) -> list[Json]:
    known = [p for p in points if p.low is not None and p.high is not None]
    x = [noon(p.day) for p in known]
    common = {
        "type": "scatter",
        "mode": "lines",
        "name": words.BAND,
        "x": x,
        "line": {"width": 0, "color": "--boundary"},
        "hoverinfo": "skip",
    }
    low = common | {"y": [_scaled(p.low, unit) for p in known]}
    high = common | {
        "y": [_scaled(p.high, unit) for p in known],
        "fill": "tonexty",
        "fillcolor": "--boundary",
    }
    return [low, high]


def _middle(points: Sequence[Point], unit: Unit) -> Json:
    known = [p for p in points if p.mid is not None]
    return _trace(
        known,
        [p.mid for p in known],
        unit,
        words.TREND_LINE,
        {"mode": "lines", "line": {"color": "--quiet", "width": 1.2}},
    )


def _days(points: Sequence[Point], unit: Unit) -> Json:
    known = [p for p in points if p.value is not None]
    marker = {"color": "--ok", "size": 5, "opacity": 1}
    return _trace(
        known,
        [p.value for p in known],
        unit,
        words.MEASURED_DAY,
        {
            "mode": "lines+markers",
            "marker": marker,
            "line": {"color": "--ok", "width": 1.5},
        },
    )


def _trace(
    points: Sequence[Point],
    values: Sequence[float | None],
    unit: Unit,
    name: str,
    look: Json,
) -> Json:
    said = [
        f"{p.day}: {figure(v, unit).text}" for p, v in zip(points, values, strict=True)
    ]
    return {
        "type": "scatter",
        "name": name,
        "x": [noon(p.day) for p in points],
        "y": [_scaled(value, unit) for value in values],
        "customdata": said,
        "hovertemplate": f"%{{customdata}}<extra>{name}</extra>",
    } | look


def noon(day: date) -> int:
    return int(datetime.combine(day, time(12), UTC).timestamp() * 1000)


def _line(one: Level, unit: Unit) -> Json:
    y = _scaled(one.value, unit)
    return {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": y,
        "y1": y, "layer": "above",
        "line": {"color": one.tone, "width": 2, "dash": "dash"},
    }  # fmt: skip


def _today(day: date) -> Json:
    return {
        "type": "line", "xref": "x", "x0": noon(day), "x1": noon(day), "yref": "paper",
        "y0": 0, "y1": 1, "layer": "below",
        "line": {"color": "--edge", "width": 1, "dash": "dot"},
    }  # fmt: skip


def _text(text: str) -> Json:
    return {
        "text": text, "showarrow": False, "font": {"color": "--ink", "size": 12},
        "bgcolor": "--ground", "opacity": 0.9, "borderpad": 1, "xref": "paper",
        "x": 0.005, "xanchor": "left",
    }  # fmt: skip


def _label(one: Level, unit: Unit, *, over: bool) -> Json:
    anchor = "bottom" if over else "top"
    at = {"y": _scaled(one.value, unit), "yref": "y", "yanchor": anchor}
    return _text(one.text) | at


def _above(levels: Sequence[Level]) -> Json:
    told = ", ".join(one.text for one in levels)
    return _text(f"↑ {told}") | {"yref": "paper", "y": 1, "yanchor": "bottom"}


def _layout(unit: Unit, top: float, points: Sequence[Point]) -> Json:
    days = [point.day for point in points]
    suffix = unit.value if unit is Unit.SHARE else ""
    return frame(
        {"t": 22, "b": 30},
        {
            "range": [noon(days[0]), noon(days[-1])] if days else [0, 1],
            "tickformat": "%-d %b",
            "hoverformat": "%Y-%m-%d",
        },
        {
            "range": [0, _scaled(top, unit)],
            "nticks": 5,
            "ticksuffix": suffix,
            "title": {"text": "" if suffix else unit.value, "font": {"size": 12}},
        },
    ) | {"showlegend": False}
