"""From one snapshot to the next: which incidents there are now.

`fold` is pure: the same book, snapshot and moment give the same. Bad connections and
boxes that belong together (`incidents_joins`) are one incident; it grows, merges with
another that it grows together with, and ends when none of its members is bad any more.
What can't be seen (`stale`, `no_data`) stays as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.incidents import (
    BRIEF,
    FAILED,
    REOPEN,
    SETTLE,
    UNSEEN,
    Book,
    Incident,
    Kind,
    Member,
    Named,
    Remark,
    Turn,
    What,
    in_cascade,
    place,
)
from app.domain.incidents_joins import (
    Joins,
    Part,
    of_incident,
    of_subject,
    together,
)
from app.domain.incidents_merge import absorbed, united
from app.domain.snapshot import ConnectionState, NodeState, Snapshot, Suspect
from app.domain.status import Status
from app.domain.subject import Subject
from app.domain.verdict import LEVELS

States = Mapping[Subject, ConnectionState | NodeState]
LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""None that is taken for another when an id is read out."""
GRAVITY: Final = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Folded:
    """`changed`: every incident that is not as it was, those that became part of
    another among them. `wake_at`: when time alone changes one."""

    book: Book
    changed: tuple[Incident, ...] = ()
    wake_at: datetime | None = None


def fold(before: Book, snapshot: Snapshot, joined: Joins, now: datetime) -> Folded:
    """The book after looking at `snapshot`, judged at `now`."""
    states: dict[Subject, ConnectionState | NodeState] = {
        **{state.number: state for state in snapshot.connections},
        **{state.id: state for state in snapshot.nodes},
    }
    bad = {subject for subject, state in states.items() if state.status in LEVELS}
    if not (bad or before.open or before.ended):
        return Folded(before)
    settled = before.settles_at is None or now >= before.settles_at
    seen = [_looked_at(one, states, now, settled) for one in before.open]
    ended = [one for one in before.ended if one.end and now - one.end <= REOPEN]
    known = {member.subject for one in seen for member in one.members}
    parts = [of_incident(one) for one in (*seen, *ended)]
    parts += [
        of_subject(subject, states[subject].since)
        for subject in sorted(bad - known, key=place)
    ]
    groups = together(parts, joined, snapshot.suspects)
    after: list[Incident] = []
    for group in groups:
        after += _made(group, states, snapshot.deployment, now)
    after = [_told(one, snapshot.suspects, now) for one in after]
    return _closed(before, [_weighed(one, now) for one in after], settled, now)


def resumed(book: Book, told: Iterable[Incident], now: datetime) -> Book:
    """With what an earlier process knew: open incidents go on, and what is not seen bad
    until the picture is complete has ended meanwhile."""
    known = {one.id for one in (*book.open, *book.ended)}
    new = [one for one in told if one.id not in known]
    doubted = [
        replace(one, members=tuple(replace(m, doubted=m.bad) for m in one.members))
        for one in new
        if one.open
    ]
    ended = [one for one in new if one.end and now - one.end <= REOPEN]
    return Book(
        (*book.open, *doubted),
        (*book.ended, *ended),
        now + SETTLE if doubted else book.settles_at,
    )


def name_of(deployment: str, start: datetime, first: Subject) -> str:
    """`2026-11-25-1042-k7qd`: the minute, and four letters that follow from deployment,
    moment and first member, so that no two processes give out the same."""
    source = f"{deployment} {start.isoformat()} {first}"
    number = int.from_bytes(hashlib.sha256(source.encode()).digest()[:4], "big")
    letters = "".join(LETTERS[number >> shift & 31] for shift in (0, 5, 10, 15))
    return f"{start:%Y-%m-%d-%H%M}-{letters}"


def _looked_at(
    incident: Incident, states: States, now: datetime, settled: bool
) -> Incident:
    turns = {
        member.subject: turn
        for member in incident.members
        if (turn := _turn(member, states, now, settled)) is not None
    }
    if not turns and not any(member.doubted for member in incident.members):
        return incident
    members = tuple(
        member.turned(turns[member.subject])
        if member.subject in turns
        else _believed(member, states)
        for member in incident.members
    )
    after = replace(incident, members=members)
    for subject, turn in turns.items():
        if turn.status in PARTED:
            after = after.remarked(_parted(subject, turn))
    return after


def _turn(member: Member, states: States, now: datetime, settled: bool) -> Turn | None:
    """What became of a member; `None`: it is as it was, as far as can be seen."""
    state = states.get(member.subject)
    if state is None:
        return Turn(now, Status.ABSENT) if member.bad and states else None
    if state.status in UNSEEN or state.status is member.status:
        return None
    if state.status in LEVELS:
        return Turn(state.since, state.status)
    if not member.bad or (member.doubted and not settled):
        return None
    if member.doubted:
        return Turn(now, state.status, exact=False)
    return Turn(state.since, state.status)


def _believed(member: Member, states: States) -> Member:
    """No longer doubted where it is seen to be as an earlier process told."""
    state = states.get(member.subject)
    if member.doubted and state is not None and state.status is member.status:
        return replace(member, doubted=False)
    return member


PARTED: Final = {
    Status.MAINTENANCE: (What.MAINTENANCE, "is silenced: its part ends with that"),
    Status.ABSENT: (What.REMOVED, "is no longer there: its part ends with that"),
}


def _parted(subject: Subject, turn: Turn) -> Remark:
    what, words = PARTED[turn.status]
    who = f"connection {subject}" if isinstance(subject, int) else subject
    return Remark(turn.at, what, f"{who} {words}")


def _made(
    group: Sequence[Part], states: States, deployment: str, now: datetime
) -> list[Incident]:
    """The incident that a group is, and those that became part of it."""
    fresh = in_cascade(
        Member(subject, (Turn(states[subject].since, states[subject].status),))
        for part in group
        if part.incident is None
        for subject in part.began
    )
    incidents = [part.incident for part in group if part.incident is not None]
    if not incidents:
        start = fresh[0].turns[0].at
        name = name_of(deployment, start, fresh[0].subject)
        return [Incident(name, start, fresh)]
    if len(incidents) == 1 and not fresh:
        return incidents
    base, *others = sorted(incidents, key=lambda one: (one.start, one.id))
    whole = united(base, others, fresh, now)
    return [whole, *(absorbed(one, whole, now) for one in others)]


def _told(incident: Incident, suspects: Iterable[Suspect], now: datetime) -> Incident:
    """With the first and the last word on each suspect."""
    if not incident.open:
        return incident
    members = {member.subject for member in incident.members}
    named = {one.who: one for one in incident.suspects}
    for suspect in suspects:
        if not members & {suspect.node, *suspect.explains}:
            continue
        old = named.get(suspect.who)
        if old is None or (old.last_text, old.explains) != (
            suspect.text,
            suspect.explains,
        ):
            named[suspect.who] = _word(old, suspect, now)
    words = tuple(named.values())
    return incident if words == incident.suspects else replace(incident, suspects=words)


def _word(old: Named | None, suspect: Suspect, now: datetime) -> Named:
    if old is None:
        text, explains = suspect.text, suspect.explains
        return Named(suspect.who, now, text, now, text, explains)
    return replace(old, last_at=now, last_text=suspect.text, explains=suspect.explains)


def _weighed(incident: Incident, now: datetime) -> Incident:
    """Ended where nothing of it is bad any more, and of the kind that it is by now."""
    after = incident
    if incident.open and not any(member.bad for member in incident.members):
        end = max(turn.at for member in incident.members for turn in member.turns)
        after = replace(incident, end=end)
        if not after.ends_exactly:
            text = "it ended while nobody looked: the end is when that was found"
            after = after.remarked(Remark(now, What.INEXACT, text))
    kind = max(incident.kind, _kind(after, now), key=GRAVITY.index)
    return after if kind is after.kind else replace(after, kind=kind)


def _kind(incident: Incident, now: datetime) -> Kind:
    until = incident.end or now
    longest = max(_failed_for(member, until) for member in incident.members)
    if longest >= FAILED:
        return Kind.OUTAGE
    return Kind.BLIP if until - incident.start < BRIEF else Kind.DEGRADATION


def _failed_for(member: Member, until: datetime) -> timedelta:
    """The longest time in one piece."""
    ends = [*(turn.at for turn in member.turns[1:]), until]
    spans = [
        end - turn.at
        for turn, end in zip(member.turns, ends, strict=True)
        if turn.status is Status.FAILING
    ]
    return max(spans, default=timedelta(0))


def _closed(
    before: Book, after: Sequence[Incident], settled: bool, now: datetime
) -> Folded:
    """The book of what is left, and what is not as it was."""
    old = {one.id: one for one in (*before.open, *before.ended)}
    changed = tuple(one for one in after if old.get(one.id) != one)
    whole = sorted(
        (one for one in after if one.into is None), key=lambda one: (one.start, one.id)
    )
    settles_at = None if settled else before.settles_at
    book = Book(
        tuple(one for one in whole if one.open),
        tuple(one for one in whole if not one.open),
        settles_at,
    )
    waits = [*_graver_at(book.open), *([settles_at] if settles_at else [])]
    return Folded(book, changed, min((at for at in waits if at > now), default=None))


def _graver_at(incidents: Iterable[Incident]) -> list[datetime]:
    """When time alone makes one graver."""
    return [
        at
        for one in incidents
        if one.kind is not Kind.OUTAGE
        for at in (
            one.start + BRIEF,
            *(
                member.turns[-1].at + FAILED
                for member in one.members
                if member.status is Status.FAILING
            ),
        )
    ]
