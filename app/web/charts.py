"""The charts of one connection, for the page alone: `/charts/<deployment>/<number>`.

Scripts take the numbers themselves from the API (`app.web.history`).
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from app.bus.base import Json
from app.domain.hour import SPAN_S
from app.domain.incidents_ask import Asked
from app.domain.spans import MOST, Span, spans
from app.web.api import DeploymentPath, NumberPath, json
from app.web.api_error import ApiError
from app.web.history import Moment
from app.web.measured import reading
from app.web.site import Site, Watched
from layouts.charts import charts

SPAN: Final = timedelta(seconds=SPAN_S)
WINDOWS_MOST: Final = 200
OLDEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Before this nothing was ever watched, and arithmetic would run out of years."""
At = Annotated[
    Moment | None, Query(description="the last moment shown; now, unless it is told")
]


def charts_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/charts", include_in_schema=False)

    @router.get("/{deployment}/{number}")
    async def get_charts(
        deployment: DeploymentPath, number: NumberPath, at: At = None
    ) -> Response:
        watched = site.find(deployment)
        now = site.clock()
        end = min(max(at or now, OLDEST), now).astimezone(UTC)
        return json(await drawn(watched, number, end))

    return router


async def drawn(watched: Watched, number: int, end: datetime) -> Json:
    """The hour before `end`."""
    topology = watched.topology
    known = {one.number: one for one in topology.connections}
    if number not in known:
        text = f"{watched.id}: no connection is {number}"
        raise ApiError(404, "not_found", text, "number")
    begin = end - SPAN
    marked = await asyncio.to_thread(_marked, watched, number, begin, end)
    limits = watched.limits().of(number)
    latency = limits.latency_of(known[number].destination)
    bounds = {**limits.bounds, "latency_p95_ms": latency}
    series = await reading(watched.lately, number, begin, end)
    return charts(series, bounds, marked, begin, end)


def _marked(
    watched: Watched, number: int, begin: datetime, end: datetime
) -> tuple[Span, ...]:
    """Blocks: what is kept may have to be read. Trouble in reading marks less."""
    asked = Asked(since=begin, until=end, subject=number, limit=MOST)
    incidents = watched.records.ask(asked).incidents
    windows = (*watched.planned(), *watched.plans.every(WINDOWS_MOST).windows)
    return spans(watched.topology, number, incidents, windows, end)
