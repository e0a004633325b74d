"""The pages: HTML that is painted when it is sent, and Dash's parts around it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from dash import Dash
from dash.backends._fastapi import (
    FastAPIDashServer,
    reset_current_request,
    set_current_request,
)
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from app.bus.base import Json
from app.web.access.personal import personal
from app.web.assets import asset_url
from app.web.messages import missing
from app.web.no_moment import no_moment, no_picture, present
from app.web.past import NotKept, made_at, recalled
from app.web.site import Site, Watched
from app.web.times import moment_of
from layouts import figures, values
from layouts.document import OWN_ASSETS, DashParts, document, first_paint
from layouts.pages import FLEET, MAP, PAGES, Page
from layouts.shell import shell
from layouts.strings import PRODUCT
from layouts.strings_plain import NO_DEPLOYMENT

PLOTLY: Final = "plotly/plotly-basic.min.js"
"""Of `layouts/assets`; nobody who opens no chart loads it."""
SCRIPT: Final = re.compile(
    r'<script src="(?![^"]*/dash/(?:dcc|dash_table)/)([^"]*)"></script>'
)
"""Not those of components that no page has: 700 kB that Dash names all the same."""
FRESH: Final = {"Cache-Control": "no-store"}
PAINT_KEPT_S: Final = 0.25
"""When everybody returns at once, after a restart, the picture is painted once."""
Parts = Callable[[], DashParts]


class Observatory(Dash):
    """Dash without what it would do by itself: pushing over a WebSocket, polling,
    answering every unknown address with its index page."""

    def __init__(self, server: Any, on_error: Callable[[Exception], None]) -> None:
        super().__init__(
            "layouts",
            backend=_backend(server),
            title=PRODUCT,
            update_title="",
            assets_ignore=OWN_ASSETS,
            add_log_handler=False,
            on_error=on_error,
        )
        self.layout = shell(asset_url(PLOTLY))
        self._parts: DashParts | None = None

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        scripts = tuple(SCRIPT.findall(parts["scripts"]))
        self._parts = DashParts(parts["app_entry"] + parts["config"], scripts)
        return str(super().interpolate_index(**parts))  # type: ignore[no-untyped-call]

    def parts(self) -> DashParts:
        """What Dash puts into a page; the same for every page, so made once, after
        every callback is registered."""
        if self._parts is None:
            scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
            token = set_current_request(Request(scope))  # type: ignore[no-untyped-call]
            try:
                self._setup_server()  # type: ignore[no-untyped-call]
                self.index()  # type: ignore[no-untyped-call]
            finally:
                reset_current_request(token)  # type: ignore[no-untyped-call]
        assert self._parts is not None  # asking for the index had it made
        return self._parts


def _backend(server: FastAPI) -> type[FastAPIDashServer]:
    """Of this server. Told which one it is, Dash would load Flask to see whether it is
    one of that."""

    class Backend(FastAPIDashServer):
        websocket_capability = False

        @staticmethod
        def create_app(*_given: object) -> FastAPI:
            return server

        def _setup_catchall(self) -> None:
            """Not here."""

    return Backend


def pages_router(site: Site, parts: Parts) -> APIRouter:
    """`/`, `/map/<deployment>`, `/connections/<deployment>`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def home(request: Request) -> Response:
        asked = f"?{request.url.query}" if request.url.query else ""
        if len(site.watched) != 1:
            return RedirectResponse(f"{FLEET.address}{asked}", 307)
        (only,) = site.watched
        return RedirectResponse(f"{MAP.path(only)}{asked}", 307)

    for page in PAGES:
        router.add_api_route(
            page.path("{deployment}"), _painter(site, parts, page), methods=["GET"]
        )
    return router


def _painter(site: Site, parts: Parts, page: Page) -> Callable[..., Any]:
    whole = _Paints(site, parts, page)

    async def paint(request: Request, deployment: str) -> Response:
        watched = site.watched.get(deployment)
        if watched is None:
            return missing(NO_DEPLOYMENT.format(name=deployment))
        value = values.known(request.query_params.get("v"))
        asked = request.query_params.get("at")
        if asked is not None:
            return await _frozen(whole, watched, asked, request, value)
        return personal(whole.of(watched, value), watched.id)

    return paint


async def _frozen(
    whole: _Paints, watched: Watched, asked: str, request: Request, value: str
) -> Response:
    """The page as it was at the moment that its address asks for."""
    live = present(request)
    try:
        at = moment_of(asked)
    except ValueError as exc:
        return no_moment(exc, asked, live)
    try:
        page = await asyncio.to_thread(whole.then, watched, at, value)
    except NotKept as exc:
        return no_picture(exc, asked, live)
    return personal(page, watched.id)


class _Paints:
    """One page of every deployment, the last painting of each kept for a moment."""

    def __init__(self, site: Site, parts: Parts, page: Page) -> None:
        self._site, self._parts, self._page = site, parts, page
        self._kept: dict[tuple[str, str, bool], tuple[object, str]] = {}

    def of(self, watched: Watched, value: str) -> str:
        latest = self._site.bus.latest(watched.id)
        moment = self._site.clock().timestamp() // PAINT_KEPT_S
        key = (latest and latest.event_id, moment)
        place = (watched.id, value, len(self._site.watched) > 1)
        kept = self._kept.get(place)
        if kept is None or kept[0] != key:
            painted = self._paint(watched, value)
            kept = self._kept[place] = (key, painted)
        return kept[1]

    def then(self, watched: Watched, at: datetime, value: str) -> str:
        """The page of a moment; `NotKept` where there is no picture of it. Blocks."""
        picture = recalled(watched, at, self._site.clock())
        return self._document(watched, picture, value, made_at(picture))

    def _paint(self, watched: Watched, value: str) -> str:
        return self._document(watched, self._site.picture(watched), value, None)

    def _document(
        self, watched: Watched, picture: Json, value: str, frozen: datetime | None
    ) -> str:
        page, now = self._page, self._site.clock()
        painted = first_paint(
            watched.topology, picture, page, now, name=watched.name, value=value,
            frozen=frozen, fleet=len(self._site.watched) > 1,
        )  # fmt: skip
        parts = [page.title, watched.name, PRODUCT]
        if frozen is not None:
            parts.insert(0, figures.clock(picture["at"]))
        title = " · ".join(parts)
        return document(painted, self._parts(), page=page, title=title, asset=asset_url)
