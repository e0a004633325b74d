"""What one evaluation works on, and what it makes of boxes and connections alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from app.domain.facts import NodeId, Subject
from app.domain.finding import Finding
from app.domain.kept import Kept
from app.domain.limits import Limits
from app.domain.rules_traffic import Load
from app.domain.status import Status
from app.domain.topology import Topology
from app.domain.verdict import Track
from app.domain.view import View, Views, heard

N = TypeVar("N", bound=Subject)
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Judged:
    """The inputs that boxes and connections share. `found`: every box's findings."""

    topology: Topology
    limits: Limits
    views: Views
    found: Mapping[NodeId, Sequence[Finding]]
    absent: frozenset[NodeId]
    tracks: Mapping[Subject, Track]
    loads: Mapping[Subject, Load]
    now: datetime

    def view(self, subject: Subject) -> View:
        return self.views.get(subject) or View()


@dataclass(slots=True)
class Results(Generic[N, S]):
    """States by subject, in order, tracks likewise, and when to look again."""

    kept: dict[N, Kept[S]] = field(default_factory=dict)
    tracks: dict[Subject, Track] = field(default_factory=dict)
    wake_at: list[datetime] = field(default_factory=list)

    @property
    def states(self) -> tuple[S, ...]:
        return tuple(kept.made for kept in self.kept.values())


def inputs(judged: Judged, track: Track) -> tuple[object, ...]:
    """What any state owes to more than its own facts and findings. A level that is
    being left tells since when, and that may be now."""
    return judged.topology, track, judged.now if track.latches else None


def sight_of(views: Sequence[View], found: Sequence[Finding]) -> Status | None:
    """`stale` or `no_data` when no rule had anything fresh to judge, else `None`."""
    if found:
        return None
    old = any(one.fresh_at is None for one in heard(views).values())
    return Status.STALE if old else Status.NO_DATA
