"""What the database lets go of: what was over long ago, with all that belongs to it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app.records import notes
from app.records.schema import INCIDENTS, WINDOWS

ROW = INCIDENTS.c
WHOLE = INCIDENTS.alias("whole")


def incidents(
    connection: sa.Connection, deployment: str, ended_before: datetime, most: int
) -> int:
    """The oldest, `most` of them; how many there were. One that is part of another goes
    after that one, which tells of it; one that is open has no end and stays."""
    part_of = (
        sa.select(WHOLE.c.id)
        .where(
            WHOLE.c.deployment == ROW.deployment,
            WHOLE.c.id == ROW.merged_into,
        )
        .exists()
    )
    chosen = sa.select(ROW.id).where(
        ROW.deployment == deployment, ROW.end_at < ended_before, ~part_of
    )
    ids = connection.execute(chosen.order_by(ROW.end_at).limit(most)).scalars().all()
    if ids:
        owned = ROW.deployment == deployment, ROW.id.in_(ids)
        notes.of_incidents(connection, deployment, ids)
        connection.execute(sa.delete(INCIDENTS).where(*owned))
    return len(ids)


def windows(connection: sa.Connection, deployment: str, over_before: datetime) -> None:
    """All that were over by then; one may have been ended before its time."""
    row = WINDOWS.c
    over = sa.or_(row.end_at < over_before, row.ended_at < over_before)
    connection.execute(sa.delete(WINDOWS).where(row.deployment == deployment, over))
