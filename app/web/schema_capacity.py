"""The shape of a capacity review, for `/openapi.json`; a test holds the wire to it."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from app.domain.capacity import Fill, Lost
from app.domain.capacity_terms import Left, Role, Shown, Way
from app.web.schema_shape import Moment, Shape


class Whose(Shape):
    """A connection or a box."""

    connection: int | None
    node: str | None


class First(Whose):
    label: str
    when: str
    used: str


class Measure(Shape):
    metric: str
    role: Role
    unit: str
    p50: float
    p95: float
    p99: float
    peak: float
    peak_at: Moment
    within: float | None = Field(
        description="per cent by which the quantiles may be off; null: not known"
    )


class Busiest(Shape):
    hour: tuple[int, int] | None = Field(description="weekday (0: Monday) and hour")
    weekday: int | None
    day: date | None


class Left_(Shape):
    left: Left
    earliest: int | None
    likely: int | None
    latest: int | None
    text: str


class BackTest(Shape):
    error: float
    naive: float
    covered: float
    origins: int
    ahead_days: int


Point = tuple[date, float | None, float | None, float | None, float | None]


class Trend(Shape):
    metric: str
    unit: str
    way: Way
    per_30_days: float | None
    per_30_days_low: float | None
    per_30_days_high: float | None
    since: date | None
    used: int
    missing: int
    left_out: int
    back_test: BackTest | None
    method: str
    cautions: list[str]
    points: list[Point] | None = Field(
        description="day, measured p95, trend, and the band's edges; with `points`"
    )


class Limit(Shape):
    limit: str
    unit: str
    most: float
    mark: float
    used: float
    peak: float
    share: float
    free: float
    source: str
    until_mark: Left_
    until_limit: Left_
    trend: Trend


class Loss(Shape):
    lost: Lost
    name: str
    pods: int
    left: int | None
    limit: str | None
    share: float | None
    holds: bool | None
    why: str


class Excluded(Shape):
    failing_s: float
    steps: int
    days: list[date]


class ReviewedSubject(Whose):
    label: str
    load: str | None
    coverage: float
    measures: list[Measure]
    busiest: Busiest | None
    week: list[list[float | None]] | None = Field(
        description="mean load of each hour, Monday first; with `points`"
    )
    trend: Trend | None
    limits: list[Limit]
    losses: list[Loss]
    excluded: Excluded


class Break(Whose):
    limit: str
    share_now: float
    share_then: float
    beyond_mark: bool
    beyond_limit: bool
    until_mark: Left_
    until_limit: Left_


class Fixed(Whose):
    limit: str


class WhatIf(Shape):
    growth: float
    breaks: list[Break]
    fixed: list[Fixed]
    assumes: list[str]


class Mark(Shape):
    connection: int
    width: int
    fill: Fill
    free: float | None
    label: str
    text: str


class Capacity(Shape):
    """Shares are in per cent, memory in MiB: numbers are those of the page."""

    deployment: str
    from_: Moment = Field(alias="from")
    to: Moment
    business_hours: str
    outages: Shown
    outliers: Shown
    step_s: int
    since: Moment | None = Field(description="when history begins; null: none is kept")
    whole: bool
    cautions: list[str]
    first: list[First] = Field(description="what fills up, the first first")
    subjects: list[ReviewedSubject]
    what_if: WhatIf
    lens: list[Mark]
