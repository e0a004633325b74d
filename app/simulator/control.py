"""The control API: kinds, faults, truth, the speed of virtual time; exporters' pages.

Only on loopback, never part of `serve`. A refusal is 400 and names the field; its shape
is that of the dashboard's own errors.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.simulator import faults as known
from app.simulator.exposition import CONTENT_TYPE
from app.simulator.faults import Fault, Refusal
from app.simulator.truth import truth

SLOWEST = 0.1
FASTEST = 3600.0


class Controlled(Protocol):
    """The simulation, as far as it is controlled from outside."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Those in force, oldest first."""

    @property
    def now(self) -> datetime: ...

    @property
    def rate(self) -> float:
        """Virtual seconds in a second."""

    def next_id(self) -> str: ...

    async def begin(self, fault: Fault) -> datetime:
        """Put a fault in force; when its first change was sent to the watchers."""

    async def end(self, ids: tuple[str, ...]) -> datetime:
        """Likewise for ending some."""

    def set_rate(self, rate: float) -> None: ...


class Exporting(Protocol):
    """The simulated cluster's own exporters."""

    def page(self, path: str) -> str | None:
        """The page at a path; `None`: there is none."""


def create_control_app(simulation: Controlled, exporters: Exporting) -> Starlette:
    control = _Control(simulation, exporters)
    return Starlette(
        routes=[
            Route("/sim/kinds", control.kinds),
            Route("/sim/faults", control.list_faults, methods=["GET"]),
            Route("/sim/faults", control.begin, methods=["POST"]),
            Route("/sim/faults", control.end_all, methods=["DELETE"]),
            Route("/sim/faults/{id}", control.end, methods=["DELETE"]),
            Route("/sim/truth", control.truth),
            Route("/sim/clock", control.clock, methods=["GET"]),
            Route("/sim/clock", control.set_clock, methods=["POST"]),
            Route("/sim/exporters/{path:path}", control.exporter),
        ]
    )


class _Control:
    def __init__(self, simulation: Controlled, exporters: Exporting) -> None:
        self._simulation = simulation
        self._exporters = exporters

    async def kinds(self, request: Request) -> Response:
        return _json({"kinds": [known.describe(kind) for kind in known.KINDS]})

    async def list_faults(self, request: Request) -> Response:
        return _json({"faults": self._reports()})

    async def begin(self, request: Request) -> Response:
        simulation = self._simulation
        body = await _body(request)
        if not isinstance(body, Refusal):
            body = known.parse(body, simulation.next_id(), simulation.now)
        if isinstance(body, Refusal):
            return _refused(body)
        sent_at = await simulation.begin(body)
        told = known.report(body, iso) | {"sent_at": _epoch_ms(sent_at)}
        return _json(told, 201)

    async def end(self, request: Request) -> Response:
        wanted = request.path_params["id"]
        if wanted not in [fault.id for fault in self._simulation.faults]:
            return _error(404, "not_found", f"no fault {wanted} is in force", "id")
        return await self._end((wanted,))

    async def end_all(self, request: Request) -> Response:
        return await self._end(tuple(fault.id for fault in self._simulation.faults))

    async def _end(self, ids: tuple[str, ...]) -> Response:
        sent_at = await self._simulation.end(ids)
        return _json({"ended": list(ids), "sent_at": _epoch_ms(sent_at)})

    async def truth(self, request: Request) -> Response:
        found = truth(self._simulation.faults)
        connections = {str(number): told for number, told in found.connections.items()}
        return _json(
            {
                "at": iso(self._simulation.now),
                "faults": self._reports(),
                "connections": connections,
                "causes": list(found.causes),
            }
        )

    async def clock(self, request: Request) -> Response:
        return _json({"rate": self._simulation.rate})

    async def set_clock(self, request: Request) -> Response:
        body = await _body(request)
        rate = body.get("rate") if isinstance(body, dict) else None
        if isinstance(body, Refusal):
            return _refused(body)
        if isinstance(rate, bool) or not isinstance(rate, int | float):
            return _refused(Refusal("rate", "must be a number"))
        if not SLOWEST <= rate <= FASTEST:
            return _refused(Refusal("rate", f"must be from {SLOWEST:g} to {FASTEST:g}"))
        self._simulation.set_rate(float(rate))
        return _json({"rate": self._simulation.rate})

    async def exporter(self, request: Request) -> Response:
        path = request.path_params["path"]
        page = self._exporters.page(path)
        if page is None:
            return _error(404, "not_found", f"no exporter is at {path}", "path")
        return Response(page, media_type=CONTENT_TYPE)

    def _reports(self) -> list[dict[str, Any]]:
        return [known.report(fault, iso) for fault in self._simulation.faults]


def iso(at: datetime) -> str:
    """RFC 3339 in UTC, milliseconds, `Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _epoch_ms(at: datetime) -> float:
    return round(at.timestamp() * 1000, 3)


async def _body(request: Request) -> Any:
    read: Callable[[str | bytes], Any] = json.loads
    try:
        return read(await request.body())
    except ValueError as exc:
        return Refusal("", f"the body is not JSON: {exc}")


def _refused(refusal: Refusal) -> Response:
    return _error(400, "invalid", refusal.message, refusal.field)


def _error(status: int, code: str, message: str, field: str) -> Response:
    told = {"code": code, "message": message, "field": field or None}
    return _json({"error": told}, status)


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
