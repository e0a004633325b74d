"""All deployments at once: `/api/v1/fleet`, its stream, and the page `/fleet`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse

from app.bus.base import Json
from app.bus.fleet import FLEET as CHANNEL
from app.bus.fleet import Fleet
from app.domain import fleet as small
from app.domain.fleet import Member
from app.domain.instants import instant
from app.web import fleet_seen, schema_fleet
from app.web.access.personal import personal
from app.web.api import STREAM_HEADERS, Answers, json, refuses, says
from app.web.assets import asset_url
from app.web.no_moment import no_moment, no_picture, present
from app.web.pages import PAINT_KEPT_S
from app.web.past import NotKept, recalled, refused
from app.web.site import Site, Watched, waiting
from app.web.times import At, moment_of
from layouts.document import NO_DASH, document
from layouts.fleet import fleet_paint
from layouts.fleet_view import View, view
from layouts.frozen import Held
from layouts.markup import Markup
from layouts.pages import FLEET
from layouts.strings import PRODUCT

EVENTS: Final = "text/event-stream"


def fleet_of(site: Site) -> Fleet:
    """The fleet of all that is watched."""
    members = [(_member(one), partial(waiting, one)) for one in site.every.values()]
    return Fleet(members, site.bus, site.clock)


def _member(watched: Watched) -> Member:
    return Member(watched.id, watched.name, watched.region, watched.group)


def _then(site: Site, at: datetime) -> Json:
    """The fleet as it was; of a deployment without a picture of then it says so.
    Raises `NotKept` where there is none of any. Blocks."""
    now, cards, missing = site.clock(), [], []
    for one in site.watched.values():
        try:
            cards.append(small.card(_member(one), recalled(one, at, now), ""))
        except NotKept as exc:
            missing.append(exc)
            cards.append(small.card(_member(one), None, str(exc)))
    if len(missing) == len(cards):
        raise missing[0]
    return small.whole(0, instant(at) or "", cards, CHANNEL)


def fleet_router(site: Site, fleet: Fleet) -> APIRouter:
    router = APIRouter(prefix="/api/v1/fleet", tags=["fleet"])
    streamed: Answers = {
        200: {"content": {EVENTS: {"schema": {"type": "string"}}}},
        **refuses(422),
    }

    @router.get("", responses=says(schema_fleet.Fleet, 404, 422, 503))
    async def get_fleet(at: At = None) -> Response:
        """Every deployment in small, now or as it was shown at a moment."""
        if at is not None:
            try:
                return json(await asyncio.to_thread(_then, site, _utc(at)))
            except NotKept as exc:
                raise refused(exc) from exc
        latest, ids = fleet.latest(), fleet_seen.seen(site)
        if ids is not None:
            return json(fleet_seen.whole(latest.snapshot, ids))
        return Response(
            latest.body,
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
        told = fleet_seen.stream(fleet.subscribe(last_event_id), fleet_seen.seen(site))
        return StreamingResponse(told, media_type=EVENTS, headers=STREAM_HEADERS)

    return router


def fleet_page_router(site: Site, fleet: Fleet) -> APIRouter:
    """`/fleet`."""
    router = APIRouter(include_in_schema=False)
    paint = _Paints(site, fleet).of

    @router.get(FLEET.address)
    async def fleet_page(request: Request) -> Response:
        asked = request.query_params.get("at")
        if asked is not None:
            return await _frozen(site, request, asked)
        return personal(paint(view(request.query_params)))

    return router


async def _frozen(site: Site, request: Request, asked: str) -> Response:
    """The page as it was at the moment that its address asks for."""
    way = present(request)
    try:
        at = moment_of(asked)
    except ValueError as exc:
        return no_moment(exc, asked, way)
    try:
        then = await asyncio.to_thread(_then, site, at)
    except NotKept as exc:
        return no_picture(exc, asked, way)
    held = Held(at, site.clock(), way[0])
    painted = fleet_paint(then, view(request.query_params), at, held)
    return personal(_document(painted))


def _document(painted: Markup) -> str:
    title = f"{FLEET.title} · {PRODUCT}"
    return document(painted, NO_DASH, page=FLEET, title=title, asset=asset_url)


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)


class _Paints:
    """The page, its last painting kept for a moment."""

    def __init__(self, site: Site, fleet: Fleet) -> None:
        self._site, self._fleet = site, fleet
        self._kept: tuple[object, str] = (None, "")

    def of(self, asked: View) -> str:
        latest, ids = self._fleet.latest(), fleet_seen.seen(self._site)
        moment = self._site.clock().timestamp() // PAINT_KEPT_S
        key = (latest.event_id, moment, asked, ids)
        if self._kept[0] != key:
            shown = fleet_seen.whole(latest.snapshot, ids)
            painted = fleet_paint(shown, asked, self._site.clock())
            self._kept = (key, _document(painted))
        return self._kept[1]
