"""What the records would have of a past that was never lived through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from app.domain import timeline
from app.domain.incidents import Incident, Kind, Member, Named, Turn
from app.domain.incidents_fold import name_of
from app.domain.status import Status
from app.domain.subject import NodeId, Subject
from app.domain.timeline import AGAIN, Lane
from app.simulator.past_troubles import Trouble

Json = dict[str, Any]
KINDS: Final = {Status.FAILING: Kind.OUTAGE, Status.DEGRADED: Kind.DEGRADATION}
BY_PART: Final = (
    ("connections", "number", timeline.Kind.CONNECTION),
    ("nodes", "id", timeline.Kind.NODE),
    ("sources", "name", timeline.Kind.SOURCE),
)


def incident_of(deployment: str, trouble: Trouble) -> Incident:
    """As it was recorded once it was over."""
    back = {name: at for at, name in trouble.returns()}
    members = tuple(
        Member(
            _subject(name),
            (Turn(_at(at), trouble.status), Turn(_at(back[name]), Status.OK)),
        )
        for at, name in trouble.turns()
    )
    start = _at(trouble.begin)
    explains = tuple(int(name) for name in trouble.members[1:])
    named = Named(trouble.box, start, trouble.text, start, trouble.text, explains)
    return Incident(
        name_of(deployment, start, members[0].subject),
        start,
        members,
        KINDS[trouble.status],
        _at(trouble.over),
        (named,),
    )


def opened(incident: Incident) -> Incident:
    """As it was while it lasted."""
    members = tuple(replace(one, turns=one.turns[:1]) for one in incident.members)
    return replace(incident, members=members, end=None)


def told(
    picture: Json, troubles: Sequence[Trouble], begin: int, end: int
) -> Iterator[timeline.Turn]:
    """For the timeline: every lane told again and again, and what turned, in order."""
    usual = {
        Lane(kind, str(item[key])): Status(item["status"])
        for part, key, kind in BY_PART
        for item in picture[part]
    }
    found = [*_again(usual, begin, end), *_turned(usual, troubles)]
    places: dict[datetime, int] = {}
    for turn in sorted(found, key=lambda one: one.at):
        if not begin <= turn.at.timestamp() < end:
            continue
        place = places[turn.at] = places.get(turn.at, -1) + 1
        yield replace(turn, place=place)


def _again(
    usual: Mapping[Lane, Status], begin: int, end: int
) -> Iterator[timeline.Turn]:
    for moment in range(begin, end, int(AGAIN.total_seconds())):
        for lane, status in usual.items():
            was, exact = (None, False) if moment == begin else (status, True)
            yield timeline.Turn(
                _at(moment), 0, lane, status=status, was=was, exact=exact
            )


def _turned(
    usual: Mapping[Lane, Status], troubles: Sequence[Trouble]
) -> Iterator[timeline.Turn]:
    for one in troubles:
        for moments, bad in ((one.turns(), True), (one.returns(), False)):
            for at, name in moments:
                lane = _lane(name)
                was, now = usual[lane], one.status
                pair = (now, was) if bad else (was, now)
                text = one.text if bad else ""
                yield timeline.Turn(
                    _at(at), 0, lane, status=pair[0], was=pair[1], text=text
                )


def _lane(name: str) -> Lane:
    connection = name.isdecimal()
    kind = timeline.Kind.CONNECTION if connection else timeline.Kind.NODE
    return Lane(kind, name)


def _subject(name: str) -> Subject:
    return int(name) if name.isdecimal() else NodeId(name)


def _at(moment: int) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
