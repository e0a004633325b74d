"""Maintenance windows, read, set and ended: `/api/v1/deployments/<id>/maintenance`."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, Depends, Path, Query, Response

from app.domain.limits import seconds
from app.domain.subject import NodeId
from app.domain.topology import Topology
from app.domain.windows import LONGEST, WORDS_MOST, Listed, Window, encode
from app.web import schema
from app.web.access.visit import remark
from app.web.api import DeploymentPath, json, says
from app.web.api_error import ApiError
from app.web.asked import answers, author, line, written, wrong
from app.web.origin import json_only
from app.web.schema_maintenance import WHO, NewWindow, Windows
from app.web.site import Site, Watched

MOST_LASTING: Final = 200
"""More at a time are a program's mistake."""
MOST_TOLD: Final = 500

WindowPath = Annotated[
    str, Path(description="a window's id", pattern=r"^[0-9a-z-]+$", max_length=63)
]
All = Annotated[
    bool, Query(alias="all", description=f"past ones too; the latest {MOST_TOLD}")
]

By = Annotated[
    str | None,
    Query(description=WHO, min_length=1, max_length=WORDS_MOST),
]

log = structlog.get_logger(__name__)


def maintenance_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["maintenance"])
    path = "/{deployment}/maintenance"

    @router.get(path, responses=says(Windows, 404, 422))
    async def list_windows(deployment: DeploymentPath, every: All = False) -> Response:
        """Windows that are in force or yet to begin, the earliest first."""
        watched = site.find(deployment)
        if every:
            return json(_told(await asyncio.to_thread(_every, watched)))
        lasting = await asyncio.to_thread(_lasting, watched, site.clock())
        return json(_told(Listed(tuple(sorted(lasting, key=_order)))))

    @router.post(
        path,
        status_code=201,
        responses=answers(schema.Window, 201, 400, 403, 404, 409, 415, 422),
        dependencies=[Depends(json_only)],
    )
    async def set_window(deployment: DeploymentPath, asked: NewWindow) -> Response:
        """Begin one now."""
        watched, now = site.find(deployment), site.clock()
        if len(watched.plans.lasting()) >= MOST_LASTING:
            text = f"there are {MOST_LASTING} windows already: end some first"
            raise ApiError(409, "too_many", text)
        window = planned(asked, watched.topology, now)
        watched.plans.put(window)
        remark(window.id)
        _note("maintenance set", deployment, window, window.by)
        return written(encode(window), 201)

    @router.delete(
        path + "/{window}",
        responses=answers(schema.Window, 200, 403, 404, 409, 422),
    )
    async def end_window(
        deployment: DeploymentPath, window: WindowPath, by: By = None
    ) -> Response:
        """End one early; it stays on record."""
        watched, now = site.find(deployment), site.clock()
        who = author(by)
        ended = _found(watched, window, now).ended(now, who)
        watched.plans.put(ended)
        _note("maintenance ended", deployment, ended, who)
        return written(encode(ended), 200)

    return router


def planned(asked: NewWindow, topology: Topology, now: datetime) -> Window:
    """What was asked for; raises a 422 where it can't be."""
    numbers = [connection.number for connection in topology.connections]
    boxes = [box.id for box in topology.boxes]
    return Window(
        f"{now:%Y-%m-%d-%H%M}-{secrets.token_hex(4)}",
        now,
        _end(asked, now),
        line(asked.why, "why"),
        author(asked.by),
        tuple(map(NodeId, _known("nodes", asked.nodes, boxes))),
        tuple(_known("connections", asked.connections, numbers)),
    )


def _end(asked: NewWindow, now: datetime) -> datetime:
    if (asked.until is None) == (asked.lasting is None):
        raise wrong("until", "give the moment of its end, or how long as `for`")
    if asked.until is not None:
        field, lasts = "until", asked.until - now
    else:
        field, lasts = "for", timedelta(seconds=seconds(asked.lasting) or 0)
    if lasts <= timedelta(0):
        raise wrong(field, "the end must lie ahead")
    if lasts > LONGEST:
        raise wrong(field, f"{LONGEST.days} days at most")
    return (now + lasts).astimezone(UTC)


def _known(field: str, asked: list[Any] | None, known: Iterable[Any]) -> list[Any]:
    """Each once."""
    named = [*dict.fromkeys(asked or ())]
    strange = [one for one in named if one not in known]
    if strange:
        raise wrong(field, f"the picture has no {strange[0]}")
    return named


def _found(watched: Watched, name: str, now: datetime) -> Window:
    """The one that can be ended."""
    found = next((one for one in _lasting(watched, now) if one.id == name), None)
    if found is None:
        text = f"no window that lasts is called {name}"
        raise ApiError(404, "not_found", text, "window")
    if found.configured:
        text = f"{name} stands in the configuration, and is ended there"
        raise ApiError(409, "configured", text, "window")
    return found


def _lasting(watched: Watched, now: datetime) -> list[Window]:
    every = (*watched.planned(), *watched.plans.lasting())
    return [one for one in every if not one.over(now)]


def _every(watched: Watched) -> Listed:
    listed = watched.plans.every(MOST_TOLD)
    every = sorted((*watched.planned(), *listed.windows), key=_order, reverse=True)
    return Listed(tuple(every[:MOST_TOLD]), listed.trouble)


def _order(window: Window) -> tuple[datetime, str]:
    return window.starts_at, window.id


def _told(listed: Listed) -> dict[str, Any]:
    windows = [encode(one) for one in listed.windows]
    return {"windows": windows, "trouble": listed.trouble}


def _note(event: str, deployment: str, window: Window, by: str) -> None:
    until = window.ended_at or window.ends_at
    remark(f"until {until:%Y-%m-%d %H:%M} UTC: {window.why}")
    log.info(event, deployment=deployment, window=window.id, by=by, until=str(until))
