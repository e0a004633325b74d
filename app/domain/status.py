"""The eight statuses, the same everywhere: API, DOM, metrics, exports.

A status is worse than another when its `rank` is larger, so the worst of several is
the one to show. Two statuses are about the connection (`failing`, `degraded`); two are
about our own sight (`stale`, `no_data`): they never wait and never hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """How a connection, a box or a source is. See `RANK` for the order."""

    FAILING = "failing"
    DEGRADED = "degraded"
    STALE = "stale"
    NO_DATA = "no_data"
    MAINTENANCE = "maintenance"
    IDLE = "idle"
    OK = "ok"
    ABSENT = "absent"

    @property
    def rank(self) -> int:
        """Place in the roll-up, 7 (failing) down to 0 (absent)."""
        return RANK[self]


RANK: Final[dict[Status, int]] = {
    status: 7 - place for place, status in enumerate(Status)
}


def worst(statuses: Iterable[Status], default: Status = Status.NO_DATA) -> Status:
    """The status to show for a group; `default` when the group is empty."""
    return max(statuses, key=lambda status: status.rank, default=default)
