"""How right the capacity review's forecasts are, and what a whole review costs.

Daily series are made up of growth, weeks, steps and noise; each is cut, what was before
is told on, and what is told is held against what came and against the day on which the
made-up growth truly reaches its limit. The same seeds give the same series.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pandas as pd

from app.domain.capacity_forecast import Series, forecasts
from app.domain.capacity_review import ask, review
from app.domain.capacity_terms import Choices, Left
from app.domain.capacity_trend import days_until
from app.domain.limits import DEFAULT
from app.domain.rollups import Floats
from app.domain.topology import standard
from benchmarks.forecast_history import Course, answer
from benchmarks.report import table

WEEK: Final = np.array([1.2, 1.1, 1.1, 1.0, 1.0, 0.4, 0.2])
AHEAD: Final = 14
LIMIT: Final = 1.5
"""Of the busiest weekday's level when history ends."""
END: Final = datetime(2026, 11, 27, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """A kind of series. `growth`: over all days known, as a share of the level at their
    end; `alike`: how much the noise of a day resembles that of the day before; `step`:
    how many days before the end the level rises by half."""

    name: str
    growth: float = 0.0
    noise: float = 0.03
    alike: float = 0.0
    weekly: bool = True
    step: int | None = None
    gaps: float = 0.0


KINDS: Final = (
    Made("flat", weekly=False),
    Made("flat, loud noise", noise=0.10, weekly=False),
    Made("flat, with weeks"),
    Made("flat, days like those before", alike=0.5),
    Made("grown by a tenth, with weeks", growth=0.1),
    Made("grown by a quarter", growth=0.25, weekly=False),
    Made("grown by a quarter, with weeks", growth=0.25),
    Made("the same, a fifth of the days missing", growth=0.25, gaps=0.2),
    Made("grown by half, with weeks", growth=0.5),
    Made("step by half 25 days ago, then flat", step=25),
    Made("fallen by a quarter, with weeks", growth=-0.25),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`errors`: what was off in the days that came, as a share of them: of the method,
    and of the same weekday a week before. `tested`: the method's own back-test error.
    `dated`: the share of series that got a day. `held`: of those, how many ranges held
    the true day; `off`: the median of days by which the likely one was off."""

    kind: str
    days: int
    errors: tuple[float, float]
    tested: float
    covered: float
    dated: float
    stepped: float
    held: float | None
    off: float | None


@dataclass(frozen=True, slots=True)
class ReviewCost:
    days: int
    step_s: int
    subjects: int
    cpu_s: tuple[float, ...]


def measure_forecasts(series: int) -> list[Outcome]:
    """So many series of each kind and length."""
    return [_outcome(kind, days, series) for kind in KINDS for days in (30, 90, 365)]


def _outcome(kind: Made, days: int, many: int) -> Outcome:
    whole = _series(kind, days + AHEAD, many)
    past, came = whole[:days], whole[days:]
    weekday = np.arange(days) % 7
    told = forecasts(pd.DataFrame(past), weekday, drop=True)
    naive = pd.DataFrame(past[-14:]).ffill().to_numpy()[-7:][np.arange(AHEAD) % 7]
    pairs = [(_ahead(one, days), came[:, n]) for n, one in enumerate(told) if one.told]
    tests = [one.back_test for one in told if one.back_test]
    level = WEEK.max() if kind.weekly else 1.0
    lefts = [days_until(one, LIMIT * level, 0.0) for one in told]
    dated = [left for left in lefts if left.left is Left.RANGE]
    true = _true_day(kind, days, LIMIT * level)
    likely = [abs(left.likely - true) for left in dated if left.likely and true]
    held = [
        (left.earliest or 0) <= true <= (left.latest or np.inf)
        for left in dated
        if true is not None
    ]
    return Outcome(
        kind=kind.name,
        days=days,
        errors=(
            _error(pairs),
            _error([(naive[:, n], came[:, n]) for n in range(many)]),
        ),
        tested=float(np.mean([test.error for test in tests])) if tests else np.nan,
        covered=float(np.mean([test.covered for test in tests])) if tests else np.nan,
        dated=len(dated) / many,
        stepped=sum(bool(one.shifts) for one in told) / many,
        held=float(np.mean(held)) if held else None,
        off=float(np.median(likely)) if likely else None,
    )


def _true_day(kind: Made, days: int, mark: float) -> int | None:
    """The first day ahead on which what is made up, without its noise, is at the mark;
    `None`: never, or not within a year."""
    ahead = np.arange(1, 366)
    shape = WEEK[(days - 1 + ahead) % 7] if kind.weekly else np.ones(len(ahead))
    reached = np.flatnonzero((1 + kind.growth / days * ahead) * shape >= mark)
    return int(ahead[reached[0]]) if len(reached) else None


def _series(kind: Made, days: int, many: int) -> Floats:
    draw = np.random.default_rng(7)
    noise = draw.standard_normal((days, many))
    for day in range(1, days):
        fresh = np.sqrt(1 - kind.alike**2) * noise[day]
        noise[day] = kind.alike * noise[day - 1] + fresh
    place = np.arange(days) - (days - AHEAD - 1)
    level = 1 + kind.growth / (days - AHEAD) * place
    if kind.step is not None:
        level = np.where(place >= -kind.step, level, level / 1.5)
    shape = WEEK[np.arange(days) % 7] if kind.weekly else np.ones(days)
    values = (level * shape)[:, None] * (1 + kind.noise * noise)
    values[:-AHEAD][draw.random((days - AHEAD, many)) < kind.gaps] = np.nan
    return np.asarray(np.maximum(values, 0.0))


def _ahead(one: Series, days: int) -> Floats:
    assert one.told is not None
    begin = days - one.since
    return one.told.mid[begin : begin + AHEAD]


def _error(pairs: Sequence[tuple[Floats, Floats]]) -> float:
    off = [np.nanmean(np.abs(told - came)) / np.mean(came) for told, came in pairs]
    return float(np.mean(off)) if off else np.nan


def measure_reviews(times: int) -> list[ReviewCost]:
    """Of the standard picture, every subject with all that is measured of its kind."""
    topology, found = standard(), []
    for days in (30, 365):
        chosen = Choices(END - timedelta(days=days), END)
        asked = ask(chosen)
        told = answer(asked, topology, Course())
        took = []
        for _ in range(times):
            began = time.process_time()
            made = review("demo", told, None, topology, DEFAULT, chosen)
            took.append(time.process_time() - began)
        cost = ReviewCost(days, asked.step_s, len(made.subjects), tuple(took))
        found.append(cost)
    return found


def forecast_table(outcomes: Sequence[Outcome], costs: Sequence[ReviewCost]) -> str:
    first = table(
        ("made up of", "days known", f"off in the next {AHEAD} days", "week before off",
         "its own back-test", "days in its band", "steps told", "given a day",
         "range holds the true day", "likely day off"),
        [
            (one.kind, one.days, *map(_percent, one.errors), _percent(one.tested),
             _percent(one.covered), _percent(one.stepped), _percent(one.dated),
             _percent(one.held), "–" if one.off is None else f"{one.off:.0f} days")
            for one in outcomes
        ],
    )  # fmt: skip
    second = table(
        ("review of", "steps", "subjects", "processor time, median", "worst"),
        [
            (f"{one.days} days", f"{one.step_s // 60} min", one.subjects,
             f"{np.median(one.cpu_s):.2f} s", f"{max(one.cpu_s):.2f} s")
            for one in costs
        ],
    )  # fmt: skip
    return f"{first}\n\n{second}"


def _percent(share: float | None) -> str:
    return "–" if share is None or np.isnan(share) else f"{share:.1%}"
