"""The hours of past weeks in the database: one row for each connection and hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.domain.habits import Hour
from app.records.schema import HABITS

COLUMNS = HABITS.c


def put(
    connection: sa.Connection,
    deployment: str,
    hours: Sequence[Hour],
    oldest: datetime,
) -> None:
    """Write each anew; let go of what is older than `oldest`."""
    rows = [{name: getattr(one, name) for name in Hour.__slots__} for one in hours]
    known = sa.delete(HABITS).where(
        COLUMNS.deployment == deployment,
        COLUMNS.number == sa.bindparam("of_number"),
        COLUMNS.at == sa.bindparam("of_hour"),
    )
    keys = [{"of_number": one.number, "of_hour": one.at} for one in hours]
    connection.execute(known, keys)
    old = sa.delete(HABITS).where(COLUMNS.deployment == deployment, COLUMNS.at < oldest)
    connection.execute(old)
    owned = [{"deployment": deployment, **row} for row in rows]
    connection.execute(sa.insert(HABITS), owned)


def get(
    connection: sa.Connection, deployment: str, oldest: datetime
) -> tuple[Hour, ...]:
    """Those of a deployment that are not too old, in no order."""
    columns = [COLUMNS[name] for name in Hour.__slots__]
    chosen = sa.select(*columns).where(
        COLUMNS.deployment == deployment, COLUMNS.at >= oldest
    )
    return tuple(Hour(**row) for row in connection.execute(chosen).mappings())
