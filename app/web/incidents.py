"""Incidents, open and ended: `/api/v1/deployments/<id>/incidents`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from app.bus.base import Json
from app.domain.incidents import Incident, Kind
from app.domain.incidents_ask import Asked, Page, place
from app.domain.incidents_wire import encode
from app.domain.subject import NodeId, Subject
from app.web import schema
from app.web.api import DeploymentPath, json, says
from app.web.api_error import ApiError
from app.web.site import Records, Site, Watched
from app.web.times import Moment

MOST: Final = 200
USUAL: Final = 50
NAME: Final = r"^[0-9a-z-]+$"

NamePath = Annotated[
    str, Path(description="an incident's id", pattern=NAME, max_length=63)
]
From = Annotated[
    Moment | None, Query(alias="from", description="only those not over before this")
]
To = Annotated[Moment | None, Query(description="only those that began by then")]
KindQuery = Annotated[Kind | None, Query(description="how grave it was at last")]
Open = Annotated[bool | None, Query(description="only open ones, or only ended ones")]
Number = Annotated[
    int | None, Query(description="only with this connection", ge=1, le=9999)
]
Node = Annotated[
    str | None,
    Query(description="only with this box", pattern=r"^[a-z0-9-]+$", max_length=63),
]
Before = Annotated[
    str | None,
    Query(
        description="only older than this incident: `next` of the page before",
        pattern=NAME,
        max_length=63,
    ),
]
Limit = Annotated[int, Query(description="how many at most", ge=1, le=MOST)]


def incidents_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["incidents"])

    @router.get(
        "/{deployment}/incidents", responses=says(schema.Incidents, 404, 422, 503)
    )
    async def list_incidents(
        deployment: DeploymentPath,
        since: From = None,
        to: To = None,
        kind: KindQuery = None,
        open: Open = None,
        connection: Number = None,
        node: Node = None,
        before: Before = None,
        limit: Limit = USUAL,
    ) -> Response:
        """Open and ended incidents with their transitions, newest first."""
        watched = site.find(deployment)
        asked = Asked(
            _utc(since, "from"),
            _utc(to, "to"),
            kind,
            open,
            _subject(connection, node),
            limit=limit,
        )
        return json(await asyncio.to_thread(_listed, watched, asked, before))

    @router.get(
        "/{deployment}/incidents/{incident}",
        responses=says(schema.Incident, 404, 422, 503),
    )
    async def get_incident(deployment: DeploymentPath, incident: NamePath) -> Response:
        """One incident; one that became part of another tells of which."""
        watched = site.find(deployment)
        return json(await asyncio.to_thread(_told, watched, incident))

    return router


def _listed(watched: Watched, asked: Asked, before: str | None) -> Json:
    if before is not None:
        asked = _after(watched.records, asked, before)
    page = watched.records.ask(asked)
    cares = watched.room.cares([one.id for one in page.incidents])
    return {
        "incidents": [encode(one, cares.get(one.id)) for one in page.incidents],
        "next": page.incidents[-1].id if page.more else None,
        "trouble": page.trouble,
    }


def _told(watched: Watched, name: str) -> Json:
    found = only(watched.records.one(name), name, "incident")
    return encode(found, watched.room.cares([name]).get(name))


def _after(records: Records, asked: Asked, before: str) -> Asked:
    last = only(records.one(before), before, "before")
    return replace(asked, before=place(last))


def only(page: Page, name: str, field: str) -> Incident:
    """The one that was asked for. Raises a 404, or a 503 where it can't be known."""
    if page.incidents:
        return page.incidents[0]
    if page.trouble is not None:
        text = f"the records can't be read: {page.trouble}"
        raise ApiError(503, "no_records", text, headers={"Retry-After": "10"})
    raise ApiError(404, "not_found", f"no incident is called {name}", field)


def _subject(number: int | None, node: str | None) -> Subject | None:
    if number is not None and node is not None:
        text = "node: ask for a connection or for a box, not for both"
        raise ApiError(422, "invalid", text, "node")
    return number if number is not None else NodeId(node) if node else None


def _utc(moment: datetime | None, field: str) -> datetime | None:
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError as exc:
        text = f"{field}: no calendar reaches so far"
        raise ApiError(422, "invalid", text, field) from exc
