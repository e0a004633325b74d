"""What turned, and when: `/api/v1/deployments/<id>/timeline`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from app.bus.base import Json
from app.domain.timeline import LONGEST
from app.domain.timeline_wire import encode
from app.web.api import DeploymentPath, json, says
from app.web.api_error import ApiError
from app.web.history import Moment
from app.web.schema_timeline import Timeline
from app.web.site import Site, Watched

USUAL: Final = timedelta(hours=1)
OLDEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Nothing is known of what was before, and calendars end."""

From = Annotated[
    Moment | None, Query(alias="from", description="an hour before `to`, unless told")
]
To = Annotated[Moment | None, Query(description="now, unless told")]


def timeline_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["deployments"])

    @router.get("/{deployment}/timeline", responses=says(Timeline, 404, 422))
    async def get_timeline(
        deployment: DeploymentPath, since: From = None, to: To = None
    ) -> Response:
        """Every lane (a connection, a box, a source) as segments of its status, and
        what turned, in at most 31 days and 5000 turns."""
        watched = site.find(deployment)
        begin, end = asked(since, to, site.clock())
        return json(await asyncio.to_thread(_told, watched, begin, end))

    return router


def _told(watched: Watched, begin: datetime, end: datetime) -> Json:
    return encode(watched.turned(begin, end), begin, end)


def asked(
    since: datetime | None, to: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    """The span that is meant; raises a 422 for one that can't be answered."""
    end = min(_known(to), now) if to is not None else now
    begin = min(_known(since), now) if since is not None else end - USUAL
    if begin > end:
        raise ApiError(422, "invalid", "from: it is later than `to`", "from")
    if end - begin > LONGEST:
        text = f"from: a span is {LONGEST.days} days at the most"
        raise ApiError(422, "invalid", text, "from")
    return begin, end


def _known(moment: datetime) -> datetime:
    try:
        return max(moment.astimezone(UTC), OLDEST)
    except OverflowError:
        return OLDEST if moment.year == 1 else datetime.max.replace(tzinfo=UTC)
