"""What another process last showed, as far as the next one can go on from it. Pure.

A picture tells since when each thing stands as it does, not what was held to get there.
So what was shown bad stays so until it has been better for as long as any measurement
must: what is taken up must not turn back and forth.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.domain.status import Status
from app.domain.subject import NodeId, Subject
from app.domain.verdict import LEVELS, LEVELS_OF, Latch, Track

Json = dict[str, Any]
FORGOTTEN: Final = {Status.STALE, Status.NO_DATA}
"""What could not be seen is looked at anew."""


def tracks(picture: Json) -> dict[Subject, Track]:
    """Where each connection and box stood; those that nobody saw are left out."""
    found: dict[Subject, Track] = {
        one["number"]: _track(one) for one in picture["connections"]
    }
    found |= {NodeId(one["id"]): _track(one) for one in picture["nodes"]}
    return {who: one for who, one in found.items() if one.status not in FORGOTTEN}


def _track(item: Json) -> Track:
    status = Status(item["status"])
    since = datetime.fromisoformat(item["since"])
    if status not in LEVELS:
        return Track(status, since)
    latches = {level: Latch() for level in LEVELS_OF[status]}
    return Track(status, since, latches=latches, bad_since=since)
