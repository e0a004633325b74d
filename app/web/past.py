"""What was shown at a moment, for whoever names one in an address."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Final

from app.bus.base import Json
from app.domain import wire
from app.domain.instants import instant
from app.web.errors import ApiError
from app.web.site import Site, Watched

NOT_YET: Final = "that moment has not come yet"
NOTHING: Final = "no picture is kept yet"
SINCE: Final = "pictures are kept from {first} on"


class NotKept(Exception):
    """There is no picture of that moment; the text says from when on there is."""


def recalled(watched: Watched, at: datetime, now: datetime) -> Json:
    """The picture that was shown at `at`, the ages of its sources told as of when it
    was made. Blocks: not for the event loop."""
    if at > now:
        raise NotKept(NOT_YET)
    picture = watched.moment(at)
    if picture is None:
        first = watched.past.first()
        since = None if first is None else instant(first.astimezone(UTC))
        raise NotKept(NOTHING if since is None else SINCE.format(first=since))
    return wire.aged(picture, made_at(picture))


def made_at(picture: Json) -> datetime:
    return datetime.fromisoformat(picture["at"])


async def seen(site: Site, deployment: str, at: datetime | None) -> Json:
    """The newest picture, or that of a moment; raises what the API answers when there
    is none."""
    if at is None:
        return site.snapshot(deployment)
    watched = site.find(deployment)
    try:
        return await asyncio.to_thread(recalled, watched, at, site.clock())
    except NotKept as exc:
        raise ApiError(404, "no_history", f"at: {exc}", "at") from exc
