"""The capacity review: from what history kept, and the picture of the moment, to what
is shown. Loads pandas and statsmodels: for the route, not for the server's start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd

from app.domain import capacity_hours as hours
from app.domain.capacity import (
    Break,
    Excluded,
    Headroom,
    Review,
    SubjectReview,
    WhatIf,
    urgency,
)
from app.domain.capacity_digest import Digest, digests, heat, measure
from app.domain.capacity_figures import figure
from app.domain.capacity_forecast import Series, forecasts
from app.domain.capacity_hours import Grid, Mask
from app.domain.capacity_lens import lens
from app.domain.capacity_limits import ASKED, KINDS, Limit, limits_of
from app.domain.capacity_losses import losses
from app.domain.capacity_terms import (
    FULL,
    Choices,
    Measure,
    Role,
    Shown,
    Unit,
)
from app.domain.capacity_trend import days_until, trend_of
from app.domain.limits import Limits
from app.domain.rollups import Answer, Ask
from app.domain.subject import Subject
from app.domain.topology import Topology

Json = Mapping[str, Any]
CAUTIONS: Final = (
    "A trend knows no season of the year, no campaign and no release: it tells what is "
    "if all goes on as before.",
    "Limits are taken as they are now, and pods and hosts as in the picture.",
    "Quantiles are read from buckets; what is off is told with each.",
)
ASSUMES: Final = (
    "All agents come at once and are like those that are there.",
    "Users, connections, CPU, saturation and replicas grow as agents do, idle parts "
    "included: that is rather too much than too little.",
    "Pods and limits stay as they are now.",
)


@dataclass(frozen=True, slots=True, eq=False)
class _Subject:
    """A digest, the picture's item of it, its limits, and its series by metric."""

    digest: Digest
    node: Json | None
    limits: Sequence[Limit]
    series: Mapping[str, Series]


def ask(choices: Choices) -> Ask:
    """What history is asked for a review."""
    step = hours.step_of(choices)
    return Ask(choices.begin, choices.end, step, metrics=ASKED)


def review(
    deployment: str,
    answer: Answer,
    picture: Json | None,
    topology: Topology,
    limits: Limits,
    choices: Choices,
    zones: Mapping[str, str] | None = None,
) -> Review:
    """`answer`: to `ask(choices)`. `picture`: the newest one made by `choices.end`, as
    in `app.domain.wire`; `None`: there is none, and limits are those last kept.
    `zones`: of cluster nodes, by name, where they are known."""
    grid = hours.grid_of(choices)
    every = _subjects(grid, answer, picture, topology, limits, choices)
    reviewed = [_reviewed(grid, answer, one, choices, zones or {}) for one in every]
    return Review(
        deployment=deployment,
        choices=choices,
        step_s=grid.step_s,
        since=answer.since,
        whole=answer.whole,
        at=None if picture is None else datetime.fromisoformat(picture["at"]),
        business_hours=hours.told(choices.calendar),
        subjects=tuple(reviewed),
        what_if=_what_if(every, reviewed, choices.growth),
        lens=lens(topology, reviewed),
        cautions=CAUTIONS,
    )


def _subjects(
    grid: Grid,
    answer: Answer,
    picture: Json | None,
    topology: Topology,
    limits: Limits,
    choices: Choices,
) -> list[_Subject]:
    nodes = {item["id"]: item for item in (picture or {}).get("nodes", ())}
    found = []
    for digest in digests(grid, answer, topology, choices):
        node = nodes.get(digest.subject)
        own = limits_of(answer.columns, node, digest.subject, limits)
        own = [limit for limit in own if limit.metric in digest.spreads]
        found.append(_Subject(digest, node, own, {}))
    series = _forecasts(grid, found, choices)
    return [
        replace(one, series={m: series[one.digest.subject, m] for m in _tracked(one)})
        for one in found
    ]


def _tracked(one: _Subject) -> list[str]:
    """The metrics of which a trend is told: the load, and what has a limit."""
    load = one.digest.roles.get(Role.LOAD)
    names = [load] if load else []
    return list(dict.fromkeys([*names, *(limit.metric for limit in one.limits)]))


def _forecasts(
    grid: Grid, subjects: Sequence[_Subject], choices: Choices
) -> dict[tuple[Subject, str], Series]:
    """Of the p95 of each day in business hours."""
    columns = {
        (one.digest.subject, metric): one.digest.daily(metric, len(grid.days))
        for one in subjects
        for metric in _tracked(one)
    }
    if not columns:
        return {}
    table = pd.DataFrame(columns, index=pd.Index(grid.days))
    every = forecasts(table, grid.weekdays, drop=choices.outliers is Shown.OUT)
    return dict(zip(columns, every, strict=True))


def _reviewed(
    grid: Grid,
    answer: Answer,
    one: _Subject,
    choices: Choices,
    zones: Mapping[str, str],
) -> SubjectReview:
    digest, load = one.digest, one.digest.roles.get(Role.LOAD)
    series = one.series[load] if load else None
    rooms = sorted(_rooms(grid, one, choices), key=lambda pair: urgency(pair[0]))
    trend = None
    if load and series:
        unit = KINDS[load].unit
        trend = trend_of(series, grid.days, digest.open_days, load, unit)
    left_out = series.left_out if series else np.zeros(len(grid.days), dtype=bool)
    return SubjectReview(
        subject=digest.subject,
        label=digest.label,
        load=load,
        measures=tuple(_measures(grid, one, choices, [room for room, _ in rooms])),
        heat=heat(grid, answer, digest, load, series.values)
        if load and series
        else None,
        trend=trend,
        headrooms=tuple(room for room, _ in rooms),
        losses=losses(one.node, rooms, zones),
        excluded=Excluded(
            failing_s=digest.failing_s,
            steps=digest.failing_steps,
            days=tuple(grid.days[n] for n in np.flatnonzero(left_out)),
            outages=choices.outages,
            outliers=choices.outliers,
        ),
        coverage=digest.coverage,
    )


def _counted(one: _Subject, metric: str, days: int, choices: Choices) -> Mask:
    """The days of a metric that count: outliers are of load, and of what fills up."""
    series = one.series.get(metric)
    if series is None or choices.outliers is Shown.IN:
        return np.ones(days, dtype=bool)
    return ~series.left_out


def _measures(
    grid: Grid, one: _Subject, choices: Choices, rooms: Sequence[Headroom]
) -> Iterator[Measure]:
    days = len(grid.days)
    for role, metric in one.digest.roles.items():
        if role is Role.SATURATION and KINDS[metric].unit is not Unit.SHARE:
            continue
        counted = _counted(one, metric, days, choices)
        yield measure(grid, one.digest, metric, counted)
    if rooms and isinstance(one.digest.subject, str):
        yield _as_share(grid, one, choices, rooms[0])


def _as_share(grid: Grid, one: _Subject, choices: Choices, room: Headroom) -> Measure:
    """How full a box is: what uses up its tightest limit, as a share of that."""
    metric = room.trend.metric
    counted = _counted(one, metric, len(grid.days), choices)
    found = measure(grid, one.digest, metric, counted)
    shares = {
        name: getattr(found, name) / room.most for name in ("p50", "p95", "p99", "peak")
    }
    return replace(found, role=Role.SATURATION, unit=Unit.SHARE, **shares)


def _rooms(
    grid: Grid, one: _Subject, choices: Choices
) -> Iterator[tuple[Headroom, bool]]:
    """Every limit with what is used of it, and whether it shrinks with the pods."""
    digest = one.digest
    for limit in one.limits:
        counted = _counted(one, limit.metric, len(grid.days), choices)
        found = measure(grid, digest, limit.metric, counted)
        series = one.series[limit.metric]
        room = Headroom(
            limit=limit.name,
            unit=limit.unit,
            most=limit.most,
            mark=limit.mark,
            used=found.p95,
            peak=found.peak,
            share=found.p95 / limit.most,
            source=limit.source,
            trend=trend_of(
                series,
                grid.days,
                digest.open_days,
                limit.metric,
                Unit.SHARE,
                1 / limit.most,
            ),
            until_near=days_until(series, limit.mark, found.p95),
            until_full=days_until(series, limit.most, found.p95),
        )
        yield room, limit.carried


def _what_if(
    every: Sequence[_Subject], reviewed: Sequence[SubjectReview], growth: float
) -> WhatIf:
    breaks: list[Break] = []
    fixed: list[tuple[Subject, str]] = []
    for one, told in zip(every, reviewed, strict=True):
        limits = {limit.name: limit for limit in one.limits}
        for room in told.headrooms:
            limit = limits[room.limit]
            if limit.agents:
                series = one.series[limit.metric]
                breaks.append(_break(told, room, series, 1 + growth))
            else:
                fixed.append((told.subject, room.limit))
    breaks.sort(key=lambda one: -one.share_then)
    more = f"{figure(growth, Unit.SHARE, signed=True).text} agents."
    return WhatIf(growth, tuple(breaks), tuple(fixed), (more, *ASSUMES))


def _break(told: SubjectReview, room: Headroom, series: Series, times: float) -> Break:
    """So many times the use reaches a mark when the use reaches the mark's share."""
    used = room.used
    return Break(
        subject=told.subject,
        label=told.label,
        limit=room.limit,
        share_now=room.share,
        share_then=room.share * times,
        near=used * times >= room.mark,
        full=room.share * times >= FULL,
        until_near=days_until(series, room.mark / times, used),
        until_full=days_until(series, room.most / times, used),
    )
