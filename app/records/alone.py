"""One dashboard writes at a time: a lock beside the file, or one inside PostgreSQL.

Both go with the process that holds them, however it ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from app.records.trouble import Trouble, told

TRY: Final = sa.text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))")


class FileLock:
    """Held on `<file>.lock`: another program may still read or copy the file itself."""

    def __init__(self, file: Path) -> None:
        """Raises `Trouble` when somebody else holds it, or it can't be made."""
        path = file.with_name(f"{file.name}.lock")
        try:
            self._held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as exc:
            raise told(str(path), exc) from exc
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            holder = os.pread(self._held, 20, 0).decode("ascii", "replace").strip()
            os.close(self._held)
            raise taken(str(file), f"process {holder or 'unknown'}") from exc
        os.ftruncate(self._held, 0)
        os.pwrite(self._held, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        os.close(self._held)


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
