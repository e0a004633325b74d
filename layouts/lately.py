"""What has turned within the last ten minutes, for better or worse: its badge or its
box has a turned corner for so long.

`assets/lately.js` says the same in the browser and takes the marks away in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.domain.status import Status
from layouts import figures
from layouts.says import State

LASTING_S: Final = 600
SETTLING_S: Final = 60
"""What comes up together with everything else has not turned: it is known since."""
TROUBLE: Final = (Status.FAILING, Status.DEGRADED, Status.STALE)


def known_since(snapshot: Mapping[str, Any]) -> datetime | None:
    """The oldest moment that any part of the picture is as it is."""
    parts = [*snapshot["connections"], *snapshot["nodes"]]
    moments = [part["since"] for part in parts if part["since"]]
    return figures.moment(min(moments, default=None))


def turned(state: State, known: datetime | None, now: datetime) -> bool:
    """Has it turned lately? Trouble always counts; well, only what was otherwise."""
    since = figures.moment(state["since"])
    if since is None or known is None or (now - since).total_seconds() >= LASTING_S:
        return False
    settled = (since - known).total_seconds() > SETTLING_S
    return settled or state["status"] in TROUBLE
