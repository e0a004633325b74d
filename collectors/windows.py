"""What one target counted lately: its newest scrapes, added up. Pure.

Between two scrapes a quiet connection sees a handful of requests, and one that failed
is already several in a hundred. Added over a minute, ratios and quantiles rest on
enough requests to mean something. Facts are added, not counters: resets and births are
then settled between the two scrapes where they happened, and each interval's mean is
weighed by that interval's own requests.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.facts_traffic import TrafficFact
from app.domain.quantiles import added
from app.domain.subject import Subject

WINDOW_S: Final = 60.0
"""Long enough that a request a second makes a ratio of one in a hundred mean something;
short enough that a fault is forgotten as soon as a colour may improve anyway."""


@dataclass(frozen=True, slots=True)
class Interval:
    """What was counted between two scrapes."""

    span_s: float
    facts: tuple[TrafficFact, ...]


Window = tuple[Interval, ...]
"""Consecutive intervals of one target, newest last."""


def slid(window: Window, newest: Interval, longest_s: float = WINDOW_S) -> Window:
    """The window with `newest`, and without what no longer fits into `longest_s`.

    The newest interval stays, however long it is: two scrapes are the least.
    """
    kept, span_s = [newest], newest.span_s
    for older in reversed(window):
        span_s += older.span_s
        if span_s > longest_s:
            break
        kept.append(older)
    return tuple(reversed(kept))


def over(window: Window) -> tuple[TrafficFact, ...]:
    """What was counted over the whole window, one fact a subject.

    Requests that are open now are those of the newest interval.
    """
    span_s = math.fsum(interval.span_s for interval in window)
    active = {fact.subject: fact.active for fact in window[-1].facts}
    by_subject: dict[Subject, list[TrafficFact]] = defaultdict(list)
    for interval in window:
        for fact in interval.facts:
            by_subject[fact.subject].append(fact)
    return tuple(
        _sum(facts, span_s, active.get(subject))
        for subject, facts in by_subject.items()
    )


def _sum(
    facts: Sequence[TrafficFact], span_s: float, active: float | None
) -> TrafficFact:
    return TrafficFact(
        facts[-1].subject,
        facts[-1].target,
        span_s,
        requests=_known(fact.requests for fact in facts),
        errors=_known(fact.errors for fact in facts),
        client_errors=_known(fact.client_errors for fact in facts),
        duration_sum_s=_known(fact.duration_sum_s for fact in facts),
        duration_count=_known(fact.duration_count for fact in facts),
        buckets=added(fact.buckets for fact in facts),
        active=active,
    )


def _known(values: Iterable[float | None]) -> float | None:
    """The sum of what was counted; `None`: nothing was."""
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None
