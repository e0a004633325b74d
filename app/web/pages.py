"""The pages: HTML that is painted when it is sent, and Dash's parts around it."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from dash import Dash
from dash.backends._fastapi import reset_current_request, set_current_request
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

import layouts
from app.web.api import NO_HISTORY
from app.web.site import Site, Watched
from layouts.document import OWN_ASSETS, document, first_paint
from layouts.pages import FLEET, MAP, PAGES, Page
from layouts.shell import shell

ASSETS: Final = Path(layouts.__file__).parent / "assets"
TITLE: Final = "GWS Observatory"
UNUSED: Final = re.compile(
    r'<script src="[^"]*/dash/(?:dcc|dash_table)/[^"]*"></script>'
)
"""Components that no page has; Dash loads them all the same, 700 kB of script."""
PAINT_KEPT_S: Final = 0.25
"""When everybody returns at once, after a restart, the picture is painted once."""
Parts = Callable[[], dict[str, str]]


class Observatory(Dash):
    """Dash without what it would do by itself: pushing over a WebSocket, polling,
    answering every unknown address with its index page."""

    def __init__(self, server: Any, on_error: Callable[[Exception], None]) -> None:
        super().__init__(
            "layouts",
            server=server,
            title=TITLE,
            update_title="",
            assets_ignore=OWN_ASSETS,
            add_log_handler=False,
            on_error=on_error,
        )
        backend: Any = self.backend
        backend.websocket_capability = False
        backend._setup_catchall = lambda: None
        self.layout = shell()
        self._parts: dict[str, str] = {}

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        self._parts = {name: UNUSED.sub("", text) for name, text in parts.items()}
        return str(super().interpolate_index(**parts))  # type: ignore[no-untyped-call]

    def parts(self) -> dict[str, str]:
        """What Dash puts into a page; the same for every page, so made once, after
        every callback is registered."""
        if not self._parts:
            scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
            token = set_current_request(Request(scope))  # type: ignore[no-untyped-call]
            try:
                self._setup_server()  # type: ignore[no-untyped-call]
                self.index()  # type: ignore[no-untyped-call]
            finally:
                reset_current_request(token)  # type: ignore[no-untyped-call]
        return self._parts


def asset_url(name: str) -> str:
    """The address of one of our own files; it changes when the file does."""
    return f"/assets/{name}?v={_fingerprint(name)}"


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]


def pages_router(site: Site, parts: Parts) -> APIRouter:
    """`/`, `/map/<deployment>`, `/connections/<deployment>`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def home(request: Request) -> Response:
        if "at" in request.query_params:
            return HTMLResponse(_missing(NO_HISTORY), 404)
        asked = f"?{request.url.query}" if request.url.query else ""
        if len(site.watched) > 1:
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
            text = f'No deployment is called "{deployment}".'
            return HTMLResponse(_missing(text), 404)
        if "at" in request.query_params:
            return HTMLResponse(_missing(NO_HISTORY), 404)
        return HTMLResponse(whole.of(watched), headers={"Cache-Control": "no-store"})

    return paint


class _Paints:
    """One page of every deployment, the last painting of each kept for a moment."""

    def __init__(self, site: Site, parts: Parts, page: Page) -> None:
        self._site, self._parts, self._page = site, parts, page
        self._kept: dict[str, tuple[object, str]] = {}

    def of(self, watched: Watched) -> str:
        latest = self._site.bus.latest(watched.id)
        moment = self._site.clock().timestamp() // PAINT_KEPT_S
        key = (latest and latest.event_id, moment)
        kept = self._kept.get(watched.id)
        if kept is None or kept[0] != key:
            kept = self._kept[watched.id] = (key, self._paint(watched))
        return kept[1]

    def _paint(self, watched: Watched) -> str:
        page, picture = self._page, self._site.picture(watched)
        now = self._site.clock()
        painted = first_paint(
            watched.topology,
            picture,
            page,
            now,
            name=watched.name,
            fleet=len(self._site.watched) > 1,
        )
        title = f"{page.title} · {watched.name} · {TITLE}"
        return document(painted, self._parts(), page=page, title=title, asset=asset_url)


def _missing(text: str) -> str:
    return _plain(
        "Not found", f"<p>{html.escape(text)}</p>" + '<p><a href="/">Home</a>'
    )


def _plain(heading: str, body: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{heading} · {TITLE}</title>"
        f'<link rel="stylesheet" href="{asset_url("gws.css")}">'
        f'</head><body><main class="plain"><h1>{heading}</h1>{body}</main>'
        "</body></html>"
    )
