"""What is marked in a connection's charts: incidents that it was part of, and what was
worked on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.incidents import Incident
from app.domain.status import Status
from app.domain.topology import Topology
from app.domain.windows import Window, covered

MOST: Final = 20
"""Of one kind, the latest; more would be a haze."""


@dataclass(frozen=True, slots=True)
class Span:
    """`status`: `failing` or `degraded` for an incident, else `maintenance`. `ends_at`:
    `None` while it lasts."""

    id: str
    status: Status
    begins_at: datetime
    ends_at: datetime | None
    text: str

    def within(self, since: datetime, until: datetime) -> bool:
        """Does any part of it lie between these moments?"""
        over = self.ends_at is not None and self.ends_at < since
        return not over and self.begins_at <= until


def spans(
    topology: Topology,
    number: int,
    incidents: Iterable[Incident],
    windows: Iterable[Window],
    now: datetime,
) -> tuple[Span, ...]:
    """In the order in which they began. A window that is yet to begin is none."""
    found = [
        *sorted(_of_incidents(number, incidents), key=_begin)[-MOST:],
        *sorted(_of_windows(topology, number, windows, now), key=_begin)[-MOST:],
    ]
    return tuple(sorted(found, key=_begin))


def _begin(span: Span) -> datetime:
    return span.begins_at


def _of_incidents(number: int, incidents: Iterable[Incident]) -> list[Span]:
    """From when this very connection turned bad until it was well again."""
    return [
        Span(
            incident.id,
            member.worst,
            member.turns[0].at,
            None if member.bad else member.turns[-1].at,
            f"incident {incident.id}, {incident.kind.value}",
        )
        for incident in incidents
        for member in incident.members
        if member.subject == number
    ]


def _of_windows(
    topology: Topology, number: int, windows: Iterable[Window], now: datetime
) -> list[Span]:
    """Also those over the box that answers."""
    about = {number, topology.connection(number).destination}
    return [
        Span(
            window.id,
            Status.MAINTENANCE,
            window.starts_at,
            window.ended_at or (window.ends_at if window.over(now) else None),
            f"maintenance by {window.by}: {window.why}",
        )
        for window in windows
        if window.starts_at <= now and about & {*covered(window, topology)}
    ]
