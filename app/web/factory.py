"""The whole web application, made from what it shows. Nothing happens at import."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from app.aside import Apart
from app.bounds import USUAL, Bounds
from app.bus.base import Bus
from app.web import errors
from app.web.access.access import Access, open_access
from app.web.access.middleware import Gate
from app.web.access.routes import access_router
from app.web.api import deployments_router, process_router, stream_router
from app.web.below import Below, Led, path_of
from app.web.bundles import bundles_router
from app.web.capacity import capacity_router
from app.web.capacity_made import Reviews
from app.web.capacity_page import capacity_page_router
from app.web.care import care_router
from app.web.charts import charts_router
from app.web.compare import compare_router
from app.web.debug import debug_router
from app.web.described import DescribedApp, add_routes
from app.web.desk import Desk
from app.web.errands import Ask, HandOn
from app.web.errands_wall import STREAM, pairing_router, stream
from app.web.explain import explain_router
from app.web.fleet import fleet_of, fleet_page_router, fleet_router
from app.web.headers import Head, Headers
from app.web.heavy import Heavy, Settled
from app.web.history import history_router
from app.web.incidents import incidents_router
from app.web.maintenance import maintenance_router
from app.web.metrics import Exposition
from app.web.moments import moments_router
from app.web.notes import notes_router
from app.web.own import Own
from app.web.pages import Observatory, pages_router
from app.web.panel import log_error, register
from app.web.postmortem import postmortem_router
from app.web.rates import Rates
from app.web.replay import replay_router
from app.web.request_log import Manners, RequestLog
from app.web.series import series_router
from app.web.sheet import sheet_router
from app.web.site import Site, Watched
from app.web.sizes import Hosts, Sizes
from app.web.static import KeptAnswers
from app.web.timeline import timeline_router
from app.web.timeline_page import timeline_page_router
from app.web.wall import build_of, wall_router
from app.web.wall_entry import entry_router

NOTHING_OWN: Final = Own()
QUIET: Final = Manners()


@dataclass(frozen=True, slots=True)
class WebApp:
    """`server` is the ASGI application; `dash` is a part of it."""

    server: FastAPI
    dash: Observatory


def create_app(
    watched: Iterable[Watched],
    bus: Bus,
    clock: Callable[[], datetime],
    exposition: Exposition,
    *,
    version: str,
    public_url: str | None = None,
    ill: Callable[[], list[str]] = list,
    apart: Apart | None = None,
    bounds: Bounds = USUAL,
    only_local: bool = False,
    own: Own = NOTHING_OWN,
    manners: Manners = QUIET,
    ask: Ask | None = None,
    access: Access | None = None,
) -> WebApp:
    """`ill` names what of this process has stopped working (`/healthz`). `apart`: does
    in another process what takes long. `only_local`: nobody but this machine reaches
    it. `own`: what else it tells of itself (`/debug`); `manners`: of logging
    requests. `ask`: hands on to the process that collects what only that can do;
    `None`: it is this one. `access`: how people come in; without it, whoever comes may
    do everything."""
    known = access or open_access(clock, public_url)
    site = Site({one.id: one for one in watched}, bus, clock)
    exposition.show(site, own, lambda: ask is None)
    server = DescribedApp(
        title="GWS Observatory",
        version=version,
        description="What a GWS deployment's connections and boxes are doing now.",
        servers=[{"url": public_url}] if public_url else None,
        docs_url=None,
        redoc_url=None,
        lifespan=beside(exposition.lag.watch),
    )
    errors.install(server)
    fleet, heavy = fleet_of(site), Heavy()
    reviews = Reviews(site, heavy, apart)
    for router in (
        bundles_router(),
        deployments_router(site),
        fleet_router(site, fleet),
        fleet_page_router(site, fleet),
        sheet_router(site),
        history_router(site, heavy),
        series_router(site, heavy),
        capacity_router(site, reviews),
        explain_router(site),
        charts_router(site),
        incidents_router(site),
        maintenance_router(site),
        postmortem_router(site),
        moments_router(site),
        replay_router(site),
        compare_router(site),
        notes_router(site),
        care_router(site),
        timeline_router(site),
        stream_router(site),
        wall_router(site, build_of(version)),
        entry_router(site, Desk(clock), known),
        access_router(site, known),
        process_router(exposition, ill, site.not_ready),
        debug_router(site, own, exposition),
    ):
        add_routes(server, router)
    dash, path = _with_dash(server, site, reviews), path_of(public_url)
    if ask is not None:
        server.add_middleware(HandOn, ask=ask, streams={STREAM: stream})
    if path:
        server.add_middleware(Led, path=path)
    server.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    server.add_middleware(KeptAnswers)
    server.add_middleware(Settled, heavy=heavy)
    server.add_middleware(Gate, access=known, path=path)
    _guard(server, public_url, bounds, only_local)
    # The outermost: whatever answers, also an error or a refusal, is named and logged.
    server.add_middleware(RequestLog, manners=manners, requested=exposition.requested)
    if path:
        server.add_middleware(Below, path=path)
    return WebApp(server, dash)


def beside(
    work: Callable[[], Coroutine[Any, Any, None]],
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """A lifespan during which `work` goes on on the event loop."""

    @asynccontextmanager
    async def lifespan(_server: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(work())
        try:
            yield
        finally:
            task.cancel()

    return lifespan


def create_process_app(
    exposition: Exposition,
    ill: Callable[[], list[str]],
    not_ready: Callable[[], list[str]],
    access: Access,
) -> FastAPI:
    """The web of a process that serves no viewers: how it is, and its metrics, for whom
    they are anywhere."""
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    errors.install(server)
    server.include_router(process_router(exposition, ill, not_ready))
    server.add_middleware(Gate, access=access)
    server.add_middleware(Head)
    return server


def create_errands_app(site: Site, access: Access) -> FastAPI:
    """What answers the web replicas (`app.web.errands`); no socket leads here. Who asks
    is judged once more: here the tokens and the sign-outs are known."""
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    errors.install(server)
    desk = Desk(site.clock)
    for router in (
        explain_router(site),
        maintenance_router(site),
        notes_router(site),
        care_router(site),
        entry_router(site, desk, access),
        pairing_router(desk),
    ):
        server.include_router(router)
    server.add_middleware(Gate, access=access)
    return server


def _with_dash(server: FastAPI, site: Site, reviews: Reviews) -> Observatory:
    """Our own pages are routed before Dash's index, which claims `/` too."""
    # Before the others: these ask the records or history, and are painted otherwise.
    add_routes(server, timeline_page_router(site, lambda: dash.parts()))
    add_routes(server, capacity_page_router(site, reviews, lambda: dash.parts()))
    add_routes(server, pages_router(site, lambda: dash.parts()))
    dash = Observatory(server, on_error=log_error)
    register(dash, site)
    dash.parts()  # now, rather than while the first viewer waits
    return dash


def _guard(
    server: FastAPI,
    public_url: str | None,
    bounds: Bounds,
    only_local: bool,
) -> None:
    """Wrappers around all the others, innermost first: also what is refused carries
    the headers."""
    parts = urlsplit(public_url or "")
    server.add_middleware(Rates, bounds=bounds)
    server.add_middleware(Sizes, bounds=bounds)
    if only_local:
        server.add_middleware(Hosts, names=[parts.hostname] if parts.hostname else [])
    server.add_middleware(Headers, https=parts.scheme == "https")
    server.add_middleware(Head)
