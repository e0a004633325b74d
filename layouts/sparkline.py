"""A number's last hour as a small line, from zero up, and the same in words.

One unit to the right is one step; gaps in what was measured are gaps in the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import fmean
from typing import Final

from app.domain.hour import SPAN_S, STEP_S, Point, Series, step_of
from layouts import figures
from layouts.components import Spark
from layouts.strings import METRICS, SOURCES

WIDTH: Final = SPAN_S // STEP_S
HEIGHT: Final = 20
HEADROOM: Final = 1.1
TOLD_FROM: Final = 8
"""Fewer points than these have no trend."""
MOVED: Final = 0.15
"""What of the larger third is a move."""

Run = list[Point]


def sparkline(name: str, points: Sequence[Point], now: datetime) -> Spark | None:
    """`None` when nothing was measured: nothing is drawn then."""
    if not points:
        return None
    last = step_of(now.timestamp())
    recent = [p for p in points if last - SPAN_S <= p.at <= last]
    if not recent:
        return None
    top = _top(name, [point.value for point in recent])
    runs = [_plotted(run, last, top) for run in _runs(recent)]
    x, y = runs[-1][-1]
    return Spark(
        line="".join(_line(run) for run in runs),
        area="".join(_area(run) for run in runs),
        newest=f"M{x:g} {y:g}h0",
        box=f"0 -3 {WIDTH} {HEIGHT + 3}",
        label=words(name, recent),
    )


def words(name: str, points: Sequence[Point]) -> str:
    """`Requests: 10/s to 12/s within 40 min, rising, with gaps; last 12/s`."""
    values = [point.value for point in points]
    low, high = (figures.metric(name, one) for one in (min(values), max(values)))
    span_s = points[-1].at - points[0].at + STEP_S
    range_ = low if low == high else f"{low} to {high}"
    gaps = ", with gaps" if len(_runs(points)) > 1 else ""
    told = f"{METRICS[name][0]}: {range_} within {figures.duration(span_s)}"
    return f"{told}{_trend(values)}{gaps}; last {figures.metric(name, values[-1])}"


def span(series: Series, now: datetime) -> str:
    """What the lines stand for, from when on anything is known, and what of it somebody
    else told afterwards."""
    first = min(points[0].at for points in series.values() if points)
    known = ""
    if now.timestamp() - first < SPAN_S - 2 * STEP_S:
        known = f" Known since {_clock(first)}."
    return f"Lines: the last hour, from zero up.{known}{_afterwards(series)}"


def _afterwards(series: Series) -> str:
    told = [point for points in series.values() for point in points if point.by]
    if not told:
        return ""
    who = ", ".join(sorted({SOURCES.get(point.by, point.by) for point in told}))
    begin, end = (_clock(pick(p.at for p in told)) for pick in (min, max))
    return f" Filled in from {who} between {begin} and {end}."


def _clock(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%H:%M} UTC"


def _trend(values: Sequence[float]) -> str:
    """By the first and the last third."""
    if len(values) < TOLD_FROM:
        return ""
    third = len(values) // 3
    before, after = fmean(values[:third]), fmean(values[-third:])
    if abs(after - before) <= MOVED * max(before, after):
        return ", steady"
    return ", rising" if after > before else ", falling"


def _top(name: str, values: Sequence[float]) -> float:
    """What the upper edge stands for; of what can be full, being full."""
    highest = max(values) * HEADROOM or 1.0
    return max(1.0, highest) if name == "saturation" else highest


def _runs(points: Sequence[Point]) -> list[Run]:
    """Points without a gap between them."""
    runs: list[Run] = []
    for point in points:
        if runs and point.at - runs[-1][-1].at <= STEP_S:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _plotted(run: Run, last: int, top: float) -> list[tuple[float, float]]:
    return [
        (WIDTH - (last - p.at) / STEP_S, round(HEIGHT * (1 - p.value / top), 1))
        for p in run
    ]


def _line(run: Sequence[tuple[float, float]]) -> str:
    """A point that stands alone is a dot."""
    (x, y), *rest = run
    return f"M{x:g} {y:g}" + ("".join(f"L{x:g} {y:g}" for x, y in rest) or "h0")


def _area(run: Sequence[tuple[float, float]]) -> str:
    edge = "".join(f"L{x:g} {y:g}" for x, y in run)
    return f"M{run[0][0]:g} {HEIGHT}{edge}L{run[-1][0]:g} {HEIGHT}Z"
