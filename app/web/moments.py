"""Of which moments pictures are kept: `/api/v1/deployments/<id>/moments`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.bus.base import Json
from app.domain.instants import instant
from app.web.api import DeploymentPath, json, says
from app.web.measured import reading
from app.web.schema_moments import Moments
from app.web.site import Site, Watched
from app.web.times import Moment

From = Annotated[
    Moment | None,
    Query(alias="from", description="from the oldest on, unless it is told"),
]
To = Annotated[Moment | None, Query(description="now, unless it is told")]
Turned = Annotated[bool, Query(description="only those at which something turned")]


def moments_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["deployments"])

    @router.get("/{deployment}/moments", responses=says(Moments, 404, 422, 503))
    async def list_moments(
        deployment: DeploymentPath,
        since: From = None,
        to: To = None,
        turned: Turned = False,
    ) -> Response:
        """The moments of which a picture is kept, in order."""
        watched, until = site.find(deployment), to or site.clock()
        return json(await reading(_told, watched, since, until, turned))

    return router


def _told(
    watched: Watched, since: datetime | None, until: datetime, turned: bool
) -> Json:
    first = watched.past.first()
    if first is None:
        return {"first": None, "moments": []}
    found = watched.past.between(since or first, until)
    return {
        "first": instant(first.astimezone(UTC)),
        "moments": [
            {"at": instant(one.at.astimezone(UTC)), "turned": one.turned}
            for one in found
            if one.turned or not turned
        ],
    }
