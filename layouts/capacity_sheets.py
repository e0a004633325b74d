"""The numbers of a capacity review as tables: what the page, the PDF, the workbook and
the CSV show. Each only sets them; what stands in a cell is decided here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from typing import Final

from app.domain.capacity import Break, Headroom, Review, SubjectReview
from app.domain.capacity_figures import MISSING, Figure, days_left, figure
from app.domain.capacity_terms import Role, Trend, Unit
from app.domain.subject import Subject
from layouts import strings_capacity as words
from layouts.capacity_cells import (
    busiest,
    by_kind,
    growth,
    holds,
    limit_of,
    metric,
    moment,
    name,
    quantiles,
)

Cell = Figure | str
LIMITS_SHOWN: Final = (0, 1, 2, 3, 4, 5, 6, 7, 11, 15, 16)
"""Of a limit's columns: days left in words alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """`about`: the name of the subject, the first cell."""

    subject: Subject
    about: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`head`: a title for each cell of a row, `about` not counted."""

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]


def sheets(review: Review) -> tuple[Sheet, ...]:
    """All of them; what is long, each day and each hour, stands at the end."""
    return (
        *short_sheets(review),
        _of("hours", review, _hours),
        _of("days", review, _days),
    )


def short_sheets(review: Review) -> tuple[Sheet, ...]:
    """Those that can be printed."""
    zone = review.choices.calendar.zone
    return (
        _of("summary", review, lambda one: iter([summary(one, zone)])),
        _of("measures", review, lambda one: measures(one, zone)),
        _of("limits", review, limits),
        _of("losses", review, losses),
        what_if(review),
        _of("trends", review, trends),
        _of("left_out", review, left_out),
    )  # fmt: skip


def picked(sheet: Sheet, columns: Sequence[int]) -> Sheet:
    """With these of its columns alone."""
    rows = (
        Row(row.subject, row.about, tuple(row.cells[at] for at in columns))
        for row in sheet.rows
    )
    head = tuple(sheet.head[at] for at in columns)
    return Sheet(sheet.key, sheet.title, head, tuple(rows))


def _of(
    key: str,
    review: Review,
    found: Callable[[SubjectReview], Iterator[tuple[Cell, ...]]],
) -> Sheet:
    title, head = words.SHEETS[key]
    rows = tuple(
        Row(one.subject, name(one.subject, one.label), cells)
        for one in review.subjects
        for cells in found(one)
    )
    return Sheet(key, title, head, rows)


def summary(one: SubjectReview, zone: tzinfo) -> tuple[Cell, ...]:
    """All that matters of one subject, in one line."""
    load = one.measure(Role.LOAD)
    others = [one.measure(r) for r in (Role.LATENCY, Role.ERRORS, Role.SATURATION)]
    return (
        metric(one.load),
        *quantiles(load),
        moment(load.peak_at, zone) if load else MISSING,
        *(figure(m.p95, m.unit) if m else MISSING for m in others),
        *busiest(one.heat),
        growth(one.trend),
        *_tightest(one.tightest),
        *by_kind(one.losses),
        figure(one.coverage, Unit.SHARE),
    )


def _tightest(room: Headroom | None) -> tuple[Cell, ...]:
    if room is None:
        return (words.NO_LIMIT, *[MISSING] * 6)
    return (
        limit_of(room.limit),
        figure(room.used, room.unit),
        figure(room.most, room.unit),
        figure(room.share, Unit.SHARE),
        figure(room.free, Unit.SHARE),
        days_left(room.until_near),
        days_left(room.until_full),
    )


def measures(one: SubjectReview, zone: tzinfo) -> Iterator[tuple[Cell, ...]]:
    for found in one.measures:
        exact = found.within
        yield (
            metric(found.metric),
            *quantiles(found),
            moment(found.peak_at, zone),
            words.OF_MEANS if exact is None else figure(exact, Unit.SHARE),
        )


def limits(one: SubjectReview) -> Iterator[tuple[Cell, ...]]:
    for room in one.headrooms:
        told = (room.used, room.peak, room.mark, room.most)
        yield (
            limit_of(room.limit),
            *(figure(value, room.unit) for value in told),
            figure(room.share, Unit.SHARE),
            figure(room.free, Unit.SHARE),
            growth(room.trend),
            *_left(room),
            room.source,
        )


def _left(room: Headroom) -> Iterator[Cell]:
    """Of both marks: the range as numbers, and in words."""
    for left in (room.until_near, room.until_full):
        for days in (left.earliest, left.likely, left.latest):
            yield figure(None if days is None else float(days), Unit.DAYS)
        yield days_left(left)


def losses(one: SubjectReview) -> Iterator[tuple[Cell, ...]]:
    for found in one.losses:
        yield (
            words.LOST[found.lost],
            found.name or MISSING,
            figure(float(found.pods), Unit.PODS),
            figure(None if found.left is None else float(found.left), Unit.PODS),
            MISSING if found.limit is None else limit_of(found.limit),
            figure(found.share, Unit.SHARE),
            holds(found.holds),
            found.why,
        )


def what_if(review: Review) -> Sheet:
    title, head = words.SHEETS["what_if"]
    rows = tuple(
        Row(one.subject, name(one.subject, one.label), _break(one))
        for one in review.what_if.breaks
    )
    return Sheet("what_if", title, head, rows)


def _break(one: Break) -> tuple[Cell, ...]:
    verdict = words.BREAKS_FULL if one.full else words.BREAKS_NEAR if one.near else ""
    return (
        limit_of(one.limit),
        figure(one.share_now, Unit.SHARE),
        figure(one.share_then, Unit.SHARE),
        verdict or words.HOLDS,
        days_left(one.until_near),
        days_left(one.until_full),
    )


def told_trends(one: SubjectReview) -> Iterator[tuple[str, Trend]]:
    """Of the load, and of the share used of each limit."""
    if one.trend is not None:
        yield words.LOAD, one.trend
    for room in one.headrooms:
        yield limit_of(room.limit), room.trend


def trends(one: SubjectReview) -> Iterator[tuple[Cell, ...]]:
    for what, trend in told_trends(one):
        band = (trend.per_30_days, trend.per_30_days_low, trend.per_30_days_high)
        days = (trend.used, trend.missing, trend.left_out)
        yield (
            what,
            words.WAYS[trend.way],
            *(figure(value, trend.unit, signed=True) for value in band),
            MISSING if trend.since is None else trend.since.isoformat(),
            *(figure(float(count), Unit.DAYS) for count in days),
            *_tested(trend),
            trend.method,
        )


def _tested(trend: Trend) -> tuple[Cell, ...]:
    test = trend.back_test
    if test is None:
        return (MISSING,) * 3
    told = (test.error, test.naive, test.covered)
    return tuple(figure(value, Unit.SHARE) for value in told)


def left_out(one: SubjectReview) -> Iterator[tuple[Cell, ...]]:
    found = one.excluded
    yield (
        figure(found.failing_s, Unit.SECONDS),
        f"{found.steps}",
        words.COUNTS[found.outages],
        ", ".join(day.isoformat() for day in found.days) or MISSING,
        words.COUNTS[found.outliers],
    )


def _hours(one: SubjectReview) -> Iterator[tuple[Cell, ...]]:
    if one.heat is None:
        return
    for weekday, cells in zip(words.WEEKDAYS, one.heat.cells, strict=True):
        for hour, value in enumerate(cells):
            yield (weekday, f"{hour:02}:00", figure(value, one.heat.unit))


def _days(one: SubjectReview) -> Iterator[tuple[Cell, ...]]:
    """Of the trends that are drawn: of the load, and of what fills up first."""
    for what, trend in islice(told_trends(one), 2):
        for point in trend.points:
            told = (point.value, point.mid, point.low, point.high)
            if any(value is not None for value in told):
                yield (
                    what,
                    point.day.isoformat(),
                    *(figure(value, trend.unit) for value in told),
                )
