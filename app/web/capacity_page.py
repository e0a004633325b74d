"""The page `/capacity/<deployment>`.

A review that is not made promptly is under way when the page is sent: the browser then
asks for the rest with `?part=1`. `?part=subject` gives one subject's detail alone, and
`?part=lens` what the map's lens draws.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.domain.capacity import Review
from app.domain.capacity_terms import Choices
from app.history.base import Unreadable
from app.web.access.personal import personal
from app.web.api import json
from app.web.api_error import unreadable
from app.web.assets import asset_url
from app.web.capacity_asked import choices, days, wanted
from app.web.capacity_made import Reviews
from app.web.messages import missing
from app.web.no_moment import no_moment, present
from app.web.pages import FRESH, PLOTLY, Parts
from app.web.site import Site, Watched
from app.web.times import moment_of
from layouts.capacity import capacity, chosen_of, reviewed
from layouts.capacity_lens import for_browser
from layouts.capacity_subject import detail
from layouts.capacity_view import View
from layouts.document import document, first_paint
from layouts.markup import join
from layouts.pages import CAPACITY
from layouts.strings import PRODUCT
from layouts.strings_plain import NO_DEPLOYMENT


def capacity_page_router(site: Site, reviews: Reviews, parts: Parts) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get(CAPACITY.path("{deployment}"))
    async def paint(request: Request, deployment: str) -> Response:
        watched = site.watched.get(deployment)
        if watched is None:
            return missing(NO_DEPLOYMENT.format(name=deployment))
        at = request.query_params.get("at")
        try:
            now = site.clock() if not at else min(moment_of(at), site.clock())
        except ValueError as exc:
            return no_moment(exc, str(at), present(request))
        view, asked = _asked(watched, request, now)
        part = request.query_params.get("part")
        if part is None:
            found = await reviews.promptly(watched, asked)
            page = _whole(site, watched, parts, view, found)
            return personal(page, deployment)
        try:
            review = await reviews.of(watched, asked)
        except Unreadable as exc:
            raise unreadable(exc) from exc
        return _PARTS.get(part, _body)(view, review)

    return router


def _asked(watched: Watched, request: Request, now: datetime) -> tuple[View, Choices]:
    calendar = watched.calendar()
    today = now.astimezone(calendar.zone).date()
    view = wanted(watched.id, request.query_params, today)
    shown = replace(view, made_up=watched.made_up())
    return shown, choices(view, calendar, now)


def _body(view: View, review: Review) -> Response:
    return HTMLResponse(join(reviewed(view, review)), headers=FRESH)


def _subject(view: View, review: Review) -> Response:
    return HTMLResponse(detail(chosen_of(view, review), review), headers=FRESH)


def _lens(view: View, review: Review) -> Response:
    return json(for_browser(review))


_PARTS: Final[dict[str, Callable[[View, Review], Response]]] = {
    "subject": _subject,
    "lens": _lens,
}


def _whole(
    site: Site, watched: Watched, parts: Parts, view: View, found: Review | None
) -> str:
    picture, now = site.picture(watched), site.clock()
    main = capacity(view, found, asset_url(PLOTLY), days(view))
    painted = first_paint(
        watched.topology, picture, CAPACITY, now, name=watched.name, shown=main
    )
    title = f"{CAPACITY.title} · {watched.name} · {PRODUCT}"
    return document(painted, parts(), page=CAPACITY, title=title, asset=asset_url)
