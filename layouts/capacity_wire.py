"""A capacity review as JSON: what `/api/v1/deployments/<id>/capacity` tells.

Numbers are rounded as on the page, and in the units that they name.
"""

from __future__ import annotations

from typing import Any, Final

from app.domain.capacity import Break, Headroom, LensMark, Loss, Review, SubjectReview
from app.domain.capacity_figures import days_left, figure
from app.domain.capacity_terms import DaysLeft, Heat, Measure, Trend, Unit
from app.domain.instants import instant
from app.domain.subject import Subject
from layouts import capacity_words

Json = dict[str, Any]
QUANTILES: Final = ("p50", "p95", "p99", "peak")


def encode(review: Review, *, points: bool) -> Json:
    """`points`: with every day of each trend and every hour of the week."""
    chosen = review.choices
    return {
        "deployment": review.deployment,
        "from": instant(chosen.begin),
        "to": instant(chosen.end),
        "business_hours": review.business_hours,
        "outages": chosen.outages.value,
        "outliers": chosen.outliers.value,
        "step_s": review.step_s,
        "since": instant(review.since),
        "whole": review.whole,
        "cautions": list(review.cautions),
        "first": [_first(one) for one in capacity_words.fills_up(review)],
        "subjects": [_subject(one, points) for one in review.subjects],
        "what_if": {
            "growth": _number(review.what_if.growth, Unit.SHARE),
            "breaks": [_break(one) for one in review.what_if.breaks],
            "fixed": [
                _whose(who) | {"limit": limit} for who, limit in review.what_if.fixed
            ],
            "assumes": list(review.what_if.assumes),
        },
        "lens": [_mark(one) for one in review.lens.marks],
    }


def _whose(subject: Subject | None) -> Json:
    number = subject if isinstance(subject, int) else None
    return {"connection": number, "node": None if number is not None else subject}


def _number(value: float | None, unit: Unit) -> float | None:
    return figure(value, unit).number


def _first(one: SubjectReview) -> Json:
    when, used = capacity_words.filling(one)
    return _whose(one.subject) | {"label": one.label, "when": when, "used": used}


def _subject(one: SubjectReview, points: bool) -> Json:
    excluded = one.excluded
    return _whose(one.subject) | {
        "label": one.label,
        "load": one.load,
        "coverage": _number(one.coverage, Unit.SHARE),
        "measures": [_measure(found) for found in one.measures],
        "busiest": None if one.heat is None else _busiest(one.heat),
        "week": None if one.heat is None or not points else _week(one.heat),
        "trend": None if one.trend is None else _trend(one.trend, points),
        "limits": [_room(found, points) for found in one.headrooms],
        "losses": [_loss(found) for found in one.losses],
        "excluded": {
            "failing_s": _number(excluded.failing_s, Unit.SECONDS),
            "steps": excluded.steps,
            "days": [day.isoformat() for day in excluded.days],
        },
    }


def _measure(one: Measure) -> Json:
    told = {name: _number(getattr(one, name), one.unit) for name in QUANTILES}
    return {
        "metric": one.metric,
        "role": one.role.value,
        "unit": one.unit.value,
        **told,
        "peak_at": instant(one.peak_at),
        "within": _number(one.within, Unit.SHARE),
    }


def _busiest(heat: Heat) -> Json:
    return {
        "hour": list(heat.hour) if heat.hour else None,
        "weekday": heat.weekday,
        "day": heat.day.isoformat() if heat.day else None,
    }


def _week(heat: Heat) -> list[list[float | None]]:
    return [[_number(value, heat.unit) for value in row] for row in heat.cells]


def _room(one: Headroom, points: bool) -> Json:
    told = ("most", "mark", "used", "peak")
    return {
        "limit": one.limit,
        "unit": one.unit.value,
        **{name: _number(getattr(one, name), one.unit) for name in told},
        "share": _number(one.share, Unit.SHARE),
        "free": _number(one.free, Unit.SHARE),
        "source": one.source,
        "until_mark": _left(one.until_near),
        "until_limit": _left(one.until_full),
        "trend": _trend(one.trend, points),
    }


def _left(left: DaysLeft) -> Json:
    return {
        "left": left.left.value,
        "earliest": left.earliest,
        "likely": left.likely,
        "latest": left.latest,
        "text": days_left(left),
    }


def _trend(one: Trend, points: bool) -> Json:
    band = ("per_30_days", "per_30_days_low", "per_30_days_high")
    test = one.back_test
    tested = ("error", "naive", "covered")
    return {
        "metric": one.metric,
        "unit": one.unit.value,
        "way": one.way.value,
        **{name: _number(getattr(one, name), one.unit) for name in band},
        "since": one.since.isoformat() if one.since else None,
        "used": one.used,
        "missing": one.missing,
        "left_out": one.left_out,
        "back_test": None
        if test is None
        else {name: _number(getattr(test, name), Unit.SHARE) for name in tested}
        | {"origins": test.origins, "ahead_days": test.ahead_days},
        "method": one.method,
        "cautions": list(one.cautions),
        "points": _points(one) if points else None,
    }


def _points(one: Trend) -> list[list[Any]]:
    return [
        [
            point.day.isoformat(),
            *(
                _number(value, one.unit)
                for value in (point.value, point.mid, point.low, point.high)
            ),
        ]
        for point in one.points
    ]


def _loss(one: Loss) -> Json:
    return {
        "lost": one.lost.value,
        "name": one.name,
        "pods": one.pods,
        "left": one.left,
        "limit": one.limit,
        "share": _number(one.share, Unit.SHARE),
        "holds": one.holds,
        "why": one.why,
    }


def _break(one: Break) -> Json:
    return _whose(one.subject) | {
        "limit": one.limit,
        "share_now": _number(one.share_now, Unit.SHARE),
        "share_then": _number(one.share_then, Unit.SHARE),
        "beyond_mark": one.near,
        "beyond_limit": one.full,
        "until_mark": _left(one.until_near),
        "until_limit": _left(one.until_full),
    }


def _mark(one: LensMark) -> Json:
    return {
        "connection": one.number,
        "width": one.width,
        "fill": one.fill.value,
        "free": _number(one.free, Unit.SHARE),
        "label": one.label,
        "text": one.told,
    }
