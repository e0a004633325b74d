"""Two incidents that grew together: the older one goes on and takes the other in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.incidents import (
    MOST_REMARKS,
    MOST_TURNS,
    Incident,
    Kind,
    Member,
    Named,
    Remark,
    Turn,
    What,
    capped,
    in_cascade,
)
from app.domain.subject import Subject


def united(
    base: Incident, others: Sequence[Incident], fresh: Iterable[Member], now: datetime
) -> Incident:
    """`base` with all that belongs to it by now; open, whatever it was."""
    members: dict[Subject, Member] = {}
    for member in (m for one in (base, *others) for m in one.members):
        old = members.get(member.subject)
        members[member.subject] = member if old is None else _both(old, member)
    for member in fresh:
        old = members.get(member.subject)
        members[member.subject] = old.turned(member.turns[0]) if old else member
    cascade = in_cascade(members.values())
    remarks = sorted(
        (*base.remarks, *(remark for one in others for remark in one.remarks)),
        key=lambda remark: remark.at,
    )
    whole = replace(
        base,
        start=min(base.start, cascade[0].turns[0].at),
        end=None,
        members=cascade,
        kind=max((one.kind for one in (base, *others)), key=tuple(Kind).index),
        suspects=_words((base, *others)),
        remarks=capped(tuple(remarks), MOST_REMARKS),
        merged=(*base.merged, *(name for one in others for name in _names(one))),
    )
    if base.end is not None:
        text = f"it had ended at {base.end:%H:%M:%S} UTC, and is back"
        whole = whole.remarked(Remark(now, What.REOPENED, text))
    for one in others:
        text = f"{one.id} grew together with this one and is part of it"
        whole = whole.remarked(Remark(now, What.MERGED, text))
    return whole


def absorbed(one: Incident, whole: Incident, now: datetime) -> Incident:
    """What is left of an incident that became part of another."""
    text = f"it grew together with {whole.id} and goes on there"
    end = max(now, *(turn.at for member in one.members for turn in member.turns))
    return replace(one, end=end, into=whole.id).remarked(Remark(now, What.MERGED, text))


def _names(one: Incident) -> tuple[str, ...]:
    return one.id, *one.merged


def _both(one: Member, other: Member) -> Member:
    """Told twice: its turns in order, each change once."""
    turns: list[Turn] = []
    for turn in sorted((*one.turns, *other.turns), key=lambda turn: turn.at):
        if not turns or turns[-1].status is not turn.status:
            turns.append(turn)
    doubted = one.doubted and other.doubted
    return Member(one.subject, capped(tuple(turns), MOST_TURNS), doubted)


def _words(incidents: Iterable[Incident]) -> tuple[Named, ...]:
    words: dict[str, Named] = {}
    for named in (one for incident in incidents for one in incident.suspects):
        old = words.get(named.who)
        words[named.who] = named if old is None else _said(old, named)
    return tuple(words.values())


def _said(one: Named, other: Named) -> Named:
    first = min(one, other, key=lambda word: word.first_at)
    last = max(one, other, key=lambda word: word.last_at)
    return replace(last, first_at=first.first_at, first_text=first.first_text)
