"""The page `/timeline/<deployment>`. It asks the records, so it is painted in a thread.

`?part=1` gives its main part alone: what the browser asks for when something turned, or
when another span is chosen.
"""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.domain.incidents_ask import Asked
from app.web.access.personal import personal
from app.web.assets import asset_url
from app.web.messages import missing
from app.web.pages import Parts
from app.web.site import Site, Watched
from app.web.timeline_asked import Wanted
from layouts.document import document, first_paint
from layouts.markup import Markup
from layouts.pages import TIMELINE
from layouts.strings import PRODUCT
from layouts.strings_plain import NO_DEPLOYMENT
from layouts.timeline import timeline
from layouts.timeline_view import LENGTHS, USUAL_MOST, Seen, usual

MOST_INCIDENTS: Final = 200
FRESH: Final = {"Cache-Control": "no-store"}


def timeline_page_router(site: Site, parts: Parts) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get(TIMELINE.path("{deployment}"))
    async def paint(request: Request, deployment: str) -> Response:
        watched = site.watched.get(deployment)
        if watched is None:
            return missing(NO_DEPLOYMENT.format(name=deployment))
        wanted = Wanted.of(request.query_params)
        main = await asyncio.to_thread(_main, site, watched, wanted)
        if "part" in request.query_params:
            return HTMLResponse(main, headers=FRESH)
        return personal(_whole(site, watched, parts, main), deployment)

    return router


def _main(site: Site, watched: Watched, wanted: Wanted) -> Markup:
    """The lanes and the words beside them."""
    now = site.clock()
    begin, end = wanted.span(now) or (now - LENGTHS[USUAL_MOST], now)
    told = watched.turned(begin, end)
    view = wanted.view(watched.id, now, usual(told, now))
    asked = Asked(view.begin, view.end, limit=MOST_INCIDENTS)
    found = watched.records.ask(asked).incidents
    notes = site.picture(watched).get("notes", ())
    return timeline(watched.topology, Seen(told, found, notes), view)


def _whole(site: Site, watched: Watched, parts: Parts, main: Markup) -> str:
    picture, now = site.picture(watched), site.clock()
    painted = first_paint(
        watched.topology,
        picture,
        TIMELINE,
        now,
        name=watched.name,
        shown=main,
        fleet=len(site.watched) > 1,
    )
    title = f"{TIMELINE.title} · {watched.name} · {PRODUCT}"
    return document(painted, parts(), page=TIMELINE, title=title, asset=asset_url)
