"""The numbers of one connection or box over time, a series for each metric:
`/api/v1/deployments/<id>/connections/<n>/history` and `.../nodes/<id>/history`.

A connection's last hour is in memory, and knows who told what afterwards; all else is
what history keeps. What is kept no more is refused rather than passed over.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from app.bus.base import Json
from app.domain.hour import SPAN_S, STEP_S, Series
from app.domain.instants import instant
from app.domain.subject import NodeId, Subject
from app.web import schema
from app.web.api import (
    DeploymentPath,
    NodePath,
    NumberPath,
    json,
    no_history,
    part_of,
    says,
)
from app.web.asked import wrong
from app.web.heavy import Heavy
from app.web.measured import StepS, reading, span_of, usual_step
from app.web.site import Site, Watched
from app.web.times import Moment as Moment

SPAN: Final = timedelta(seconds=SPAN_S)
SLACK: Final = timedelta(seconds=30)
"""Who asks for the hour before now asks a little before we hear it."""
MOST_STEPS: Final = 12_000
"""Two days of the finest, and three months of ten minutes."""


From = Annotated[
    Moment | None, Query(alias="from", description="an hour before `to`, unless told")
]
To = Annotated[Moment | None, Query(description="now, unless told")]


def history_router(site: Site, heavy: Heavy) -> APIRouter:
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
        step: StepS = None,
    ) -> Response:
        """The numbers of one connection, a series each."""
        part_of(site, deployment, ("connections", "number"), number)
        now, watched = site.clock(), site.find(deployment)
        begin, end = span_of(since, to, now, SPAN)
        if step in (None, STEP_S) and begin >= now - SPAN - SLACK:
            series = await reading(watched.lately, number, begin, end)
            return json(written(begin, end, series))
        return await _of_kept(heavy, watched, number, (begin, end), step)

    @router.get(
        "/{deployment}/nodes/{node}/history",
        responses=says(schema.NodeHistory, 404, 422, 503),
        dependencies=[Depends(no_history)],
    )
    async def get_node_history(
        deployment: DeploymentPath,
        node: NodePath,
        since: From = None,
        to: To = None,
        step: StepS = None,
    ) -> Response:
        """The numbers of one box, a series each."""
        part_of(site, deployment, ("nodes", "id"), node)
        span = span_of(since, to, site.clock(), SPAN)
        return await _of_kept(heavy, site.find(deployment), NodeId(node), span, step)

    return router


async def _of_kept(
    heavy: Heavy,
    watched: Watched,
    subject: Subject,
    span: tuple[datetime, datetime],
    step: int | None,
) -> Response:
    begin, end = span
    step_s = usual_step(end - begin) if step is None else int(step)
    if (end - begin).total_seconds() > MOST_STEPS * step_s:
        days = MOST_STEPS * step_s / 86400
        text = f"at {step_s} s a span is {days:.3g} days at the most: ask for a coarser"
        raise wrong("step", f"{text} step or fewer days")
    await heavy.load()
    from app.web.history_kept import of_kept

    since, series = await reading(of_kept, watched, subject, span, step_s)
    return json(written(begin, end, series, step_s, since))


def written(
    begin: datetime,
    end: datetime,
    series: Series,
    step_s: int = STEP_S,
    since: datetime | None = None,
) -> Json:
    """As the API tells it. `since`: from when on this step is kept."""
    return {
        "step_s": step_s,
        "from": instant(begin),
        "to": instant(end),
        "since": instant(since),
        "series": {
            name: [
                (instant(datetime.fromtimestamp(at, UTC)), value, by or None)
                for at, value, by in points
            ]
            for name, points in series.items()
        },
    }
