"""What stands in a single cell of a capacity table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from app.domain.capacity import Loss, Lost
from app.domain.capacity_figures import MISSING, Figure, figure
from app.domain.capacity_terms import Heat, Measure, Trend, Unit
from app.domain.subject import Subject
from layouts import strings_capacity as words

Cell = Figure | str


def name(subject: Subject, label: str) -> str:
    """A connection is known by its number everywhere."""
    return f"{subject} {label}" if isinstance(subject, int) else label


def metric(of: str | None) -> str:
    """What is measured, in words."""
    return words.NOT_MEASURED if of is None else words.METRICS.get(of, of)


def limit_of(limit: str) -> str:
    return words.LIMITS.get(limit, limit)


def moment(at: datetime, zone: tzinfo) -> str:
    """To the minute, on the clocks of the calendar: it is about working hours."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def quantiles(measure: Measure | None) -> tuple[Cell, ...]:
    """p50, p95, p99 and the peak."""
    if measure is None:
        return (MISSING,) * 4
    told = (measure.p50, measure.p95, measure.p99, measure.peak)
    return tuple(figure(value, measure.unit) for value in told)


def busiest(heat: Heat | None) -> tuple[str, str, str]:
    """The hour of the week, the weekday and the date."""
    if heat is None:
        return (MISSING,) * 3
    hour, day = heat.hour, heat.weekday
    return (
        MISSING if hour is None else f"{words.WEEKDAYS[hour[0]]} {hour[1]:02}:00",
        MISSING if day is None else words.WEEKDAYS[day],
        MISSING if heat.day is None else heat.day.isoformat(),
    )


def growth(trend: Trend | None) -> Cell:
    """In 30 days."""
    if trend is None or trend.per_30_days is None:
        return MISSING
    return figure(trend.per_30_days, trend.unit, signed=True)


def holds(found: bool | None) -> str:
    return words.CAN_NOT_TELL if found is None else words.YES if found else words.NO


def by_kind(losses: Iterable[Loss]) -> tuple[str, str, str]:
    """If a pod, a host, a zone is lost, in a word or two each."""
    found = {one.lost: one for one in losses}
    return tuple(_lost(found.get(kind)) for kind in Lost)  # type: ignore[return-value]


def _lost(one: Loss | None) -> str:
    if one is None:
        return MISSING
    if one.share is None:
        return holds(one.holds)
    return f"{holds(one.holds)}, {figure(one.share, Unit.SHARE).text}"
