"""What is asked of the database; each incident, each window comes back whole."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.domain.incidents import Incident
from app.domain.incidents_ask import Asked
from app.domain.windows import Window
from app.records import rows
from app.records.schema import INCIDENTS, PARTS, TURNS, WINDOWS

Chosen = sa.Select[tuple[object, ...]]
ROW = INCIDENTS.c


def incidents(
    connection: sa.Connection, deployment: str, chosen: Chosen
) -> list[Incident]:
    """The chosen rows of `incidents`, in their order, with all that they have."""
    heads = connection.execute(chosen).mappings().all()
    ids = [head["id"] for head in heads]
    of: dict[str, dict[sa.Table, list[rows.Row]]] = {
        name: {table: [] for table in PARTS} for name in ids
    }
    for table in PARTS if ids else ():
        owned = table.c.deployment == deployment, table.c.incident.in_(ids)
        listed = sa.select(table).where(*owned).order_by(table.c.place)
        for row in connection.execute(listed).mappings():
            of[row["incident"]][table].append(row)
    return [rows.incident(head, of[head["id"]]) for head in heads]


def windows(connection: sa.Connection, chosen: Chosen) -> list[Window]:
    """The chosen rows of `maintenance`, in their order."""
    return [rows.window(row) for row in connection.execute(chosen).mappings()]


def lasting(deployment: str, now: datetime) -> Chosen:
    """Windows that are in force, or yet to begin."""
    end, early = WINDOWS.c.end_at, WINDOWS.c.ended_at
    return latest(deployment).where(end > now, early.is_(None))


def latest(deployment: str) -> Chosen:
    """Windows, the latest first."""
    row = WINDOWS.c
    chosen = sa.select(WINDOWS).where(row.deployment == deployment)
    return chosen.order_by(row.start_at.desc(), row.id.desc())


def alive(deployment: str, ended_since: datetime) -> Chosen:
    lately = sa.or_(ROW.end_at.is_(None), ROW.end_at >= ended_since)
    return _all(deployment).where(lately, ROW.merged_into.is_(None))


def named(deployment: str, name: str) -> Chosen:
    return _all(deployment).where(ROW.id == name)


def asked(deployment: str, wanted: Asked) -> Chosen:
    """As `app.domain.incidents_ask.matches` has it."""
    chosen = _all(deployment).where(ROW.merged_into.is_(None))
    if wanted.since is not None:
        chosen = chosen.where(sa.or_(ROW.end_at.is_(None), ROW.end_at >= wanted.since))
    if wanted.until is not None:
        chosen = chosen.where(ROW.start_at <= wanted.until)
    if wanted.kind is not None:
        chosen = chosen.where(ROW.kind == wanted.kind.value)
    if wanted.open is not None:
        chosen = chosen.where(ROW.end_at.is_(None) == wanted.open)
    if wanted.subject is not None:
        chosen = chosen.where(ROW.id.in_(_having(deployment, rows.key(wanted.subject))))
    if wanted.before is not None:
        start, name = wanted.before
        older = sa.or_(
            ROW.start_at < start, sa.and_(ROW.start_at == start, ROW.id < name)
        )
        chosen = chosen.where(older)
    return chosen


def _all(deployment: str) -> Chosen:
    newest_first = ROW.start_at.desc(), ROW.id.desc()
    return (
        sa.select(INCIDENTS).where(ROW.deployment == deployment).order_by(*newest_first)
    )


def _having(deployment: str, subject: str) -> sa.Select[tuple[str]]:
    turns = TURNS.c
    return sa.select(turns.incident).where(
        turns.deployment == deployment, turns.subject == subject
    )
