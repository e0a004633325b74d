"""What is kept of a metric as rows: one for each step in which somebody measured it.

How much may be asked for at once is reckoned here as well, before anything is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.domain.measures import CONNECTION_METRICS, NODE_METRICS, RAW_S, STEPS
from app.domain.rollups import Answer, Column, Floats
from app.domain.rollups_fold import quantiles
from app.domain.subject import Subject

QUANTILES: Final = (("p50", 0.50), ("p95", 0.95), ("p99", 0.99))
NUMBERS: Final = ("mean", "min", "max", "last", *(name for name, _ in QUANTILES))
MOST_ROWS: Final = 2_000_000
"""Of one answer: some 200 MB as CSV."""
Pair = tuple[Subject, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """One metric of one subject. `numbers`: by the names in `NUMBERS`; NaN where they
    are not known."""

    subject: Subject
    metric: str
    column: Column
    numbers: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.column.at)


def rows(answer: Answer) -> Iterator[Rows]:
    """Those of every column, by subject and metric."""
    for (subject, metric), column in sorted(answer.columns.items(), key=_in_order):
        if len(column.at):
            yield Rows(subject, metric, column, _numbers(column))


def pairs(subjects: Iterable[Subject], metrics: Sequence[str]) -> tuple[Pair, ...]:
    """What of `metrics` each subject may have; those that have none are left out. No
    metrics named: all of them."""
    wanted = set(metrics or (*CONNECTION_METRICS, *NODE_METRICS))
    found = ((one, _measurable(one, wanted)) for one in subjects)
    return tuple((one, names) for one, names in found if names)


def most_rows(asked: Iterable[Pair], span_s: float, step_s: int) -> int:
    """So many rows there are if everything was measured all the time."""
    steps = int(span_s // step_s) + 1
    return steps * sum(len(names) for _, names in asked)


def fitting_step(asked: Sequence[Pair], span_s: float, step_s: int) -> int | None:
    """The finest coarser step at which the answer is small enough, if there is one."""
    coarser = (step for step in STEPS if step > step_s)
    return next((s for s in coarser if most_rows(asked, span_s, s) <= MOST_ROWS), None)


def last_or_mean(column: Column, step_s: int) -> Floats:
    """The one number of a step: of the finest what was measured last, else the mean."""
    return column.last if step_s == RAW_S else column.sum / column.count


def _in_order(item: tuple[tuple[Subject, str], Column]) -> tuple[bool, int, str, str]:
    (subject, metric), _ = item
    if isinstance(subject, int):
        return False, subject, "", metric
    return True, 0, subject, metric


def _measurable(subject: Subject, wanted: set[str]) -> tuple[str, ...]:
    own = CONNECTION_METRICS if isinstance(subject, int) else NODE_METRICS
    return tuple(name for name in own if name in wanted)


def _numbers(column: Column) -> dict[str, Floats]:
    plain = {
        "mean": column.sum / column.count,
        "min": column.min,
        "max": column.max,
        "last": column.last,
    }
    return plain | {name: _quantiles(column, share) for name, share in QUANTILES}


def _quantiles(column: Column, share: float) -> Floats:
    """NaN where the store keeps no buckets: a step's mean is none of its quantiles."""
    if column.buckets is None:
        return np.full(len(column.at), np.nan)
    return quantiles(column, share)
