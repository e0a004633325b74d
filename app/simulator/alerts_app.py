"""A simulated Alertmanager: its API v2, with the alerts that fire and the silences.

Shapes are those of Alertmanager 0.25. It sends nobody anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.simulator.alerts_rules import Alert, Firing, Labels
from app.simulator.alerts_silences import Refused, Silences, iso

ENDS_AFTER: Final = timedelta(minutes=4)
"""Prometheus tells it again and again; without that an alert ends by itself."""
BASIS: Final = 14_695_981_039_346_656_037
PRIME: Final = 1_099_511_628_211
RECEIVER: Final = "nobody"


def create_alertmanager_app(firing: Firing, now: Callable[[], datetime]) -> Starlette:
    manager = _Manager(firing, now)
    one = "/api/v2/silence/{id}"
    return Starlette(
        routes=[
            Route("/-/ready", manager.ready),
            Route("/-/healthy", manager.ready),
            Route("/api/v2/alerts", manager.alerts),
            Route("/api/v2/silences", manager.silences, methods=["GET"]),
            Route("/api/v2/silences", manager.put, methods=["POST"]),
            Route(one, manager.silence, methods=["GET"]),
            Route(one, manager.end, methods=["DELETE"]),
        ]
    )


class _Manager:
    def __init__(self, firing: Firing, now: Callable[[], datetime]) -> None:
        self._firing = firing
        self._now = now
        self._silences = Silences()

    async def ready(self, request: Request) -> Response:
        return PlainTextResponse("OK")

    async def alerts(self, request: Request) -> Response:
        return JSONResponse([self._told(alert) for alert in self._firing()])

    async def silences(self, request: Request) -> Response:
        now = self._now()
        return JSONResponse([one.told(now) for one in self._silences.all()])

    async def silence(self, request: Request) -> Response:
        found = self._silences.find(request.path_params["id"])
        return JSONResponse(found.told(self._now())) if found else Response("", 404)

    async def put(self, request: Request) -> Response:
        try:
            id_ = self._silences.put(_parsed(await request.body()), self._now())
        except Refused as exc:
            return JSONResponse(exc.told, exc.status)
        return JSONResponse({"silenceID": id_})

    async def end(self, request: Request) -> Response:
        ended = self._silences.end(request.path_params["id"], self._now())
        return Response("", 200 if ended else 404)

    def _told(self, alert: Alert) -> dict[str, Any]:
        now = self._now()
        by = self._silences.over(alert.labels, now)
        return {
            "annotations": {"summary": alert.summary},
            "endsAt": iso(now + ENDS_AFTER),
            "fingerprint": fingerprint(alert.labels),
            "receivers": [{"name": RECEIVER}],
            "startsAt": iso(alert.starts_at),
            "status": {
                "inhibitedBy": [],
                "silencedBy": by,
                "state": "suppressed" if by else "active",
            },
            "updatedAt": iso(now),
            "generatorURL": "http://prometheus.invalid/graph",
            "labels": dict(sorted(alert.labels.items())),
        }


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as exc:
        message = f'parsing silence body from "" failed, because {exc}'
        raise Refused(400, {"code": 400, "message": message}) from exc


def fingerprint(labels: Labels) -> str:
    """Prometheus's: FNV-1a over the sorted labels, each part ended by 0xff."""
    found = BASIS
    for name, value in sorted(labels.items()):
        for byte in name.encode() + b"\xff" + value.encode() + b"\xff":
            found = (found ^ byte) * PRIME % 2**64
    return f"{found:016x}"
