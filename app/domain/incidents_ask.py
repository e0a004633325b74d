"""Which incidents somebody asks for, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.incidents import Incident, Kind
from app.domain.subject import Subject

Place = tuple[datetime, str]
"""Where an incident stands in the list: by its start, then by its id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`None`: whatever it is. An incident is between two moments when any part of it
    is; `before`: only those that stand after this place in a list, newest first."""

    since: datetime | None = None
    until: datetime | None = None
    kind: Kind | None = None
    open: bool | None = None
    subject: Subject | None = None
    before: Place | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Page:
    """`more`: there are older ones. `trouble`: why only those in memory are here."""

    incidents: tuple[Incident, ...]
    more: bool = False
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """Of the records. `trouble`: why nothing is written now; `well_at`: when it last
    was."""

    trouble: str | None = None
    well_at: datetime | None = None


def place(incident: Incident) -> Place:
    return incident.start, incident.id


def matches(incident: Incident, asked: Asked) -> bool:
    """Part of another is no incident of its own."""
    return (
        incident.into is None
        and _within(incident, asked)
        and asked.kind in (None, incident.kind)
        and asked.open in (None, incident.open)
        and (asked.before is None or place(incident) < asked.before)
        and (asked.subject is None or _has(incident, asked.subject))
    )


def page(found: list[Incident], asked: Asked, trouble: str | None = None) -> Page:
    """The newest of them, as many as were asked for."""
    fitting = sorted(
        (one for one in found if matches(one, asked)), key=place, reverse=True
    )
    first = tuple(fitting[: asked.limit])
    return Page(first, len(fitting) > len(first), trouble)


def _within(incident: Incident, asked: Asked) -> bool:
    ended_before = (
        asked.since is not None
        and incident.end is not None
        and incident.end < asked.since
    )
    begins_after = asked.until is not None and incident.start > asked.until
    return not (ended_before or begins_after)


def _has(incident: Incident, subject: Subject) -> bool:
    return any(member.subject == subject for member in incident.members)
