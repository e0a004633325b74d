"""Whether history can be kept in a file, and what is there. Nothing is changed, also
beside a dashboard that keeps its history there."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.history.base import Unreadable
from app.history.file import File
from app.history.reading import moment
from app.history.retention import size
from app.history.schema import LADDER, version_of


@dataclass(frozen=True, slots=True)
class Examined:
    """`form`: of its tables as they were found; `None`: there is no file yet."""

    place: str
    trouble: str | None = None
    form: int | None = None
    newest: int = len(LADDER)
    """The form that this version writes."""
    bytes: int = 0
    since: datetime | None = None
    until: datetime | None = None
    """From when to when somebody looked."""
    losses: int = 0
    """How often something could not be kept."""


def examine(path: Path) -> Examined:
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as exc:
        told = f"nothing can be written into its folder {path.parent}: {exc.strerror}"
        return Examined(str(path), told)
    if not path.exists():
        return Examined(str(path))
    try:
        return _looked_into(path)
    except Unreadable as exc:
        return Examined(str(path), str(exc))


def _looked_into(path: Path) -> Examined:
    with File(path).reading() as connection:
        form = version_of(connection)
        if not form:
            return Examined(str(path))
        used = size(connection)
        since, until = connection.execute(
            "SELECT min(begin), max(until) FROM watch"
        ).fetchone()
        (losses,) = connection.execute("SELECT count(*) FROM loss").fetchone()
    return Examined(
        str(path),
        form=form,
        bytes=used.used + used.empty,
        since=None if since is None else moment(since),
        until=None if until is None else moment(until),
        losses=losses,
    )
