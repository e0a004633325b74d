"""Who has an incident in hand: `/api/v1/deployments/<id>/incidents/<incident>/...`.

An incident is acknowledged, and assigned, while it is open; that stays on record with
it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from fastapi import APIRouter, Depends, Response

from app.domain.care import Care, encode
from app.web.access.visit import remark
from app.web.api import DeploymentPath
from app.web.api_error import ApiError
from app.web.asked import By, answers, author, line, written
from app.web.incidents import NamePath
from app.web.origin import json_only
from app.web.schema_notes import Assignment, Who
from app.web.schema_room import Care as CareShape
from app.web.site import Site

log = structlog.get_logger(__name__)


def care_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["incidents"])
    puts: dict[str, Any] = {
        "responses": answers(CareShape, 200, 400, 403, 404, 415, 422, 503),
        "dependencies": [Depends(json_only)],
    }
    takes: dict[str, Any] = {
        "responses": answers(CareShape, 200, 403, 404, 422, 503),
    }
    _acknowledging(router, site, puts, takes)
    _assigning(router, site, puts, takes)
    return router


def _acknowledging(
    router: APIRouter, site: Site, puts: dict[str, Any], takes: dict[str, Any]
) -> None:
    path = "/{deployment}/incidents/{incident}/acknowledgement"

    @router.put(path, **puts)
    async def acknowledge(
        deployment: DeploymentPath, incident: NamePath, asked: Who
    ) -> Response:
        """The first who does it is told, for everybody."""
        now = site.clock()
        care = _of(site, deployment, incident, now)
        by = author(asked.by)
        care = care.acknowledge(by, now)
        return _tended(site, deployment, care, "acknowledged", by)

    @router.delete(path, **takes)
    async def withdraw(
        deployment: DeploymentPath, incident: NamePath, by: By = None
    ) -> Response:
        """It is as if nobody had acknowledged it."""
        now = site.clock()
        care = _of(site, deployment, incident, now).withdrawn(now)
        return _tended(site, deployment, care, "no longer acknowledged", author(by))


def _assigning(
    router: APIRouter, site: Site, puts: dict[str, Any], takes: dict[str, Any]
) -> None:
    path = "/{deployment}/incidents/{incident}/assignee"

    @router.put(path, **puts)
    async def assign(
        deployment: DeploymentPath, incident: NamePath, asked: Assignment
    ) -> Response:
        """It is this one's from now on, whoever had it before."""
        now = site.clock()
        care = _of(site, deployment, incident, now)
        name, by = line(asked.name, "name"), author(asked.by)
        care = care.assign(name, now)
        remark(f"to {name}")
        return _tended(site, deployment, care, "assigned", by)

    @router.delete(path, **takes)
    async def unassign(
        deployment: DeploymentPath, incident: NamePath, by: By = None
    ) -> Response:
        """It is nobody's."""
        now = site.clock()
        care = _of(site, deployment, incident, now).assign(None, now)
        return _tended(site, deployment, care, "no longer assigned", author(by))


def _of(site: Site, deployment: str, incident: str, now: datetime) -> Care:
    """As it is now; raises a 404 where no such incident is open."""
    watched, snapshot = site.find(deployment), site.latest(deployment).snapshot
    if not any(one["id"] == incident for one in snapshot["incidents"]):
        text = f"no open incident is called {incident}"
        raise ApiError(404, "not_found", text, "incident")
    return watched.room.talk().cares.get(incident) or Care(incident, now)


def _tended(site: Site, deployment: str, care: Care, event: str, by: str) -> Response:
    room = site.find(deployment).room
    if care != room.talk().cares.get(care.incident):
        room.tend(care)
        log.info(
            f"incident {event}",
            deployment=deployment,
            incident=care.incident,
            by=by,
            assigned=care.assigned,
        )
    return written({"incident": care.incident} | encode(care))
