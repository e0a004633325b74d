"""One subject's history, in days: what was measured of it in business hours, and what
was left out because it was failing then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.domain.capacity_hours import Grid, Mask, business, spans_about
from app.domain.capacity_limits import KINDS, measured, subjects_of
from app.domain.capacity_steps import Spread, spread, weekly
from app.domain.capacity_terms import Choices, Heat, Measure, Role, Shown
from app.domain.expected import Span
from app.domain.rollups import Answer, Floats, Ints
from app.domain.status import Status
from app.domain.subject import Subject
from app.domain.topology import Topology

FAILING: Final = list(Status).index(Status.FAILING)
SHARES: Final = (0.50, 0.95, 0.99)


@dataclass(frozen=True, slots=True, eq=False)
class Digest:
    """`roles`: the metric that tells each role. `counts`: the steps outside of outages,
    at any hour. `open_days`: those that have business hours."""

    subject: Subject
    label: str
    roles: Mapping[Role, str]
    spreads: Mapping[str, Spread]
    counts: Mask
    open_days: Mask
    failing_s: float
    failing_steps: int
    coverage: float

    def daily(self, metric: str, days: int) -> Floats:
        """The p95 of every day, NaN where there is none."""
        found = self.spreads.get(metric)
        return np.full(days, np.nan) if found is None else found.daily()


def digests(
    grid: Grid, answer: Answer, topology: Topology, choices: Choices
) -> Iterator[Digest]:
    """Of every connection, then every box."""
    calendar = choices.calendar
    open_for: dict[tuple[Span, ...], tuple[Mask, Ints]] = {}
    for subject, label in subjects_of(topology):
        spans = spans_about(calendar, subject)
        if spans not in open_for:
            hours = business(grid, calendar, spans)
            wanted = np.bincount(grid.day[hours], minlength=len(grid.days))
            open_for[spans] = hours, wanted
        yield _digest(grid, answer, subject, label, choices, *open_for[spans])


def _digest(
    grid: Grid,
    answer: Answer,
    subject: Subject,
    label: str,
    choices: Choices,
    hours: Mask,
    wanted: Ints,
) -> Digest:
    failing = _failing(grid, answer, subject)
    out = choices.outages is Shown.OUT
    counts = failing == 0 if out else np.ones(len(failing), dtype=bool)
    spreads = {}
    for name in KINDS:
        if column := answer.columns.get((subject, name)):
            if found := spread(grid, column, counts & hours, wanted):
                spreads[name] = found
    columns = {(subject, name): answer.columns[subject, name] for name in spreads}
    told = ((role, measured(columns, subject, role)) for role in Role)
    inside = failing[hours]
    return Digest(
        subject=subject,
        label=label,
        roles={role: name for role, name in told if name},
        spreads=spreads,
        counts=counts,
        open_days=wanted > 0,
        failing_s=float(inside.sum()),
        failing_steps=int((inside > 0).sum()),
        coverage=_coverage(grid, answer, subject, hours),
    )


def _failing(grid: Grid, answer: Answer, subject: Subject) -> Floats:
    """By step: seconds in which it was failing."""
    seconds = np.zeros(len(grid.day))
    if statuses := answer.statuses.get(subject):
        places = grid.places(statuses.at)
        inside = (places >= 0) & (places < len(seconds))
        seconds[places[inside]] = statuses.seconds[inside, FAILING]
    return seconds


def _coverage(grid: Grid, answer: Answer, subject: Subject, hours: Mask) -> float:
    seen = np.zeros(len(hours), dtype=bool)
    for name in KINDS:
        if column := answer.columns.get((subject, name)):
            places = grid.places(column.at)
            seen[places[(places >= 0) & (places < len(seen))]] = True
    return float((seen & hours).sum() / max(1, hours.sum()))


def measure(grid: Grid, digest: Digest, metric: str, days: Mask) -> Measure:
    """Over these days, on one of which there is a value: no series is all outliers."""
    found = digest.spreads[metric]
    kind = KINDS[metric]
    p50, p95, p99 = found.quantiles(days, SHARES)
    peak, place = found.peak(days, grid.day)
    at = grid.moment(place)
    return Measure(metric, kind.role, kind.unit, p50, p95, p99, peak, at, found.within)


def heat(grid: Grid, answer: Answer, digest: Digest, load: str, values: Floats) -> Heat:
    """`load`: the metric; `values`: the p95 of every day that counts."""
    column = answer.columns[digest.subject, load]
    means = weekly(grid, column, digest.counts)
    hour = divmod(int(np.nanargmax(means)), 24)
    cells = tuple(
        tuple(None if np.isnan(one) else float(one) for one in row)
        for row in means.reshape(7, 24)
    )
    weekday, day = _busiest(grid, values)
    return Heat(
        KINDS[load].unit, cells, hour, weekday, None if day is None else grid.days[day]
    )


def _busiest(grid: Grid, values: Floats) -> tuple[int | None, int | None]:
    known = ~np.isnan(values)
    if not known.any():
        return None, None
    weekdays = grid.weekdays[known]
    total = np.bincount(weekdays, weights=values[known], minlength=7)
    many = np.bincount(weekdays, minlength=7)
    means = np.divide(total, many, out=np.full(7, -np.inf), where=many > 0)
    return int(means.argmax()), int(np.nanargmax(values))
