"""Snapshots that a test tells one after another, and the incidents that come of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from app.domain.incidents import Book, Incident
from app.domain.incidents_fold import fold
from app.domain.incidents_joins import joins
from app.domain.snapshot import ConnectionState, NodeState, Snapshot, Suspect
from app.domain.status import Status
from app.domain.subject import NodeId, Subject
from app.domain.topology import standard

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
TOPOLOGY = standard()
JOINED = joins(TOPOLOGY)
SUBJECTS: tuple[Subject, ...] = (
    *(connection.number for connection in TOPOLOGY.connections),
    *(box.id for box in TOPOLOGY.boxes),
)
FAILING, DEGRADED, OK = Status.FAILING, Status.DEGRADED, Status.OK
STALE, MAINTENANCE = Status.STALE, Status.MAINTENANCE


def redis(*explains: int, text: str = "Look at Redis first") -> Suspect:
    return Suspect(NodeId("redis"), explains, NOON, text)


class Story:
    """`at` is in seconds since noon; who is not named keeps its status."""

    def __init__(self, book: Book | None = None) -> None:
        self.book = book or Book()
        self.states: dict[Subject, tuple[Status, datetime]] = {
            subject: (OK, NOON) for subject in SUBJECTS
        }
        self.changed: tuple[Incident, ...] = ()
        self.wake_at: datetime | None = None
        self.kept: dict[str, Incident] = {}
        """Every incident, as it was last told: what the records would hold."""

    def at(
        self,
        seconds: float,
        turns: dict[Subject, Status] | None = None,
        *suspects: Suspect,
    ) -> Story:
        now = NOON + timedelta(seconds=seconds)
        for subject, status in (turns or {}).items():
            if self.states[subject][0] is not status:
                self.states[subject] = (status, now)
        folded = fold(self.book, self.snapshot(now, suspects), JOINED, now)
        self.book, self.changed = folded.book, folded.changed
        self.wake_at = folded.wake_at
        self.kept |= {one.id: one for one in folded.changed}
        return self

    def snapshot(
        self,
        now: datetime,
        suspects: Iterable[Suspect] = (),
        order: Iterable[Subject] | None = None,
    ) -> Snapshot:
        states = [self._state(subject) for subject in order or self.states]
        return Snapshot(
            "demo",
            0,
            now,
            OK,
            tuple(s for s in states if isinstance(s, ConnectionState)),
            tuple(s for s in states if isinstance(s, NodeState)),
            suspects=tuple(suspects),
        )

    def _state(self, subject: Subject) -> ConnectionState | NodeState:
        status, since = self.states[subject]
        if isinstance(subject, int):
            return ConnectionState(subject, status, since, None)
        return NodeState(subject, subject, status, since, None, None, None)

    @property
    def only(self) -> Incident:
        (one,) = self.book.open
        return one

    @property
    def over(self) -> Incident:
        assert not self.book.open
        (one,) = self.book.ended
        return one


def who(incident: Incident) -> list[Subject]:
    return [member.subject for member in incident.members]


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def remarks(incident: Incident) -> list[str]:
    return [remark.what.value for remark in incident.remarks]
