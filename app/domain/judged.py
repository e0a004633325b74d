"""What one evaluation works on, and what it makes of boxes and connections alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from app.domain.finding import Finding
from app.domain.kept import Kept
from app.domain.limits import Limits
from app.domain.loads import Loads
from app.domain.past import Past
from app.domain.rules_alerts import Silenced
from app.domain.snapshot import Reason
from app.domain.status import Status
from app.domain.subject import NodeId, Subject, Witness
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
    silenced: Mapping[Subject, Silenced]
    past: Past
    tracks: Mapping[Subject, Track]
    loads: Mapping[Subject, Loads]
    now: datetime

    def maintained(
        self, subject: Subject, found: Sequence[Finding], end: NodeId | None = None
    ) -> Silenced | None:
        """The silence that makes a subject `maintenance`, if there is one; `end`: of a
        connection, the box that answers."""
        own, its_end = self.silenced.get(subject), None
        if end is not None:
            its_end = self.silenced.get(end)
        felt = its_end if its_end and its_end.felt else None
        known = [one for one in (own, felt) if one is not None]
        calm = self._calm(subject, found)
        return next((one for one in known if one.whole or calm), None)

    def _calm(self, subject: Subject, found: Sequence[Finding]) -> bool:
        """Something speaks, nothing is amiss, and nothing bad is still shown."""
        track = self.tracks.get(subject)
        bad = any(finding.bad for finding in found)
        return bool(found) and not bad and not (track and track.latches)

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


def shared_inputs(judged: Judged, track: Track) -> tuple[object, ...]:
    """What any state owes to more than its own facts and findings. A level that is
    being left tells since when, and that may be now."""
    leaving = judged.now if track.latches else None
    return judged.topology, judged.limits, track, leaving


def sight_of(views: Sequence[View], found: Sequence[Finding]) -> Status | None:
    """`stale` or `no_data` when no rule had anything fresh to judge, else `None`."""
    if found:
        return None
    old = any(one.fresh_at is None for one in heard(views).values())
    return Status.STALE if old else Status.NO_DATA


def silence_reason(track: Track, silenced: Silenced | None) -> tuple[Reason, ...]:
    """Who silenced it and until when, where that is what is shown."""
    if silenced is None or track.status is not Status.MAINTENANCE:
        return ()
    by = Witness.ALERTS
    return (Reason(by, Status.MAINTENANCE, silenced.text, track.since),)
