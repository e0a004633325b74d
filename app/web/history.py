"""The last hour of one connection: `/api/v1/deployments/<id>/connections/<n>/history`.

What is older, or finer, than what is kept is refused rather than answered with less.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from app.bus.base import Json
from app.domain.hour import SPAN_S, STEP_S, Series
from app.domain.instants import instant
from app.web import schema
from app.web.api import DeploymentPath, NumberPath, json, no_history, part_of, says
from app.web.errors import ApiError
from app.web.site import Site
from app.web.times import Moment as Moment

SPAN: Final = timedelta(seconds=SPAN_S)
SLACK: Final = timedelta(seconds=30)
"""Who asks for the hour before now asks a little before we hear it."""
NO_OLDER: Final = "Only the last hour is kept."


From = Annotated[
    Moment | None,
    Query(
        alias="from", description="an hour ago at the earliest, which is the default"
    ),
]
To = Annotated[Moment | None, Query(description="now, unless it is told")]
Step = Annotated[
    int, Query(description="seconds; what is kept has 15", ge=STEP_S, le=STEP_S)
]


def history_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["deployments"])

    @router.get(
        "/{deployment}/connections/{number}/history",
        responses=says(schema.History, 404, 422, 503),
        dependencies=[Depends(no_history)],
    )
    async def get_history(
        deployment: DeploymentPath,
        number: NumberPath,
        since: From = None,
        to: To = None,
        step: Step = STEP_S,
    ) -> Response:
        """The live numbers of one connection within the last hour, a series each."""
        part_of(site, deployment, ("connections", "number"), number)
        begin, end = asked(since, to, site.clock())
        series = site.find(deployment).lately(number, begin, end)
        return json(written(begin, end, series))

    return router


def asked(
    since: datetime | None, to: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    """What may be answered; raises a 404 for what is no longer kept."""
    oldest = now - SPAN
    for name, moment in (("from", since), ("to", to)):
        if moment is not None and moment < oldest - SLACK:
            raise ApiError(404, "no_history", f"{name}: {NO_OLDER}", name)
    begin, end = min(since or oldest, now), min(to or now, now)
    if begin > end:
        raise ApiError(422, "invalid", "from: it is later than `to`", "from")
    return begin.astimezone(UTC), end.astimezone(UTC)


def written(begin: datetime, end: datetime, series: Series) -> Json:
    """As the API tells it."""
    return {
        "step_s": STEP_S,
        "from": instant(begin),
        "to": instant(end),
        "series": {
            name: [
                (instant(datetime.fromtimestamp(at, UTC)), value, by or None)
                for at, value, by in points
            ]
            for name, points in series.items()
        },
    }
