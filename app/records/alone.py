"""One dashboard writes at a time: a lock beside the file, or one inside PostgreSQL.

Both go with the process that holds them, however it ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from app.files import FileLock, Held, lock_of
from app.records.trouble import Trouble, told

TRY: Final = sa.text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")


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


def taken(place: str, by: str) -> Trouble:
    return Trouble(
        f"{place}: another dashboard keeps its records here ({by}); give this one "
        "records of its own, or end the other"
    )
