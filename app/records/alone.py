"""One dashboard writes at a time: a lock beside the file, or one inside PostgreSQL.

Both go with the process that holds them, however it ends. Of several collectors the one
with the latest term takes the lock from those that led before and may not know yet: it
ends their sessions, and leaves its term, so that they can't come back.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from app.files import FileLock, Held, lock_of
from app.records.schema import TERMS
from app.records.trouble import Trouble, told

TRY: Final = sa.text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")

COLLECTS: Final = "gws-observatory collects, term "
"""How a collector calls its session, for others that were elected later."""
OLDER: Final = f"^{COLLECTS}([0-9]+)$"
NAME_US: Final = sa.text("SELECT set_config('application_name', :name, false)")
END: Final = sa.text(
    "SELECT pg_terminate_backend(held.pid) FROM pg_locks AS held"
    " JOIN pg_stat_activity AS other ON other.pid = held.pid"
    " WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1"
    " AND held.database = (SELECT oid FROM pg_database"
    "   WHERE datname = current_database())"
    " AND (held.classid::bigint::bit(32) || held.objid::bigint::bit(32))::bit(64)"
    "   ::bigint = hashtextextended(:name, 0)"
    " AND substring(other.application_name from :pattern)::bigint < :term"
)
"""Sessions of collectors of earlier terms that hold the lock."""
TRIES: Final = 30
PAUSE_S: Final = 0.1


def lock_file(file: Path) -> FileLock:
    """Raises `Trouble` when somebody else holds it, or it can't be made."""
    try:
        return FileLock(file)
    except Held as exc:
        raise taken(str(file), str(exc)) from exc
    except OSError as exc:
        raise told(str(lock_of(file)), exc) from exc


def lock_session(
    connection: sa.Connection, place: str, deployments: Iterable[str]
) -> None:
    """Held by the connection. Raises `Trouble` when another session holds one."""
    for deployment in deployments:
        name = f"gws-observatory/{deployment}"
        if not connection.execute(TRY, {"name": name}).scalar_one():
            raise taken(place, f"which watches {deployment} too")
    connection.commit()


def lead_session(
    connection: sa.Connection, place: str, deployments: Iterable[str], term: int
) -> None:
    """As `lock_session`, for a collector of this term."""
    connection.execute(NAME_US, {"name": f"{COLLECTS}{term}"})
    for deployment in deployments:
        name = f"gws-observatory/{deployment}"
        for _ in range(TRIES):
            if connection.execute(TRY, {"name": name}).scalar_one():
                break
            connection.execute(END, {"name": name, "pattern": OLDER, "term": term})
            connection.commit()
            time.sleep(PAUSE_S)
        else:
            raise taken(place, f"which watches {deployment} too")
    connection.commit()


def fence(
    connection: sa.Connection, place: str, deployments: Iterable[str], term: int
) -> None:
    """Leave our term, under the lock. Raises `Trouble` where a later one is there."""
    kept = TERMS.c
    for deployment in deployments:
        here = kept.deployment == deployment
        known = connection.execute(sa.select(kept.term).where(here)).scalar()
        if known is not None and known > term:
            raise Trouble(
                f"{place}: a collector that was elected later (term {known}, ours is "
                f"{term}) keeps the records of {deployment}"
            )
        if known is None:
            row = {"deployment": deployment, "term": term}
            connection.execute(sa.insert(TERMS).values(row))
        else:
            connection.execute(sa.update(TERMS).where(here).values(term=term))
    connection.commit()


def taken(place: str, by: str) -> Trouble:
    return Trouble(
        f"{place}: another dashboard keeps its records here ({by}); give this one "
        "records of its own, or end the other"
    )
