"""A picture while nobody makes the next one: the last one, and how old it is. Pure.

At first only the source `collector` tells it, as somebody else may be taking over. What
nobody has looked at for a minute is no longer shown as if it were seen.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from app.domain.instants import instant
from app.domain.status import Status, worst

Json = dict[str, Any]

COLLECTOR: Final = "collector"
STALE_AFTER: Final = timedelta(minutes=1)
UNSEEN: Final = {status.value for status in (Status.STALE, Status.NO_DATA)}
SETTLED: Final = {status.value for status in (Status.ABSENT, Status.MAINTENANCE)}
"""What is so whoever looks."""
LAST_SEEN: Final = "nobody has looked since {at} UTC; it was {status} then"


def unwatched(picture: Json, since: datetime, why: str, now: datetime) -> Json:
    """`picture` at `now`, of which nothing has been heard since `since`."""
    shown = picture | {"sources": [*picture["sources"], _source(since, why)]}
    if now - since < STALE_AFTER:
        return shown
    connections = [_stale(one, since) for one in picture["connections"]]
    nodes = [_stale(one, since) for one in picture["nodes"]]
    status = worst(Status(one["status"]) for one in connections)
    told = {"connections": connections, "nodes": nodes, "status": status.value}
    return shown | told


def _source(since: datetime, why: str) -> Json:
    return {
        "name": COLLECTOR,
        "status": Status.FAILING.value,
        "last_success": instant(since),
        "age_s": None,
        "error": why,
        "feeds": 1,
        "troubled": 1,
    }


def _stale(item: Json, since: datetime) -> Json:
    was = item["status"]
    if was in UNSEEN or was in SETTLED:
        return item
    reason = {
        "witness": None,
        "status": Status.STALE.value,
        "text": LAST_SEEN.format(at=f"{since:%H:%M:%S}", status=was),
        "observed_at": instant(since),
    }
    told = {"status": Status.STALE.value, "since": instant(since + STALE_AFTER)}
    return item | told | {"reasons": [reason, *item["reasons"]]}
