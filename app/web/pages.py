"""The pages: HTML that is painted when it is sent, and Dash's parts around it."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from dash import Dash
from dash.backends._fastapi import reset_current_request, set_current_request
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

import layouts
from app.web.api import no_history
from app.web.errors import ApiError
from app.web.site import Site, Watched
from layouts.document import OWN_ASSETS, document, first_paint
from layouts.pages import MAP, PAGES, Page
from layouts.shell import shell

ASSETS: Final = Path(layouts.__file__).parent / "assets"
TITLE: Final = "GWS Observatory"
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
        self._parts = parts
        return str(super().interpolate_index(**parts))  # type: ignore[no-untyped-call]

    def parts(self) -> dict[str, str]:
        """What Dash puts into a page; the same for every page, so made once."""
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
        await no_history(request.query_params.get("at"))
        if len(site.watched) == 1:
            (only,) = site.watched
            asked = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"{MAP.path(only)}{asked}", 307)
        return HTMLResponse(_list(site), headers={"Cache-Control": "no-store"})

    for page in PAGES:
        router.add_api_route(
            page.path("{deployment}"), _painter(site, parts, page), methods=["GET"]
        )
    return router


def _painter(site: Site, parts: Parts, page: Page) -> Callable[..., Any]:
    async def paint(request: Request, deployment: str) -> Response:
        watched = site.watched.get(deployment)
        if watched is None:
            text = f'No deployment is called "{deployment}".'
            return HTMLResponse(_missing(site, text), 404)
        try:
            await no_history(request.query_params.get("at"))
        except ApiError as exc:
            return HTMLResponse(_missing(site, str(exc)), exc.status)
        text = _whole(site, parts(), page, watched)
        return HTMLResponse(text, headers={"Cache-Control": "no-store"})

    return paint


def _whole(site: Site, parts: dict[str, str], page: Page, watched: Watched) -> str:
    picture = site.picture(watched)
    painted = first_paint(
        watched.topology, picture, page, site.clock(), name=watched.name
    )
    title = f"{page.title} · {watched.name} · {TITLE}"
    return document(painted, parts, title=title, asset=asset_url)


def _list(site: Site) -> str:
    items = "".join(
        f'<li><a href="{MAP.path(one.id)}">{html.escape(one.name)}</a>'
        f" <span>{site.status(one.id).replace('_', ' ')}</span></li>"
        for one in site.watched.values()
    )
    return _plain("Deployments", f"<ul>{items}</ul>")


def _missing(site: Site, text: str) -> str:
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
