"""From one snapshot to the next: what turned.

`fold` is pure. A restart invents no turns: what an earlier process told is held
against what is seen now, and what cannot be known yet is not told until the picture is
complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from app.domain.incidents import SETTLE
from app.domain.snapshot import ConnectionState, NodeState, Snapshot, SourceState
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.timeline import AGAIN, TEXT_MOST, Kind, Lane, Left, Turn, What
from app.domain.timeline_boxes import alerts, happened
from app.domain.verdict import LEVELS

State = ConnectionState | NodeState | SourceState
States = Mapping[Lane, State]
LISTED: Final = timedelta(seconds=10)
"""After a start, lists come in one after another: until then nothing new has happened
in a box, it is only heard of."""


@dataclass(frozen=True, slots=True)
class Reel:
    """What must be remembered between two snapshots.

    `lanes`: the status last told of each, by an earlier process too; `seen`: those that
    this process has told; `again_at`: when all are told again.
    """

    began: datetime
    lanes: Mapping[Lane, Status] = field(default_factory=dict)
    seen: frozenset[Lane] = frozenset()
    states: States = field(default_factory=dict)
    again_at: datetime | None = None


def resumed(reel: Reel, left: Left) -> Reel:
    """With what an earlier process told."""
    return replace(reel, lanes={**dict(left.lanes), **reel.lanes})


def fold(before: Reel, snapshot: Snapshot) -> tuple[Reel, tuple[Turn, ...]]:
    """What is remembered after looking at `snapshot`, and what turned."""
    now, states = snapshot.at, dict(_states(snapshot))
    again = before.again_at is not None and now >= before.again_at
    turns = [
        turn
        for lane, state in states.items()
        # First: most are as they were.
        if again or before.states.get(lane) is not state or lane not in before.seen
        for turn in _turns(before, lane, state, now, again)
    ]
    numbered = tuple(replace(turn, place=place) for place, turn in enumerate(turns))
    told = {turn.lane: turn.status for turn in turns if turn.status is not None}
    again_at = now + AGAIN if again or before.again_at is None else before.again_at
    after = replace(
        before,
        lanes={**before.lanes, **told} if told else before.lanes,
        seen=before.seen.union(told) if told else before.seen,
        states=states,
        again_at=again_at,
    )
    return after, numbered


@cache
def _lane(kind: Kind, name: str | int) -> Lane:
    return Lane(kind, str(name))


def _states(snapshot: Snapshot) -> Iterator[tuple[Lane, State]]:
    for connection in snapshot.connections:
        yield _lane(Kind.CONNECTION, connection.number), connection
    for node in snapshot.nodes:
        yield _lane(Kind.NODE, node.id), node
    for source in snapshot.sources:
        yield _lane(Kind.SOURCE, source.name), source


def _turns(
    before: Reel, lane: Lane, state: State, now: datetime, again: bool
) -> Iterator[Turn]:
    old = before.states.get(lane)
    turn = _status(before, lane, state, now, again)
    if turn is not None:
        yield turn
    if old is None or old is state:
        return
    if isinstance(state, SourceState) or isinstance(old, SourceState):
        return
    for what, text in alerts(old, state):
        yield Turn(now, 0, lane, what, witness=Witness.ALERTS, text=text[:TEXT_MOST])
    listed = now - before.began >= LISTED
    if listed and isinstance(state, NodeState) and isinstance(old, NodeState):
        for what, text in happened(old, state, now):
            yield Turn(now, 0, lane, what, text=text[:TEXT_MOST])


def _status(
    before: Reel, lane: Lane, state: State, now: datetime, again: bool
) -> Turn | None:
    """What is to be told of its status; `None`: nothing."""
    known = before.lanes.get(lane)
    seen = lane in before.seen
    if seen and state.status is known and not again:
        return None
    if not seen and now - before.began < SETTLE and _doubtful(known, state.status):
        return None
    # What was not there a moment ago, though others were, has come now.
    exact = seen or (bool(before.states) and lane not in before.states)
    witness, text = _reason(state)
    return Turn(
        now, 0, lane, What.STATUS, state.status, known, exact, witness, text[:TEXT_MOST]
    )


def _doubtful(known: Status | None, status: Status) -> bool:
    """Soon after a start, nothing heard is no word, and what was bad and looks well may
    only not have been measured yet."""
    if status is known:
        return False
    was_bad = known in LEVELS and status not in LEVELS
    return was_bad or status is Status.NO_DATA


def _reason(state: State) -> tuple[Witness | None, str]:
    """Who says why, and how: the first reason, or a source's error."""
    if isinstance(state, SourceState):
        return None, state.error or ""
    if not state.reasons:
        return None, ""
    first = state.reasons[0]
    return first.witness, first.text
