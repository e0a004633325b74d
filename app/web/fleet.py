"""All deployments at once: `/api/v1/fleet`, its stream, and the page `/fleet`."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from app.bus.fleet import Fleet
from app.domain.fleet import Member
from app.web import schema, schema_fleet
from app.web.api import (
    NO_HISTORY,
    STREAM_HEADERS,
    Answers,
    no_history,
    says,
)
from app.web.assets import asset_url
from app.web.messages import missing
from app.web.pages import PAINT_KEPT_S
from app.web.site import Site, waiting
from layouts.document import NO_DASH, document
from layouts.fleet import fleet_paint
from layouts.fleet_view import View, view
from layouts.pages import FLEET
from layouts.strings import PRODUCT

EVENTS: Final = "text/event-stream"


def fleet_of(site: Site) -> Fleet:
    """The fleet of all that is watched."""
    members = [
        (Member(one.id, one.name, one.region, one.group), partial(waiting, one))
        for one in site.watched.values()
    ]
    return Fleet(members, site.bus, site.clock)


def fleet_router(fleet: Fleet) -> APIRouter:
    router = APIRouter(prefix="/api/v1/fleet", tags=["fleet"])
    streamed: Answers = {
        200: {"content": {EVENTS: {"schema": {"type": "string"}}}},
        422: {"model": schema.Error},
    }

    @router.get(
        "",
        responses=says(schema_fleet.Fleet, 404, 422),
        dependencies=[Depends(no_history)],
    )
    async def get_fleet() -> Response:
        """Every deployment in small, now."""
        return Response(
            fleet.latest().body,
            media_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    @router.get("/stream", response_class=StreamingResponse, responses=streamed)
    async def stream(
        request: Request, last_event_id: Annotated[str | None, Header()] = None
    ) -> Response:
        """Server-Sent Events: `snapshot` once, then a `delta` for what changed."""
        if request.scope.get("head"):
            return Response(media_type=EVENTS, headers=STREAM_HEADERS)
        told = fleet.subscribe(last_event_id)
        return StreamingResponse(told, media_type=EVENTS, headers=STREAM_HEADERS)

    return router


def fleet_page_router(site: Site, fleet: Fleet) -> APIRouter:
    """`/fleet`."""
    router = APIRouter(include_in_schema=False)
    paint = _Paints(site, fleet).of

    @router.get(FLEET.address)
    async def fleet_page(request: Request) -> Response:
        if "at" in request.query_params:
            return missing(NO_HISTORY)
        page = paint(view(request.query_params))
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})

    return router


class _Paints:
    """The page, its last painting kept for a moment."""

    def __init__(self, site: Site, fleet: Fleet) -> None:
        self._site, self._fleet = site, fleet
        self._kept: tuple[object, str] = (None, "")

    def of(self, asked: View) -> str:
        latest = self._fleet.latest()
        moment = self._site.clock().timestamp() // PAINT_KEPT_S
        key = (latest.event_id, moment, asked)
        if self._kept[0] != key:
            painted = fleet_paint(latest.snapshot, asked, self._site.clock())
            title = f"{FLEET.title} · {PRODUCT}"
            html = document(painted, NO_DASH, page=FLEET, title=title, asset=asset_url)
            self._kept = (key, html)
        return self._kept[1]
