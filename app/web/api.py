"""The JSON API and the event stream: `/api/v1/...`, `/healthz`, `/readyz`, `/metrics`.

Bodies are sent as the bus holds them; the models of `app.web.schema` describe them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.bus.base import Json
from app.web import schema
from app.web.access.visit import caller
from app.web.api_error import ApiError
from app.web.described import shaped
from app.web.metrics import Exposition
from app.web.past import seen
from app.web.site import Site
from app.web.times import At

DeploymentPath = Annotated[
    str, Path(description="a deployment's id", pattern=r"^[a-z0-9-]+$", max_length=63)
]
NumberPath = Annotated[int, Path(description="a connection's number", ge=1, le=9999)]
NodePath = Annotated[str, Path(description="a box's id", pattern=r"^[a-z0-9-]+$")]
STREAM_HEADERS: Final = {
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}
PARTS_ENDED: Final = "of its parts {count} no longer work; its log names them"
NOT_SEEN_YET: Final = "of the deployments {count} have no first picture yet"
NO_HISTORY: Final = "Only the present is told here: leave `at` out."
Answers = dict[int | str, dict[str, Any]]
ANY: Final = (413, 414, 429, 431)


def says(model: type[schema.Shape], *errors: int) -> Answers:
    """The answers of an operation, for the API's description."""
    return {200: shaped(model), **refuses(*errors)}


def refuses(*errors: int) -> Answers:
    """And what refuses any request, whatever it asks for."""
    return {code: shaped(schema.Error) for code in (*errors, *ANY)}


async def no_history(
    at: Annotated[
        str | None, Query(description="a moment in the past", deprecated=True)
    ] = None,
) -> None:
    """The present must not be passed off as the past that was asked for."""
    if at is not None:
        raise ApiError(404, "no_history", NO_HISTORY, "at")


def json(value: Any) -> Response:
    return Response(
        orjson.dumps(value),
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def deployments_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["deployments"])

    @router.get("", responses=says(schema.Deployments))
    async def list_deployments() -> Response:
        """Every watched deployment with its overall status."""
        entries = [
            {"id": one.id, "name": one.name, "status": site.status(one.id)}
            for one in site.watched.values()
        ]
        return json({"deployments": entries})

    @router.get(
        "/{deployment}/snapshot",
        responses=says(schema.Snapshot, 404, 422, 503),
    )
    async def get_snapshot(deployment: DeploymentPath, at: At = None) -> Response:
        """All verdicts of one deployment, now or as they were shown at a moment."""
        return json(await seen(site, deployment, at))

    @router.get(
        "/{deployment}/connections/{number}",
        responses=says(schema.Connection, 404, 422, 503),
    )
    async def get_connection(
        deployment: DeploymentPath, number: NumberPath, at: At = None
    ) -> Response:
        """One numbered connection of the snapshot."""
        picture = await seen(site, deployment, at)
        return json(one_of(picture, ("connections", "number"), number))

    @router.get(
        "/{deployment}/nodes/{node}",
        responses=says(schema.Node, 404, 422, 503),
    )
    async def get_node(
        deployment: DeploymentPath, node: NodePath, at: At = None
    ) -> Response:
        """One box of the snapshot."""
        picture = await seen(site, deployment, at)
        return json(one_of(picture, ("nodes", "id"), node))

    return router


def part_of(site: Site, deployment: str, part: tuple[str, str], key: int | str) -> Any:
    return one_of(site.latest(deployment).snapshot, part, key)


def one_of(picture: Json, part: tuple[str, str], key: int | str) -> Any:
    name, field = part
    for item in picture[name]:
        if item[field] == key:
            return item
    text = f"{picture['deployment']}: no {name[:-1]} is {key}"
    raise ApiError(404, "not_found", text, field)


def stream_router(site: Site) -> APIRouter:
    router = APIRouter(prefix="/api/v1/deployments", tags=["deployments"])
    said: Answers = {
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        **refuses(404, 422),
    }

    @router.get(
        "/{deployment}/stream", response_class=StreamingResponse, responses=said
    )
    async def stream(
        request: Request,
        deployment: DeploymentPath,
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Server-Sent Events: `snapshot` once, then a `delta` for every change."""
        site.find(deployment)
        if request.scope.get("head"):
            return Response(media_type="text/event-stream", headers=STREAM_HEADERS)
        return StreamingResponse(
            site.bus.subscribe(deployment, last_event_id),
            media_type="text/event-stream",
            headers=STREAM_HEADERS,
        )

    return router


def process_router(
    exposition: Exposition,
    ill: Callable[[], list[str]],
    not_ready: Callable[[], list[str]],
) -> APIRouter:
    """`ill`: what of this process has stopped working; it never speaks of how what is
    watched does. `not_ready`: what it waits for."""
    router = APIRouter(tags=["process"])

    @router.get("/healthz", responses=says(schema.Health, 503))
    async def healthz() -> Response:
        """200 while the process works, whatever it watches."""
        return _verdict("ill", ill(), PARTS_ENDED)

    @router.get("/readyz", responses=says(schema.Health, 503))
    async def readyz() -> Response:
        """200 once every deployment has a first snapshot."""
        return _verdict("not_ready", not_ready(), NOT_SEEN_YET)

    @router.get(
        "/metrics",
        response_class=Response,
        responses={
            200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
            **refuses(),
        },
    )
    async def metrics(request: Request) -> Response:
        """Prometheus's text format, or OpenMetrics where it is asked for."""
        accept = request.headers.get("accept", "")
        body, content_type = await asyncio.to_thread(exposition.render, accept)
        return Response(body, headers={"Content-Type": content_type})

    return router


def _verdict(code: str, problems: list[str], counted: str) -> Response:
    """Each problem names a deployment, so that whoever does not see them all is told
    how many there are."""
    if not problems:
        return json({"status": "ok"})
    everywhere = caller().everywhere() is not None
    told = "; ".join(problems) if everywhere else counted.format(count=len(problems))
    raise ApiError(503, code, told, headers={"Retry-After": "1"})
