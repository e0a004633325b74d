"""What a capacity review says, as values: the page, the lens, the report and the API
show these and compute nothing.

Numbers are unrounded and in the unit that their `Unit` names; whoever shows one asks
`app.domain.capacity_figures`, so that page, PDF, XLSX and CSV equal each other. `None`
is "not measured", never zero. What makes a `Review` stands in
`app.domain.capacity_review`, which loads pandas and statsmodels and is for the route:

    ask(choices) -> Ask
    review(deployment, answer, picture, topology, limits, choices) -> Review
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.capacity_terms import (
    FULL,
    Choices,
    DaysLeft,
    Heat,
    Left,
    Measure,
    Role,
    Shown,
    Trend,
    Unit,
)
from app.domain.subject import Subject


@dataclass(frozen=True, slots=True)
class Headroom:
    """One limit of a subject and what is used of it.

    `limit`: its name (`clients`, `memory`, `saturation`, `users`, `cpu`, `pods_memory`,
    `replicas`). `most` is the limit now, `mark` where people have to act (80 %, or the
    vendor's own mark); both in `unit`. `used` is the p95 and `peak` the highest in
    business hours, both in `unit`; `share` is `used` of `most`. `source`: who tells the
    limit, in words. `trend` is of the share used: limits move with pods.
    """

    limit: str
    unit: Unit
    most: float
    mark: float
    used: float
    peak: float
    share: float
    source: str
    trend: Trend
    until_near: DaysLeft
    """Until 80 % (or the vendor's mark)."""
    until_full: DaysLeft

    @property
    def free(self) -> float:
        """The share that is not used; below zero when the limit is exceeded."""
        return FULL - self.share


class Lost(StrEnum):
    POD = "pod"
    HOST = "host"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Loss:
    """What is if one pod, or all on one host or in one zone, is lost at p95 load: the
    rest carries what all carried.

    `name`: of the host or zone that matters most; `""` for a pod, and where zones are
    not known. `limit`: the limit of
    which `share` would be used, tightest first; `None`: pods are left and no limit is
    known, or none is left. `holds`: below 100 %; `None`: can't be told, `why` says why.
    """

    lost: Lost
    name: str
    pods: int
    """Ready now."""
    left: int | None
    """Ready then; `None`: can't be told."""
    limit: str | None
    share: float | None
    holds: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """What was left out of a subject, or would have been. `failing_s`: seconds of
    business hours in which it was failing. `steps`: the steps that this touched,
    `days`: outliers. `outages`, `outliers`: whether they count."""

    failing_s: float
    steps: int
    days: tuple[date, ...]
    outages: Shown
    outliers: Shown


@dataclass(frozen=True, slots=True)
class SubjectReview:
    """One connection or box. `load`: the metric that is taken for its load, `None`:
    nothing of the kind was measured. `measures`: each metric there is, load first.
    `headrooms`: the one that fills up first (then the fullest) first. `coverage`: the
    share of business hours in which anything was measured.
    """

    subject: Subject
    label: str
    load: str | None
    measures: tuple[Measure, ...]
    heat: Heat | None
    trend: Trend | None
    headrooms: tuple[Headroom, ...]
    losses: tuple[Loss, ...]
    excluded: Excluded
    coverage: float

    @property
    def tightest(self) -> Headroom | None:
        return self.headrooms[0] if self.headrooms else None

    def measure(self, role: Role) -> Measure | None:
        """The first measure of this role."""
        return next((one for one in self.measures if one.role is role), None)


@dataclass(frozen=True, slots=True)
class Break:
    """A limit under the what-if. `share_then` is the p95 share of the limit with that
    many more agents at once; `near`, `full`: whether it then breaks 80 % (or the
    vendor's mark) or 100 %. `until_full`: days left, by the trend from there."""

    subject: Subject
    label: str
    limit: str
    share_now: float
    share_then: float
    near: bool
    full: bool
    until_near: DaysLeft
    until_full: DaysLeft


@dataclass(frozen=True, slots=True)
class WhatIf:
    """`breaks`: every limit that grows with agents, the fullest first. `fixed`: limits
    that are taken not to grow with them, as (subject, limit). `assumes`: what it takes
    for granted, in sentences."""

    growth: float
    breaks: tuple[Break, ...]
    fixed: tuple[tuple[Subject, str], ...]
    assumes: tuple[str, ...]


class Fill(StrEnum):
    """How a connection's headroom is told on the map, beside its number."""

    FREE = "free"
    NEAR = "near"
    FULL = "full"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LensMark:
    """What the lens draws on one connection. `width`: 1 (least load) to 5 (most), 0: no
    load measured; steps are even on a scale of powers, `Lens.widths` says where. `fill`
    by `free`, the headroom left as a share. `label`: `41–66 d`; `told`: the same in
    words, for those who can't see it. `of`: the subject whose limit it is, the
    connection itself or the box at its end."""

    number: int
    width: int
    load: float | None
    load_unit: Unit | None
    fill: Fill
    free: float | None
    label: str
    told: str
    of: Subject | None


@dataclass(frozen=True, slots=True)
class Lens:
    """`widths`: by unit, the load from which each of the widths 2 to 5 begins."""

    marks: tuple[LensMark, ...]
    widths: Mapping[Unit, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Review:
    """`subjects`: every connection in number order, then every box in the picture's.
    `since`: the first moment that history has, `None`: none at all. `whole` is false
    when part of it could not be read. `business_hours`: as told, with the zone.
    `cautions`: what holds of all of it, in sentences. `at`: when the picture was made
    whose pods and hosts stand behind limits and losses.
    """

    deployment: str
    choices: Choices
    step_s: int
    since: datetime | None
    whole: bool
    at: datetime | None
    business_hours: str
    subjects: tuple[SubjectReview, ...]
    what_if: WhatIf
    lens: Lens
    cautions: tuple[str, ...]

    def of(self, subject: Subject) -> SubjectReview:
        """Raises `KeyError` for a subject that is not reviewed."""
        for one in self.subjects:
            if one.subject == subject:
                return one
        raise KeyError(subject)

    def first_to_fill(self) -> tuple[SubjectReview, ...]:
        """Those with a headroom; days left first, then the fullest first."""
        known = [one for one in self.subjects if one.tightest is not None]
        return tuple(sorted(known, key=lambda one: urgency(one.headrooms[0])))


def urgency(room: Headroom) -> tuple[float, float]:
    """Orders headrooms: the one that is full first comes first, then the fullest."""
    left = room.until_full
    days = float("inf")
    if left.left is Left.REACHED:
        days = 0.0
    elif left.left is Left.RANGE:
        days = float(left.likely or left.earliest or 0)
    return days, -room.share
