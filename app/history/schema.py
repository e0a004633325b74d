"""The tables of the history's file, and the steps from an older form to the newest.

Moments are milliseconds since 1970, in UTC; the beginnings of steps and chunks are
whole seconds. A subject is a connection's number or a box's id, as text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from app.history.base import Unreadable

OURS: Final = 0x67777368
"""Our mark in the file's head (`application_id`): `gwsh`."""
PAGE_BYTES: Final = 8192

FIRST: Final = """
CREATE TABLE deployment (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    sealed INTEGER NOT NULL DEFAULT 0  -- what began before it is in chunks
);
CREATE TABLE layout (
    id INTEGER PRIMARY KEY,
    columns BLOB NOT NULL UNIQUE  -- JSON: [[subject, metric], ...]
);
CREATE TABLE step (
    deployment INTEGER NOT NULL,
    at INTEGER NOT NULL,
    layout INTEGER NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (deployment, at)
);
CREATE TABLE chunk (
    deployment INTEGER NOT NULL,
    step_s INTEGER NOT NULL,
    subject TEXT NOT NULL,
    begin INTEGER NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (deployment, step_s, subject, begin)
);
CREATE TABLE turn (
    deployment INTEGER NOT NULL,
    subject TEXT NOT NULL,
    at INTEGER NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (deployment, subject, at)
) WITHOUT ROWID;
CREATE INDEX turn_at ON turn (deployment, at);
CREATE TABLE watch (
    deployment INTEGER NOT NULL,
    begin INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (deployment, begin)
) WITHOUT ROWID;
CREATE TABLE picture (
    id INTEGER PRIMARY KEY,
    deployment INTEGER NOT NULL,
    at INTEGER NOT NULL,
    turned INTEGER NOT NULL,
    base INTEGER,  -- the picture that it is packed against
    packed BLOB NOT NULL
);
CREATE INDEX picture_at ON picture (deployment, at, turned, base);
CREATE TABLE loss (
    begin INTEGER NOT NULL,
    until INTEGER NOT NULL,
    why TEXT NOT NULL
);
"""
LADDER: Final = (FIRST,)
"""Step `i` leads from `user_version` `i` to the next one. None is ever changed."""


def prepare(connection: sqlite3.Connection) -> None:
    """What every connection that writes needs. Pages of old chunks can be given back
    (`incremental`); nobody who writes waits for the file itself (no `autocheckpoint`:
    the tender does that)."""
    connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
    connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")


def upgrade(connection: sqlite3.Connection, ladder: Sequence[str] = LADDER) -> None:
    """Bring the tables up to date, a step in a transaction each. Raises `Unreadable`,
    as `version_of` does."""
    for number in range(version_of(connection, ladder), len(ladder)):
        connection.executescript(
            f"BEGIN IMMEDIATE; {ladder[number]}; PRAGMA application_id={OURS};"
            f"PRAGMA user_version={number + 1}; COMMIT;"
        )


def version_of(connection: sqlite3.Connection, ladder: Sequence[str] = LADDER) -> int:
    """The form of the tables; 0: there are none. Raises `Unreadable` for what is
    somebody else's, or of a newer version."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if mark != OURS and (mark or version or tables):
        raise Unreadable("it is a database of something else: name another file")
    if version > len(ladder):
        raise Unreadable(
            f"a newer version of this program wrote it (form {version}, this one knows "
            f"{len(ladder)}): go back to that version, or give this one another file"
        )
    return int(version)
