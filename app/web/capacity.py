"""The capacity review for scripts, and as a report:
`/api/v1/deployments/<id>/capacity` and `.../capacity.<pdf|xlsx|csv>`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Response

from app.bus.base import Json
from app.domain.capacity import Review
from app.domain.capacity_terms import Choices, Shown
from app.domain.expected import Calendar
from app.history.base import Unreadable
from app.web.api import Answers, DeploymentPath, json, says
from app.web.api_error import unreadable
from app.web.asked import wrong
from app.web.capacity_asked import LONGEST, SPANS
from app.web.capacity_made import Reviews
from app.web.measured import span_of
from app.web.schema import Error
from app.web.schema_capacity import Capacity
from app.web.site import Site, Watched
from app.web.times import Moment
from layouts.capacity_report import Made
from layouts.capacity_view import BUSINESS_HOURS, MOST_AGENTS, USUAL_AGENTS, USUAL_SPAN
from layouts.capacity_wire import encode

HOUR: Final = timedelta(hours=1)
KINDS: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8; header=present",
}
Form = Literal["pdf", "xlsx", "csv"]
Span = Annotated[
    Literal["7d", "30d", "90d", "365d"],
    Query(description="that ends with the last whole hour; not beside `from`"),
]
From = Annotated[Moment | None, Query(alias="from", description="400 days ago at most")]
To = Annotated[Moment | None, Query(description="with `from`: now, unless told")]
Hours = Annotated[Literal["business", "all"], Query(description="which count")]
Count = Annotated[Shown, Query(description="whether they count")]
Agents = Annotated[
    int, Query(description="what if: per cent more agents", ge=0, le=MOST_AGENTS)
]
Points = Annotated[bool, Query(description="with every day, and every hour of a week")]


async def wanted(
    span: Span = USUAL_SPAN,
    since: From = None,
    to: To = None,
    hours: Hours = BUSINESS_HOURS,
    outages: Count = Shown.OUT,
    outliers: Count = Shown.OUT,
    agents: Agents = USUAL_AGENTS,
) -> Callable[[Site, Watched], Choices]:
    def of(site: Site, watched: Watched) -> Choices:
        now = site.clock()
        begin, end = span_of(since, to if since else None, now, SPANS[span])
        whole = end.replace(minute=0, second=0, microsecond=0)
        begin = begin if since else whole - SPANS[span]
        if not timedelta() < whole - begin <= LONGEST:
            raise wrong("from", f"a span is an hour to {LONGEST.days} days")
        calendar = watched.calendar()
        counted = calendar if hours == BUSINESS_HOURS else Calendar(calendar.zone)
        return Choices(begin, whole, counted, outages, outliers, agents / 100)

    return of


Wanted = Annotated[Callable[[Site, Watched], Choices], Depends(wanted)]


def capacity_router(site: Site, reviews: Reviews) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["capacity"])

    @router.get("/{deployment}/capacity", responses=says(Capacity, 404, 422, 503))
    async def get_capacity(
        deployment: DeploymentPath, asked: Wanted, points: Points = False
    ) -> Response:
        """What of each connection and box is used, and when it is full."""
        watched = site.find(deployment)
        review = await _made(reviews, watched, asked(site, watched))
        return json(await asyncio.to_thread(_encoded, review, points))

    @router.get("/{deployment}/capacity.{form}", responses=_files())
    async def get_report(
        deployment: DeploymentPath, form: Form, asked: Wanted
    ) -> Response:
        """The same as a report: a page in front, all figures behind it."""
        watched = site.find(deployment)
        review = await _made(reviews, watched, asked(site, watched))
        made_up = watched.made_up()
        made = Made(watched.name, watched.topology, review, site.clock(), made_up)
        body = await reviews.apart(_file, form, made)
        return Response(body, headers=_headers(deployment, form))

    return router


async def _made(reviews: Reviews, watched: Watched, asked: Choices) -> Review:
    try:
        return await reviews.of(watched, asked)
    except Unreadable as exc:
        raise unreadable(exc) from exc


def _encoded(review: Review, points: bool) -> Json:
    return encode(review, points=points)


def _file(form: str, made: Made) -> bytes:
    # Loads what writes workbooks, which nobody needs who never exports one.
    from app.export.capacity import FORMS

    return FORMS[form](made)


def _headers(deployment: str, form: str) -> dict[str, str]:
    return {
        "Content-Type": KINDS[form],
        "Content-Disposition": f'attachment; filename="capacity-{deployment}.{form}"',
        "Cache-Control": "no-store",
    }


def _files() -> Answers:
    body = {"schema": {"type": "string", "format": "binary"}}
    content = dict.fromkeys((kind.partition(";")[0] for kind in KINDS.values()), body)
    return says(Error, 404, 422, 503) | {200: {"content": content}}
