"""Which steps are sealed into chunks of which length, and until when."""

from __future__ import annotations

import sqlite3
from typing import Final

from app.domain.measures import HOUR_S, MINUTE_S, RAW_S, TEN_MINUTES_S

PERIOD_S: Final = 6 * 3600
"""So much is sealed at once. It is a divisor of each span."""
SPANS: Final = {
    RAW_S: PERIOD_S,
    MINUTE_S: 86400,
    TEN_MINUTES_S: 8 * 86400,
    HOUR_S: 32 * 86400,
}
"""How long a chunk is, in seconds: some thousand steps."""


def sealed_until(connection: sqlite3.Connection, own: int) -> int:
    """In seconds. What is in chunks beyond it, is being sealed: it is still in rows."""
    (sealed,) = connection.execute(
        "SELECT sealed FROM deployment WHERE id = ?", (own,)
    ).fetchone()
    return int(sealed)
