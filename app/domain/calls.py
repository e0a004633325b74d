"""Who is called, and on which connections no request is counted any more.

Told only by fresh counts that say zero, all of them: where one of those who counted is
no longer heard we are blind, and blindness is not silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from app.domain.facts_traffic import TrafficFact
from app.domain.loads import Loads
from app.domain.subject import Subject
from app.domain.topology import Connection, Topology
from app.domain.view import EMPTY, Views


class Quiet(NamedTuple):
    """No request `since` then. The newest count is of `at`, and of what was `after`."""

    since: datetime
    after: datetime
    at: datetime

    @property
    def agreed(self) -> bool:
        """Whether a second sample has said so."""
        return self.after > self.since


@dataclass(frozen=True, slots=True)
class Calls:
    """`quiet`: by connection. `busy`: on some connection requests are counted."""

    quiet: Mapping[int, Quiet] = field(default_factory=dict)
    busy: bool = False


def calls(
    topology: Topology, views: Views, loads: Mapping[Subject, Loads], before: Calls
) -> Calls:
    """What the counters say now; `before`: a moment ago."""
    quiet: dict[int, Quiet] = {}
    busy = False
    for row in topology.connections:
        subject, counters = _counters(topology, row, loads)
        if any(load.requests for load in counters):
            busy = True
        elif counters and _all_heard(views, subject):
            quiet[row.number] = _quiet(counters, before.quiet.get(row.number))
    return Calls(quiet, busy)


def _counters(
    topology: Topology, row: Connection, loads: Mapping[Subject, Loads]
) -> tuple[Subject, Loads]:
    """Those who count the connection's own requests, else all that its end answers; a
    group answers in many places, and not all of them may be counted."""
    own = _telling(loads.get(row.number, ()))
    end = row.destination
    theirs = () if own else _telling(loads.get(end, ()))
    if theirs and topology.box(end).members:
        theirs = ()
    return (row.number, own) if own else (end, theirs)


def _telling(loads: Loads) -> Loads:
    return tuple(load for load in loads if load.requests is not None)


def _all_heard(views: Views, subject: Subject) -> bool:
    return all(seen.fresh for seen in views.get(subject, EMPTY).all(TrafficFact))


def _quiet(counters: Loads, before: Quiet | None) -> Quiet:
    at = min(load.at for load in counters)
    after = at - timedelta(seconds=max(load.window_s for load in counters))
    return Quiet(after if before is None else min(before.since, after), after, at)
