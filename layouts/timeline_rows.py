"""Which lanes are shown, in which order, and which are folded away: all that stayed as
they were for the whole span."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.status import Status
from app.domain.timeline import Kind, Lane, Turn, What
from app.domain.timeline_lanes import Segment, Span, order
from layouts.strings import WORDS
from layouts.strings_timeline import ONE_OF, UNWATCHED, WELL, WELL_SEEN

WELL_ONES = frozenset({Status.OK, Status.IDLE})
FOLDED = WELL_ONES | {Status.ABSENT, Status.NO_DATA}
"""A lane that was nothing but one of these is nothing to look at."""
FINEST = 0.002
"""Of the span: what is shorter is a pixel or two, and is drawn together."""


@dataclass(frozen=True, slots=True)
class Row:
    lane: Lane
    segments: tuple[Segment, ...]
    marks: tuple[Turn, ...]

    @property
    def statuses(self) -> set[Status]:
        return {one.status for one in self.segments if one.status is not None}

    @property
    def calm(self) -> bool:
        """Nothing turned in it, but between what is equally well."""
        told = self.statuses
        alone = len(told) <= 1 and told <= FOLDED
        return not self.marks and (alone or told <= WELL_ONES)

    @property
    def gravity(self) -> tuple[int, timedelta]:
        """How bad it was, and for how long."""
        worst = max((one.rank for one in self.statuses), default=-1)
        bad = [
            one.end - one.begin
            for one in self.segments
            if one.status is not None and one.status.rank == worst
        ]
        return worst, sum(bad, timedelta(0))


@dataclass(frozen=True, slots=True)
class Group:
    """The lanes of one kind. `calm`: those that are folded away."""

    kind: Kind
    rows: tuple[Row, ...]
    calm: tuple[Row, ...]

    @property
    def folded(self) -> str:
        """`24 connections were well all the time; 2 not installed`."""
        told: Counter[str] = Counter(_how(row) for row in self.calm)
        unseen = any(one.status is None for row in self.calm for one in row.segments)
        parts = []
        if well := told.pop("", 0):
            one, many = ONE_OF[self.kind]
            how = WELL_SEEN if unseen else WELL
            parts.append(
                f"1 {one} was {how}" if well == 1 else f"{well} {many} were {how}"
            )
        parts += [f"{count} {words}" for words, count in sorted(told.items())]
        return "; ".join(parts)


def groups(
    lanes: Mapping[Lane, tuple[Segment, ...]],
    turns: Sequence[Turn],
    *,
    worst_first: bool,
) -> list[Group]:
    """Of each kind that is told of. `turns`: those of the span."""
    marks: dict[Lane, list[Turn]] = defaultdict(list)
    for turn in turns:
        if turn.what is not What.STATUS:
            marks[turn.lane].append(turn)
    every = sorted(lanes.keys() | marks.keys(), key=order)
    rows = [Row(one, lanes.get(one, ()), tuple(marks[one])) for one in every]
    found = []
    for kind in Kind:
        own = [row for row in rows if row.lane.kind is kind]
        turned = [row for row in own if not row.calm]
        if worst_first:
            turned.sort(key=lambda row: row.gravity, reverse=True)
        if own:
            calm = tuple(row for row in own if row.calm)
            found.append(Group(kind, tuple(turned), calm))
    return found


@dataclass(frozen=True, slots=True)
class Bar:
    """What is drawn of one or several segments: their worst, and how many they are."""

    worst: Segment
    begin: datetime
    end: datetime
    count: int = 1


def bars(segments: Sequence[Segment], span: Span) -> list[Bar]:
    """Segments as they can be seen: many short ones together are one bar."""
    finest = (span.end - span.begin) * FINEST
    found: list[Bar] = []
    short = False
    for one in segments:
        is_short = one.end - one.begin < finest
        last = found[-1] if found else None
        if last and short and is_short and last.end - last.begin < finest:
            worse = max(last.worst, one, key=_rank)
            found[-1] = Bar(worse, last.begin, one.end, last.count + 1)
        else:
            found.append(Bar(one, one.begin, one.end))
        short = is_short
    return found


def _rank(segment: Segment) -> int:
    return -1 if segment.status is None else segment.status.rank


def _how(row: Row) -> str:
    """What is said of a folded lane that was not simply well."""
    told = row.statuses
    if not told:
        return UNWATCHED
    if told <= WELL_ONES:
        return ""
    return WORDS[next(iter(told))]
