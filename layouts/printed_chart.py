"""Trends and weeks of a capacity review for paper: shapes in the light theme, in a
plane of `SIZE`, y downwards. What they draw is decided in `layouts.capacity_trend`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.capacity_figures import figure
from app.domain.capacity_terms import Heat, Point, Unit
from layouts import strings_capacity as words
from layouts.capacity_heat import busiest, shade
from layouts.capacity_trend import Drawn, Level
from layouts.printed_map import EDGE, INK, QUIET, TONES, Area, Label, Line, Shape

SIZE: Final = (1600, 310)
CHART_W: Final = 1010
LEFT: Final = 92
TOP: Final = 40
BOTTOM: Final = 280
WEEK_X: Final = 1100
CELL: Final = (19, 32)
BAND: Final = "#dbe3ec"
SHADE: Final = (
    "#f1f4f7", "#e3ecf6", "#c2d5ea", "#9bbadb", "#6f9aca", "#4a7bb5", "#274f86",
)  # fmt: skip
"""From nothing to the busiest: `capacity_heat.SHADES` and one."""
LINES: Final = {"--degraded": "#cc6d00", "--failing": "#662214"}
DAYS: Final = 7
TICKS: Final = 4
TEXT: Final = 15


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where a day and a value are drawn."""

    points: Sequence[Point]
    top: float

    def x(self, place: int) -> float:
        wide = CHART_W - LEFT
        return LEFT + wide * place / max(1, len(self.points) - 1)

    def y(self, value: float) -> float:
        share = min(1.0, max(0.0, value / self.top))
        return BOTTOM - (BOTTOM - TOP) * share


def trend(found: Drawn) -> Iterator[Shape]:
    """The measured days, the trend with its band, the limit and its mark."""
    plane = _Plane(found.trend.points, found.top)
    yield Label(found.title, 0, 20, 17, INK, bold=True, centred=False)
    yield from _axes(plane, found.trend.unit)
    yield from _band(plane)
    yield from _line(plane, "mid", QUIET, 1.2)
    yield from _line(plane, "value", TONES["ok"], 2.2)
    for level in found.levels:
        yield from _level(plane, level, over=level is found.levels[-1])


def week(heat: Heat, title: str) -> Iterator[Shape]:
    """Seven rows of twenty-four, darker where there is more."""
    yield Label(title, WEEK_X, 20, 17, INK, bold=True, centred=False)
    wide, high = CELL
    most = busiest(heat)
    for hour in range(0, 24, 3):
        x = WEEK_X + 40 + wide * hour
        yield Label(f"{hour:02}", x, TOP + 4, 13, QUIET, centred=False)
    for day, row in enumerate(heat.cells):
        y = TOP + 12 + high * day
        yield Label(words.WEEKDAYS[day], WEEK_X, y + 21, 14, QUIET, centred=False)
        for hour, value in enumerate(row):
            x = WEEK_X + 40 + wide * hour
            tone = None if value is None else SHADE[shade(value, most)]
            yield from _cell(x, y, tone)


def _cell(x: float, y: float, tone: str | None) -> Iterator[Shape]:
    """What was never measured is struck through, which no shade is."""
    wide, high = CELL[0] - 1.5, CELL[1] - 1.5
    right, low = x + wide, y + high
    if tone is None:
        yield Line(((x, low), (right, y)), EDGE, 1)
    else:
        yield Area(((x, y), (right, y), (right, low), (x, low)), tone)


def _axes(plane: _Plane, unit: Unit) -> Iterator[Shape]:
    for tick in range(TICKS + 1):
        value = plane.top * tick / TICKS
        y = plane.y(value)
        yield Line(((LEFT, y), (CHART_W, y)), "#e2e7ec" if tick else EDGE, 1)
        yield Label(figure(value, unit).text, 0, y + 5, 13, QUIET, centred=False)
    last = len(plane.points) - 1
    for part in range(DAYS):
        place = round(last * part / (DAYS - 1))
        if plane.points:
            day = f"{plane.points[place].day:%Y-%m-%d}"
            yield Label(day, plane.x(place), BOTTOM + 22, 13, QUIET)


def _band(plane: _Plane) -> Iterator[Shape]:
    low = [place for run in _runs(plane, "low") for place in run]
    high = [place for run in _runs(plane, "high") for place in run]
    if len(low) > 1 and len(high) > 1:
        yield Area((*low, *reversed(high)), BAND)


def _line(plane: _Plane, name: str, tone: str, width: float) -> Iterator[Shape]:
    """A day without a value ends it."""
    for run in _runs(plane, name):
        if len(run) > 1:
            yield Line(tuple(run), tone, width)
        else:
            ((x, y),) = run
            yield Line(((x - 1.5, y), (x + 1.5, y)), tone, width + 1)


def _runs(plane: _Plane, name: str) -> Iterator[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for place, point in enumerate(plane.points):
        value = getattr(point, name)
        if value is not None:
            run.append((plane.x(place), plane.y(value)))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _level(plane: _Plane, level: Level, *, over: bool) -> Iterator[Shape]:
    if level.value > plane.top:
        text = f"↑ {level.text}"
        yield Label(text, CHART_W - 330, TOP - 4, 13, INK, centred=False)
        return
    y = plane.y(level.value)
    yield Line(((LEFT, y), (CHART_W, y)), LINES[level.tone], 2, (10, 5))
    yield Label(level.text, LEFT + 8, y - 5 if over else y + 16, 13, INK, centred=False)
