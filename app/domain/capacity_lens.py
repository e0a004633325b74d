"""What the capacity lens draws on a connection: its width by p95 load, its fill by the
headroom that is left, its label by the days that are left."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Final

from app.domain.capacity import Fill, Headroom, Lens, LensMark, SubjectReview
from app.domain.capacity_figures import days_label, days_left, figure
from app.domain.capacity_terms import FULL, Measure, Role, Unit
from app.domain.subject import Subject
from app.domain.topology import Topology

WIDTHS: Final[Mapping[Unit, tuple[float, ...]]] = {
    Unit.PER_SECOND: (1, 10, 100, 1000),
    Unit.CONNECTIONS: (5, 25, 125, 625),
}
"""Fixed, so that two moments and two deployments can be compared."""


def lens(topology: Topology, subjects: Iterable[SubjectReview]) -> Lens:
    """A mark for each connection. One without a limit of its own has that of the box at
    its end."""
    known = {one.subject: one for one in subjects}
    marks = []
    for connection in topology.connections:
        own = known[connection.number]
        of, room = _room(own, known[connection.destination])
        marks.append(_mark(connection.number, own.measure(Role.LOAD), of, room))
    return Lens(tuple(marks), WIDTHS)


def _room(
    own: SubjectReview, end: SubjectReview
) -> tuple[Subject | None, Headroom | None]:
    for one in (own, end):
        if one.tightest is not None:
            return one.subject, one.tightest
    return None, None


def _mark(
    number: int, load: Measure | None, of: Subject | None, room: Headroom | None
) -> LensMark:
    width = bisect_right(WIDTHS[load.unit], load.p95) + 1 if load else 0
    return LensMark(
        number=number,
        width=width,
        load=load.p95 if load else None,
        load_unit=load.unit if load else None,
        fill=_fill(room),
        free=room.free if room else None,
        label=days_label(room.until_full) if room else "",
        told=_told(load, of, room),
        of=of,
    )


def _fill(room: Headroom | None) -> Fill:
    if room is None:
        return Fill.UNKNOWN
    if room.share >= FULL:
        return Fill.FULL
    return Fill.NEAR if room.used >= room.mark else Fill.FREE


def _told(load: Measure | None, of: Subject | None, room: Headroom | None) -> str:
    """`p95 12.3 requests/s; 69% of saturation free; full in 41 to 66 days`."""
    first = f"p95 {figure(load.p95, load.unit).text}" if load else "no load measured"
    if room is None:
        return f"{first}; no limit known"
    whose = f" of {of}" if isinstance(of, str) and of else ""
    free = f"{figure(room.free, Unit.SHARE).text} of {room.limit}{whose} free"
    return f"{first}; {free}; until full: {days_left(room.until_full)}"
