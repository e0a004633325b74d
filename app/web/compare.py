"""Two moments of one deployment side by side: `/compare/<deployment>?at=&with=`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.domain.compare import compare
from app.history.base import Unreadable
from app.web.api_error import UNREADABLE
from app.web.assets import asset_url
from app.web.messages import missing
from app.web.no_moment import no_moment, no_picture
from app.web.pages import FRESH
from app.web.past import NotKept, recalled
from app.web.site import Site, Watched
from app.web.times import moment_of
from layouts.compare import Pair, Side, page
from layouts.pages import COMPARE, MAP
from layouts.strings_moments import SHOW_PRESENT
from layouts.strings_plain import NO_DEPLOYMENT

USUAL: Final = timedelta(hours=1)
"""How long ago the moment is that the present is compared with, unless one is told."""


def compare_router(site: Site) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get(COMPARE.path("{deployment}"))
    async def show(request: Request, deployment: str) -> Response:
        watched = site.watched.get(deployment)
        if watched is None:
            return missing(NO_DEPLOYMENT.format(name=deployment))
        query, way = request.query_params, (MAP.path(deployment), SHOW_PRESENT)
        asked = [query[name] for name in ("at", "with") if query.get(name)]
        try:
            moments = [moment_of(one) for one in asked]
        except ValueError as exc:
            return no_moment(exc, ", ".join(asked), way)
        try:
            whole = await asyncio.to_thread(_painted, site, watched, moments)
        except NotKept as exc:
            return no_picture(exc, ", ".join(asked) or "an hour ago", way)
        return HTMLResponse(whole, headers=FRESH)

    return router


def _painted(site: Site, watched: Watched, moments: list[datetime]) -> str:
    """The page; a moment that is not told is the present. Blocks."""
    now = site.clock()
    sides = [
        Side(recalled(watched, at, now)) for at in moments or [_usual(watched, now)]
    ]
    if len(sides) == 1:
        sides.append(Side(site.picture(watched), live=True))
    before, after = _in_order(sides)
    found = compare(before.snapshot, after.snapshot)
    pair = Pair(before, after, found, watched.made_up())
    return page(watched.topology, pair, now, name=watched.name, asset=asset_url)


def _in_order(sides: Iterable[Side]) -> list[Side]:
    return sorted(sides, key=lambda side: datetime.fromisoformat(side.at))


def _usual(watched: Watched, now: datetime) -> datetime:
    """An hour ago, or when the oldest picture was made."""
    try:
        return max(now - USUAL, watched.past.first() or now - USUAL)
    except Unreadable as exc:
        raise NotKept(UNREADABLE.format(why=exc), exc) from exc
