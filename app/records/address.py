"""Where the records are: an address from the configuration, and an engine for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.pool import NullPool, StaticPool

from app.secret_files import secret_in, without_secret

BUSY_S: Final = 2.0
"""How long a statement waits for somebody who reads or copies the file."""
CONNECT_S: Final = 5
MEMORY: Final = "memory"


@dataclass(frozen=True, slots=True)
class Address:
    """`memory`, `sqlite:///path` (the path is absolute) or `postgresql://...`."""

    url: str
    password_file: Path | None = None
    tls: Mapping[str, str] = field(default_factory=dict)
    """What libpq is told of whom to trust, and how we show who we are."""

    @property
    def file(self) -> Path | None:
        if not self.url.startswith("sqlite:"):
            return None
        return Path("/" + self.url.removeprefix("sqlite:").lstrip("/"))

    @property
    def place(self) -> str:
        """What an operator calls it."""
        return str(self.file or self.url)

    def without_secret(self, text: str) -> str:
        return without_secret(text, self.password_file)

    def sign_in(
        self, dialect: object, record: object, args: object, given: dict[str, Any]
    ) -> None:
        """Read at each connection: a password may be changed meanwhile."""
        if self.password_file is not None:
            given["password"] = secret_in(self.password_file)


def engine(address: Address, *, begin: str = "BEGIN") -> sa.Engine:
    """Nothing is opened yet. Each connection is new, so that a file that was moved or a
    server that was restarted is met as it is. `begin`: how SQLite does it."""
    if address.url == MEMORY:
        made = sa.create_engine(
            "sqlite://",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
        )
        sa.event.listen(made, "connect", _prepare_sqlite)
    elif address.file is not None:
        made = sa.create_engine(
            sa.URL.create("sqlite", database=str(address.file)),
            poolclass=NullPool,
            connect_args={"timeout": BUSY_S, "check_same_thread": False},
        )
        sa.event.listen(made, "connect", _prepare_sqlite)
    else:
        return _postgresql(address)
    # Python's own way of beginning transactions would leave out the schema's changes.
    sa.event.listen(made, "begin", lambda conn: conn.exec_driver_sql(begin))
    return made


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _postgresql(address: Address) -> sa.Engine:
    made = sa.create_engine(
        sa.make_url(address.url).set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        connect_args={
            "connect_timeout": CONNECT_S,
            "application_name": "gws-observatory",
            "options": "-c statement_timeout=10s -c timezone=utc",
            **address.tls,
        },
    )
    sa.event.listen(made, "do_connect", address.sign_in)
    return made
