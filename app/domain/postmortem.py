"""What an incident came to, in figures: how long, how bad, who knew when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from app.domain.incidents import Incident, Member
from app.domain.notes import Note, What
from app.domain.status import Status
from app.domain.subject import Subject
from app.domain.verdict import LEVELS

BESIDE: Final = timedelta(minutes=30)
"""Notes written so long before and after an incident are about it as well, when they
are about one of its members or about a moment."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`lasted`: until its end, or until now. `suspected_after`: from its start until
    somebody was first suspected; `None`: nobody ever was. `worst_at`: the first moment
    at which it was as bad as it got."""

    lasted: timedelta
    connections: int
    nodes: int
    worst_at: datetime
    suspected_after: timedelta | None
    spells: Mapping[Subject, Mapping[Status, timedelta]]


def figures(incident: Incident, now: datetime) -> Figures:
    """`now` counts only for an incident that is open."""
    until = incident.end or max(now, incident.start)
    subjects = [member.subject for member in incident.members]
    numbers = sum(isinstance(subject, int) for subject in subjects)
    suspected = min((one.first_at for one in incident.suspects), default=None)
    return Figures(
        lasted=until - incident.start,
        connections=numbers,
        nodes=len(subjects) - numbers,
        worst_at=worst_at(incident),
        suspected_after=None
        if suspected is None
        else max(suspected - incident.start, timedelta()),
        spells={one.subject: spells(one, until) for one in incident.members},
    )


def spells(member: Member, until: datetime) -> dict[Status, timedelta]:
    """How long it was in each bad status until then; what it never was is left out."""
    lasted: dict[Status, timedelta] = {}
    moments = [*(turn.at for turn in member.turns), max(until, member.turns[-1].at)]
    for turn, (at, left) in zip(member.turns, pairwise(moments), strict=True):
        if turn.status in LEVELS:
            lasted[turn.status] = lasted.get(turn.status, timedelta()) + (left - at)
    return lasted


def worst_at(incident: Incident) -> datetime:
    """The earliest moment with most members failing; of those, with most degraded."""
    moments = sorted({turn.at for one in incident.members for turn in one.turns})
    return max(moments, key=lambda at: (*_bad_at(incident, at), -at.timestamp()))


def statuses_at(incident: Incident, at: datetime) -> dict[Subject, Status]:
    """Its members at a moment; one that had not turned yet was well, so far as the
    incident knows."""
    return {member.subject: _status_at(member, at) for member in incident.members}


def noted(incident: Incident, notes: Iterable[Note]) -> list[Note]:
    """Those that belong to it, the oldest first."""
    return sorted(
        (note for note in notes if _belongs(incident, note)), key=lambda one: one.place
    )


def _belongs(incident: Incident, note: Note) -> bool:
    about = note.about
    if about.what is What.INCIDENT:
        return about.which in (incident.id, *incident.merged)
    if about.what is not What.MOMENT:
        members = {str(member.subject) for member in incident.members}
        if about.which not in members:
            return False
    late = incident.end is not None and note.at > incident.end + BESIDE
    return not late and note.at >= incident.start - BESIDE


def _bad_at(incident: Incident, at: datetime) -> tuple[int, int]:
    statuses = list(statuses_at(incident, at).values())
    return statuses.count(Status.FAILING), statuses.count(Status.DEGRADED)


def _status_at(member: Member, at: datetime) -> Status:
    past = [turn.status for turn in member.turns if turn.at <= at]
    return past[-1] if past else Status.OK
