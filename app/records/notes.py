"""Notes, and who has which incident in hand, as rows of the database, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.domain.care import Acknowledged, Care
from app.domain.notes import About, Note, Wanted, What
from app.records.rows import Row, clean
from app.records.schema import CARES, INCIDENTS, NOTES

NOTE, CARE, INCIDENT = NOTES.c, CARES.c, INCIDENTS.c


def put(connection: sa.Connection, deployment: str, note: Note) -> None:
    """Write it anew, or let go of one that was deleted."""
    owned = NOTE.deployment == deployment, NOTE.id == note.id
    connection.execute(sa.delete(NOTES).where(*owned))
    if not note.gone:
        connection.execute(sa.insert(NOTES).values(_row(deployment, note)))


def find(connection: sa.Connection, deployment: str, wanted: Wanted) -> list[Note]:
    """What is wanted, newest first: one more than was asked for."""
    chosen = sa.select(NOTES).where(NOTE.deployment == deployment)
    if wanted.about is not None:
        about = wanted.about
        chosen = chosen.where(NOTE.about == about.what.value, NOTE.which == about.which)
    if wanted.before is not None:
        at, name = wanted.before
        older = sa.or_(NOTE.at < at, sa.and_(NOTE.at == at, NOTE.id < name))
        chosen = chosen.where(older)
    chosen = chosen.order_by(NOTE.at.desc(), NOTE.id.desc()).limit(wanted.limit + 1)
    return [_note(row) for row in connection.execute(chosen).mappings()]


def pinned(connection: sa.Connection, deployment: str) -> list[Note]:
    """However old it is."""
    chosen = sa.select(NOTES).where(NOTE.deployment == deployment, NOTE.pinned)
    return [_note(row) for row in connection.execute(chosen).mappings()]


def one(connection: sa.Connection, deployment: str, name: str) -> Note | None:
    chosen = sa.select(NOTES).where(NOTE.deployment == deployment, NOTE.id == name)
    row = connection.execute(chosen).mappings().first()
    return None if row is None else _note(row)


def put_care(connection: sa.Connection, deployment: str, care: Care) -> None:
    owned = CARE.deployment == deployment, CARE.incident == care.incident
    connection.execute(sa.delete(CARES).where(*owned))
    seen = care.acknowledged
    row = {
        "deployment": deployment,
        "incident": care.incident,
        "at": care.at,
        "acknowledged_at": None if seen is None else seen.at,
        "acknowledged_by": None if seen is None else clean(seen.by),
        "assigned": None if care.assigned is None else clean(care.assigned),
    }
    connection.execute(sa.insert(CARES).values(row))


def cares(
    connection: sa.Connection, deployment: str, incidents: Sequence[str]
) -> list[Care]:
    """Of these incidents, where there is any."""
    owned = CARE.deployment == deployment, CARE.incident.in_(incidents)
    chosen = sa.select(CARES).where(*owned)
    return [_care(row) for row in connection.execute(chosen).mappings()]


def prune(connection: sa.Connection, deployment: str, before: datetime) -> None:
    """What is older than that and belongs to no incident that is kept. The pinned
    summary stays: it is what is told now."""
    about = sa.and_(NOTE.about == What.INCIDENT.value, NOTE.which == INCIDENT.id)
    old = NOTE.deployment == deployment, NOTE.at < before, ~NOTE.pinned
    kept = _kept(deployment).where(about).exists()
    connection.execute(sa.delete(NOTES).where(*old, ~kept))
    kept = _kept(deployment).where(INCIDENT.id == CARE.incident).exists()
    old_care = CARE.deployment == deployment, CARE.at < before
    connection.execute(sa.delete(CARES).where(*old_care, ~kept))


def of_incidents(
    connection: sa.Connection, deployment: str, gone: Sequence[str]
) -> None:
    """Let go of what belongs to incidents that go."""
    notes = NOTE.deployment == deployment, NOTE.about == What.INCIDENT.value
    connection.execute(sa.delete(NOTES).where(*notes, NOTE.which.in_(gone)))
    cared = CARE.deployment == deployment, CARE.incident.in_(gone)
    connection.execute(sa.delete(CARES).where(*cared))


def _kept(deployment: str) -> sa.Select[tuple[str]]:
    return sa.select(INCIDENT.id).where(INCIDENT.deployment == deployment)


def _row(deployment: str, note: Note) -> dict[str, object]:
    return {
        "deployment": deployment,
        "id": note.id,
        "at": note.at,
        "written_by": clean(note.by),
        "about": note.about.what.value,
        "which": note.about.which,
        "text": clean(note.text),
        "pinned": note.pinned,
    }


def _note(row: Row) -> Note:
    return Note(
        row["id"],
        row["at"],
        row["written_by"],
        About(What(row["about"]), row["which"]),
        row["text"],
        bool(row["pinned"]),
    )


def _care(row: Row) -> Care:
    at, by = row["acknowledged_at"], row["acknowledged_by"]
    seen = None if at is None else Acknowledged(by, at)
    return Care(row["incident"], row["at"], seen, row["assigned"])
