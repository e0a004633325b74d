"""Lanes of turns: from when to when each was in which status, and where nobody looked.

The segments of a lane cover the span that was asked for, one after another, and never
overlap. A status holds until the next turn, and not beyond the watch in which it was
told: what was while nobody looked is not known.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.timeline import Kind, Lane, Told, Turn, Watch, What

ORDER = tuple(Kind)


class Span(NamedTuple):
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Segment:
    """`status`: none where nobody looked. `text`: why, as it was said when it turned.
    `exact`: false where it turned before `begin`, while nobody looked."""

    begin: datetime
    end: datetime
    status: Status | None
    witness: Witness | None = None
    text: str = ""
    exact: bool = True


def spans(watches: Iterable[Watch]) -> list[Span]:
    """When anybody looked, in time; what overlaps or touches is one."""
    found: list[Span] = []
    for one in sorted(watches, key=lambda watch: watch.began):
        if one.until < one.began:
            continue
        if found and one.began <= found[-1].end:
            found[-1] = Span(found[-1].begin, max(found[-1].end, one.until))
        else:
            found.append(Span(one.began, one.until))
    return found


def within(watched: Sequence[Span], begin: datetime, end: datetime) -> list[Span]:
    """The parts of them that lie between two moments."""
    cut = [Span(max(one.begin, begin), min(one.end, end)) for one in watched]
    return [one for one in cut if one.begin < one.end]


def lanes(
    told: Told, begin: datetime, end: datetime
) -> dict[Lane, tuple[Segment, ...]]:
    """The segments of every lane that is told of, in the lanes' own order."""
    watched = spans(told.watches)
    of: dict[Lane, list[Turn]] = defaultdict(list)
    for turn in told.turns:
        if turn.what is What.STATUS:
            of[turn.lane].append(turn)
    return {
        lane: tuple(segments(of[lane], watched, begin, end))
        for lane in sorted(of, key=order)
    }


def order(lane: Lane) -> tuple[int, int, str]:
    """Connections by their number, then boxes, then sources."""
    return ORDER.index(lane.kind), lane.number or 0, lane.name


def segments(
    turns: Sequence[Turn], watched: Sequence[Span], begin: datetime, end: datetime
) -> list[Segment]:
    """`turns`: those of a lane's status, in time. `watched`: as `spans` gives them."""
    found: list[Segment] = []
    at = begin
    for piece in _pieces(turns, watched, begin, end):
        if piece.begin > at:
            found.append(Segment(at, piece.begin, None))
        last = found[-1] if found else None
        if last and last.status is piece.status and last.end == piece.begin:
            found[-1] = replace(last, end=piece.end)
        else:
            found.append(piece)
        at = piece.end
    if at < end:
        found.append(Segment(at, end, None))
    return found


def _pieces(
    turns: Sequence[Turn], watched: Sequence[Span], begin: datetime, end: datetime
) -> Iterable[Segment]:
    """How long each turn's status was seen to hold, as far as it is in the span."""
    begins = [one.begin for one in watched]
    followers = [turn.at for turn in turns[1:]] + [end]
    for turn, follower in zip(turns, followers, strict=False):
        place = bisect_right(begins, turn.at) - 1
        if place < 0 or turn.at > watched[place].end:
            continue
        first, last = max(turn.at, begin), min(watched[place].end, follower, end)
        if first < last:
            yield Segment(first, last, turn.status, turn.witness, turn.text, turn.exact)
