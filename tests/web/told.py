"""What the process tells of itself, as a test chooses."""

from __future__ import annotations

from datetime import UTC, datetime

from app.web.own import Own
from app.web.request_log import Manners

STARTED = datetime(2026, 11, 24, 10, 0, 0, 123000, tzinfo=UTC)


def of(live) -> dict:
    """Arguments of `create_app` that follow `live.own` and `live.trusting`."""
    own = Own(
        "0.0.0",
        STARTED,
        lambda: live.own.get("stores", ()),
        lambda: live.own.get("configuration", {}),
    )
    return {"own": own, "manners": Manners(trusts=lambda scope: live.trusting(scope))}
