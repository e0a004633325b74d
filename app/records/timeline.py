"""Turns and watches in the database: what is written, asked for and let go of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.timeline import AGAIN, Kind, Lane, Left, Told, Turn, Watch, What
from app.records.rows import Row
from app.records.schema import TIMELINE, WATCHES

AT: Final = TIMELINE.c
BACK: Final = AGAIN + timedelta(hours=1)
"""Every lane is told again within this; an hour for who looks when nothing is heard."""


def put(
    connection: sa.Connection,
    deployment: str,
    turns: Sequence[Turn],
    watches: Sequence[Watch],
) -> None:
    """Write each anew."""
    if turns:
        known = sa.delete(TIMELINE).where(
            AT.deployment == deployment,
            AT.at == sa.bindparam("of_at"),
            AT.place == sa.bindparam("of_place"),
        )
        keys = [{"of_at": one.at, "of_place": one.place} for one in turns]
        connection.execute(known, keys)
        connection.execute(sa.insert(TIMELINE), [_row(deployment, t) for t in turns])
    for one in watches:
        here = WATCHES.c.deployment == deployment, WATCHES.c.began == one.began
        connection.execute(sa.delete(WATCHES).where(*here))
        row = {"deployment": deployment, "began": one.began, "until": one.until}
        connection.execute(sa.insert(WATCHES).values(row))


def told(
    connection: sa.Connection,
    deployment: str,
    begin: datetime,
    end: datetime,
    most: int,
) -> Told:
    """All between two moments; of more turns than so many, the newest."""
    found = newest(connection, deployment, begin, end, most + 1)
    cut = len(found) > most
    whole_from = found[1].at if cut else None
    first = whole_from or begin
    within = [turn for turn in found if turn.at >= first]
    before = carried(connection, deployment, first)
    looked = watches(connection, deployment, begin, end)
    return Told((*before, *within), tuple(looked), whole_from)


def newest(
    connection: sa.Connection,
    deployment: str,
    begin: datetime,
    end: datetime,
    most: int,
) -> list[Turn]:
    """Those between two moments, in time; of more than so many, the newest."""
    chosen = sa.select(TIMELINE).where(
        AT.deployment == deployment, AT.at >= begin, AT.at <= end
    )
    chosen = chosen.order_by(AT.at.desc(), AT.place.desc()).limit(most)
    found = [_turn(row) for row in connection.execute(chosen).mappings()]
    return found[::-1]


def carried(connection: sa.Connection, deployment: str, at: datetime) -> list[Turn]:
    """Of every lane the last status before a moment."""
    rank = sa.func.row_number().over(
        partition_by=(AT.kind, AT.name), order_by=(AT.at.desc(), AT.place.desc())
    )
    before = (
        sa.select(TIMELINE, rank.label("rank"))
        .where(
            AT.deployment == deployment,
            AT.at < at,
            AT.at >= at - BACK,
            AT.what == What.STATUS.value,
        )
        .subquery()
    )
    last = sa.select(before).where(before.c.rank == 1).order_by(before.c.at)
    return [_turn(row) for row in connection.execute(last).mappings()]


def watches(
    connection: sa.Connection, deployment: str, begin: datetime, end: datetime
) -> list[Watch]:
    """Those of which any part lies between two moments, in time."""
    row = WATCHES.c
    chosen = sa.select(row.began, row.until).where(
        row.deployment == deployment, row.until >= begin, row.began <= end
    )
    found = connection.execute(chosen.order_by(row.began)).mappings()
    return [Watch(one["began"], one["until"]) for one in found]


def left(connection: sa.Connection, deployment: str) -> Left:
    """The last status of every lane that was told."""
    row = WATCHES.c
    asked = sa.select(sa.func.max(row.until)).where(row.deployment == deployment)
    until = connection.execute(asked).scalar_one()
    if until is None:
        return Left()
    after = until + timedelta(microseconds=1)
    turns = carried(connection, deployment, after)
    return Left(tuple((one.lane, one.status) for one in turns if one.status))


def prune(
    connection: sa.Connection, deployment: str, before: datetime | None, most: int
) -> None:
    """Let go of what was before a moment, and of the oldest beyond so many turns."""
    owned = AT.deployment == deployment
    surplus = sa.select(AT.at).where(owned).order_by(AT.at.desc()).offset(most).limit(1)
    oldest = connection.execute(surplus).scalar_one_or_none()
    if oldest is not None:
        connection.execute(sa.delete(TIMELINE).where(owned, AT.at <= oldest))
    if before is not None:
        connection.execute(sa.delete(TIMELINE).where(owned, AT.at < before))
        row = WATCHES.c
        over = row.deployment == deployment, row.until < before
        connection.execute(sa.delete(WATCHES).where(*over))


def _row(deployment: str, turn: Turn) -> dict[str, Any]:
    return {
        "deployment": deployment,
        "at": turn.at,
        "place": turn.place,
        "kind": turn.lane.kind.value,
        "name": turn.lane.name,
        "what": turn.what.value,
        "status": turn.status and turn.status.value,
        "was": turn.was and turn.was.value,
        "exact": turn.exact,
        "witness": turn.witness and turn.witness.value,
        "text": _plain(turn.text),
    }


def _turn(row: Row) -> Turn:
    return Turn(
        row["at"],
        row["place"],
        Lane(Kind(row["kind"]), row["name"]),
        What(row["what"]),
        Status(row["status"]) if row["status"] else None,
        Status(row["was"]) if row["was"] else None,
        bool(row["exact"]),
        Witness(row["witness"]) if row["witness"] else None,
        row["text"],
    )


def _plain(text: str) -> str:
    """What every database takes: a text from outside may hold anything."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")
