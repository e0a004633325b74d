"""The schema's missing steps, run by Alembic; to load it takes as long as all else of
the records, so that it is loaded only where a step is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from app.records.schema import METADATA

MIGRATIONS: Final = Path(__file__).parent / "migrations"
NEWEST: Final = "0007"
"""The last of the steps."""
FOUND: Final = sa.text("SELECT version_num FROM alembic_version")
MADE: Final = (
    sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"),
    sa.text(f"INSERT INTO alembic_version VALUES ('{NEWEST}')"),
)


class Misfit(Exception):
    """What is there was made by no version that is known here."""


def upgrade(connection: sa.Connection) -> None:
    """In the connection's transaction. Raises `Misfit`."""
    if revision(connection) == NEWEST:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as exc:
        raise Misfit(str(exc)) from exc


def make(connection: sa.Connection) -> None:
    """All tables as they are now, where there is none that could be older."""
    if revision(connection) is None:
        METADATA.create_all(connection)
        for statement in MADE:
            connection.execute(statement)


def revision(connection: sa.Connection) -> str | None:
    """The last step that was run; `None`: there are no tables yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(FOUND).scalar_one_or_none()
    return found
