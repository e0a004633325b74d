"""Incidents and maintenance windows, as they are put into the database."""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.incidents import Incident
from app.domain.windows import Window
from app.records import rows
from app.records.schema import INCIDENTS, WINDOWS


def incident(connection: sa.Connection, deployment: str, one: Incident) -> None:
    """Its row stays where it is: others may refer to it."""
    _replace(connection, INCIDENTS, rows.head(deployment, one))
    for table, of in rows.parts(deployment, one).items():
        owned = table.c.deployment == deployment, table.c.incident == one.id
        connection.execute(sa.delete(table).where(*owned))
        if of:
            connection.execute(sa.insert(table), of)


def window(connection: sa.Connection, deployment: str, one: Window) -> None:
    _replace(connection, WINDOWS, rows.window_row(deployment, one))


def _replace(connection: sa.Connection, table: sa.Table, row: rows.Row) -> None:
    here = table.c.deployment == row["deployment"], table.c.id == row["id"]
    if not connection.execute(sa.update(table).where(*here).values(row)).rowcount:
        connection.execute(sa.insert(table).values(row))
