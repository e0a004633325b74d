"""Incidents as values: bad turns that belong together, from the first to the last.

`app.domain.incidents_fold` makes them of one snapshot after another. The limits stand
here, each with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from app.domain.status import Status, worst
from app.domain.subject import Subject
from app.domain.verdict import LEVELS

JOIN: Final = timedelta(minutes=5)
"""Neighbours that turned within this belong together: the slowest witness is an alert,
whose rule customarily waits five minutes; measurements have told after two."""
REOPEN: Final = timedelta(minutes=5)
"""Trouble that is back within this is the same: five minutes are the longest that
Kubernetes waits before it starts a crashing container again."""
FAILED: Final = timedelta(seconds=15)
"""Failing for this long is an outage. A colour stays for 5 s after hard facts end, so
there were ten seconds of them; less is one restart, or one round of probes."""
BRIEF: Final = timedelta(minutes=2)
"""What is over within this, and never failed for long, is a blip. Soft evidence holds
its colour for a minute by itself."""
SETTLE: Final = timedelta(seconds=90)
"""How long after a start a picture is not believed to be complete: a rate needs two
scrapes, a second sample and ten seconds more before it colours."""

UNSEEN: Final = frozenset({Status.STALE, Status.NO_DATA})
"""We are blind: whoever was bad may still be, and whoever was well too."""
MOST_TURNS: Final = 100
MOST_REMARKS: Final = 50

T = TypeVar("T")


class Kind(StrEnum):
    """How grave an incident is, as far as it has gone; it only grows."""

    BLIP = "blip"
    DEGRADATION = "degradation"
    OUTAGE = "outage"


class What(StrEnum):
    """What a remark is about."""

    MERGED = "merged"
    REOPENED = "reopened"
    MAINTENANCE = "maintenance"
    REMOVED = "removed"
    INEXACT = "inexact_end"


@dataclass(frozen=True, slots=True)
class Turn:
    """A member became `status`. `exact`: false when that happened while nobody looked,
    and `at` is when it was found."""

    at: datetime
    status: Status
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    at: datetime
    what: What
    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """Who was suspected (`Suspect.who`): what was said first, and what last."""

    who: str
    first_at: datetime
    first_text: str
    last_at: datetime
    last_text: str
    explains: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One connection or box, from its first bad turn on. `turns` is never empty."""

    subject: Subject
    turns: tuple[Turn, ...]
    doubted: bool = False
    """Told by an earlier process, and not seen bad by this one."""

    @property
    def status(self) -> Status:
        """As it was last seen."""
        return self.turns[-1].status

    @property
    def bad(self) -> bool:
        return self.status in LEVELS

    @property
    def worst(self) -> Status:
        return worst(turn.status for turn in self.turns if turn.status in LEVELS)

    @property
    def began(self) -> datetime:
        """When it last turned from well to bad."""
        at = self.turns[0].at
        for before, turn in zip(self.turns, self.turns[1:], strict=False):
            if turn.status in LEVELS and before.status not in LEVELS:
                at = turn.at
        return at

    def turned(self, turn: Turn) -> Member:
        """With one more turn; it is never earlier than the last."""
        at = max(turn.at, self.turns[-1].at)
        turns = capped((*self.turns, replace(turn, at=at)), MOST_TURNS)
        return Member(self.subject, turns)


@dataclass(frozen=True, slots=True)
class Incident:
    """`members` in the order in which they turned: the cascade."""

    id: str
    start: datetime
    members: tuple[Member, ...]
    kind: Kind = Kind.BLIP
    end: datetime | None = None
    suspects: tuple[Named, ...] = ()
    remarks: tuple[Remark, ...] = ()
    merged: tuple[str, ...] = ()
    """The incidents that grew together with this one, and are part of it."""
    into: str | None = None
    """This one is part of that one, and is told there."""

    @property
    def open(self) -> bool:
        return self.end is None

    @property
    def worst(self) -> Status:
        return worst(member.worst for member in self.members)

    @property
    def status(self) -> Status:
        """The worst of what is bad now; `ok` when nothing is."""
        return worst((m.status for m in self.members if m.bad), Status.OK)

    @property
    def ends_exactly(self) -> bool:
        return all(member.turns[-1].exact for member in self.members)

    def remarked(self, remark: Remark) -> Incident:
        remarks = capped((*self.remarks, remark), MOST_REMARKS)
        return replace(self, remarks=remarks)


@dataclass(frozen=True, slots=True)
class Book:
    """What must be remembered between two snapshots. A subject is a member of one open
    incident at the most."""

    open: tuple[Incident, ...] = ()
    ended: tuple[Incident, ...] = ()
    """Those that may yet be reopened."""
    settles_at: datetime | None = None
    """Until then, doubted members that look well are not believed to be."""


def capped(items: tuple[T, ...], most: int) -> tuple[T, ...]:
    """The first one and the newest."""
    return items if len(items) <= most else (items[0], *items[1 - most :])


def in_cascade(members: Iterable[Member]) -> tuple[Member, ...]:
    """In the order in which they turned; of one moment, boxes before connections."""
    return tuple(sorted(members, key=lambda m: (m.turns[0].at, place(m.subject))))


def place(subject: Subject) -> tuple[int, str]:
    """An order among subjects of both kinds."""
    return (subject, "") if isinstance(subject, int) else (0, subject)


def gravest(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """Worst first; of equals the one in which most is bad, then the oldest."""

    def key(one: Incident) -> tuple[int, int, datetime, str]:
        bad = sum(member.bad for member in one.members)
        return -one.status.rank, -bad, one.start, one.id

    return tuple(sorted(incidents, key=key))
