"""What operators look at when it is the dashboard that is odd: the page `/debug`, and
the same as JSON. Nothing of it is made until somebody asks.

`?deployment=` tells every feed of that one; without it those in trouble are told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.bus.base import Queue
from app.bus.fleet import FLEET
from app.domain import inside
from app.domain.instants import instant
from app.web import schema_debug
from app.web.api import json, says
from app.web.assets import asset_url
from app.web.messages import missing
from app.web.metrics import Exposition
from app.web.own import Own, Store
from app.web.process import taken
from app.web.site import Site, Watched
from layouts.debug import page
from layouts.pages import DEBUG
from layouts.strings_plain import NO_DEPLOYMENT

Json = dict[str, Any]
FRESH: Final = {"Cache-Control": "no-store"}
Whose = Annotated[
    str | None,
    Query(
        description="a deployment's id: tell all its feeds, of no other deployment",
        pattern=r"^[a-z0-9-]+$",
        max_length=63,
    ),
]


def debug_router(site: Site, own: Own, exposition: Exposition) -> APIRouter:
    router = APIRouter(tags=["process"])
    examined = Examined(site, own, exposition)

    @router.get("/api/v1/debug", responses=says(schema_debug.Debug, 404, 422))
    async def get_debug(deployment: Whose = None) -> Response:
        """How the dashboard itself does."""
        if deployment is not None:
            site.find(deployment)
        return json(await asyncio.to_thread(examined.told, deployment))

    @router.get(DEBUG.address, include_in_schema=False)
    async def paint(request: Request) -> Response:
        asked = request.query_params.get("deployment") or None
        if asked is not None and asked not in site.watched:
            return missing(NO_DEPLOYMENT.format(name=asked))
        return HTMLResponse(
            await asyncio.to_thread(examined.page, asked), headers=FRESH
        )

    return router


class Examined:
    """Reads what there is to tell. It takes milliseconds: not for the event loop."""

    def __init__(self, site: Site, own: Own, exposition: Exposition) -> None:
        self._site, self._own, self._exposition = site, own, exposition

    def page(self, only: str | None) -> str:
        names = {one.id: one.name for one in self._site.watched.values()}
        return page(self.told(only), self._site.clock(), names, only, asset=asset_url)

    def told(self, only: str | None) -> Json:
        watched = self._site.watched.values()
        chosen = [one for one in watched if only in (None, one.id)]
        return {
            "at": instant(self._site.clock()),
            "process": self._process(),
            "deployments": [self._deployment(one, only is not None) for one in chosen],
            "fleet_viewers": _queue(self._site.bus.queue(FLEET)),
            "stores": [_store(one) for one in self._own.stores()],
            "configuration": self._own.configuration(),
            "warnings": [
                {"at": one.at, "level": one.level, "text": one.text}
                for one in self._own.warned.lines()
            ],
        }

    def _process(self) -> Json:
        now, own, takes = self._site.clock(), self._own, taken()
        return {
            "version": own.version,
            "started_at": instant(own.started_at),
            "uptime_s": round((now - own.started_at).total_seconds(), 1),
            "threads": takes.threads,
            "cpu_s": round(takes.cpu_s, 2),
            "memory_bytes": takes.memory_bytes,
            "handles": takes.handles,
            "handles_limit": takes.handles_limit,
            "sockets": takes.sockets,
            "event_loop_lag": inside.timings(self._exposition.lag.timings),
        }

    def _deployment(self, watched: Watched, whole: bool) -> Json:
        within, now = watched.inside(), self._site.clock()
        picture = self._site.picture(watched)
        made = self._site.bus.latest(watched.id) is not None
        return {
            "id": watched.id,
            "name": watched.name,
            "status": picture["status"],
            "version": picture["version"],
            "at": picture["at"] if made else None,
            "unheard": list(watched.unheard()) if not made else [],
            "waiting": within.waiting,
            "turns": inside.timings(within.turns),
            "viewers": _queue(self._site.bus.queue(watched.id)),
            "sources": inside.sources(within, picture["sources"], now, whole=whole),
        }


def _queue(queue: Queue) -> Json:
    return {
        "count": queue.viewers,
        "longest_queue": queue.longest,
        "resynced": queue.resynced,
    }


def _store(store: Store) -> Mapping[str, Any]:
    return {
        "name": store.name,
        "kind": store.kind,
        "waiting": store.waiting,
        "trouble": store.trouble,
        "details": dict(store.details),
    }
