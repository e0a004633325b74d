"""What was shown at a moment, for whoever names one in an address."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Final

from app.bus.base import Json
from app.domain import wire
from app.domain.instants import instant
from app.history.base import Unreadable
from app.web.api_error import UNREADABLE, ApiError, unreadable
from app.web.site import Site, Watched

NOT_YET: Final = "that moment has not come yet"
NOTHING: Final = "no picture is kept yet"
SINCE: Final = "pictures are kept from {first} on"


class NotKept(Exception):
    """There is no picture of that moment; the text says from when on there is.
    `passing`: why there may be one, and it can't be read now."""

    def __init__(self, text: str, passing: Unreadable | None = None) -> None:
        super().__init__(text)
        self.passing = passing


def recalled(watched: Watched, at: datetime, now: datetime) -> Json:
    """The picture that was shown at `at`, the ages of its sources told as of when it
    was made. Blocks: not for the event loop."""
    if at > now:
        raise NotKept(NOT_YET)
    try:
        picture = watched.moment(at)
        if picture is None:
            raise NotKept(_since(watched.past.first()))
    except Unreadable as exc:
        raise NotKept(UNREADABLE.format(why=exc), exc) from exc
    return wire.aged(picture, made_at(picture))


def _since(first: datetime | None) -> str:
    if first is None:
        return NOTHING
    return SINCE.format(first=instant(first.astimezone(UTC)))


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
        raise refused(exc) from exc


def refused(exc: NotKept) -> ApiError:
    """As the API says it."""
    if exc.passing is not None:
        return unreadable(exc.passing)
    return ApiError(404, "no_history", f"at: {exc}", "at")
