"""Whether the records can be kept where the configuration says, and what is there.

Nothing is changed, also beside a dashboard that keeps its records there: the schema's
missing steps are tried and taken back, and no lock is held on to.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from app.records.address import MEMORY, Address, engine
from app.records.schema import INCIDENTS
from app.records.trouble import Trouble, told
from app.records.upgrade import NEWEST, Misfit, revision, upgrade

TOUCH = sa.text("UPDATE alembic_version SET version_num = version_num")


@dataclass(frozen=True, slots=True)
class Examined:
    """`revision`: of the schema as it was found; `None`: there are no tables yet."""

    place: str
    trouble: str | None = None
    lasting: bool = True
    """Not in memory alone."""
    revision: str | None = None
    newest: str | None = None
    """The schema that this version writes."""
    incidents: int = 0
    """Of the deployments that were asked about; one that is part of another is not
    counted, as the API does not list it."""
    oldest: datetime | None = None
    """When the oldest of them began."""


def examine(address: Address, deployments: Sequence[str]) -> Examined:
    if address.url == MEMORY:
        return Examined(MEMORY, lasting=False)
    try:
        if address.file is not None:
            _may_be_made_in(address.file)
            if not address.file.exists():
                return Examined(address.place)
        return _tried(address, deployments)
    except Trouble as exc:
        return Examined(address.place, str(exc))
    except (SQLAlchemyError, Misfit, OSError) as exc:
        return Examined(
            address.place, str(told(address.place, exc, address.without_secret))
        )


def _may_be_made_in(file: Path) -> None:
    """A file of SQLite needs others beside it. To ask for rights would not do: a volume
    may be read-only for everybody."""
    try:
        with tempfile.TemporaryFile(dir=file.parent):
            pass
    except FileNotFoundError as exc:
        raise Trouble(f"{file}: its folder is not there: {file.parent}") from exc
    except OSError as exc:
        raise Trouble(
            f"{file}: nothing can be written into its folder {file.parent}: "
            f"{exc.strerror} (there must be room and rights for {file.name}.lock, -wal "
            "and -shm too)"
        ) from exc


def _tried(address: Address, deployments: Sequence[str]) -> Examined:
    # Who reads first may not write any more once somebody else has.
    opened = engine(address, begin="BEGIN IMMEDIATE")
    with opened.connect() as connection, connection.begin() as everything:
        found = revision(connection)
        upgrade(connection)
        connection.execute(TOUCH)
        count, oldest = connection.execute(_counted(deployments)).one()
        everything.rollback()
    return Examined(
        address.place,
        revision=found,
        newest=NEWEST,
        incidents=count,
        oldest=oldest,
    )


def _counted(deployments: Sequence[str]) -> sa.Select[int, Any]:
    row = INCIDENTS.c
    return sa.select(sa.func.count(), sa.func.min(row.start_at)).where(
        row.deployment.in_(deployments), row.merged_into.is_(None)
    )
