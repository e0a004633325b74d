"""When somebody looked, as the file has it."""

from __future__ import annotations

import sqlite3


def watched_after(connection: sqlite3.Connection, deployment: int, at: int) -> int:
    """For how many milliseconds after `at` somebody looked."""
    (total,) = connection.execute(
        "SELECT coalesce(sum(until - max(begin, ?2)), 0) FROM watch "
        "WHERE deployment = ?1 AND until > ?2",
        (deployment, at),
    ).fetchone()
    return int(total)
