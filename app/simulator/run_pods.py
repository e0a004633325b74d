"""What the pods and the ingress speak on their ports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.simulator.listeners import Speaks, http
from app.simulator.listeners_protocols import Accepts
from app.simulator.run_stores import StoreFront
from app.simulator.stores_elasticsearch import create_elasticsearch_app
from app.simulator.stores_state import Stores
from app.simulator.world import Pod

RAW: Final[dict[tuple[str, str], Callable[[], asyncio.Protocol]]] = {
    ("tenant", "configuration"): Accepts,
    ("tenant", "events"): Accepts,
}
"""By family and port: what is not HTTP."""
STORES: Final[dict[tuple[str, str], Callable[[Stores, Pod], Speaks]]] = {
    ("redis", "http"): StoreFront.redis,
    ("postgresql", "http"): StoreFront.postgresql,
}


def tongue(
    pod_app: Any, consul_app: Any, stores: Stores
) -> Callable[[Pod, str], Speaks]:
    """What a pod speaks on each port; HTTP for all pods is one application."""
    pages = http(pod_app)
    consul = http(consul_app)
    search = http(create_elasticsearch_app(stores))

    def speaks(pod: Pod, port: str) -> Speaks:
        store = STORES.get((pod.spec.family, port))
        if store is not None:
            return store(stores, pod)
        raw = RAW.get((pod.spec.family, port))
        if raw is not None:
            return raw
        if port != pod.spec.ports[0][0]:
            return pages
        return {"consul": consul, "elasticsearch": search}.get(pod.spec.family, pages)

    return speaks


def create_ingress_app(has_proxy: Callable[[], bool]) -> Starlette:
    """The load balancer in front of the proxy: 503 when it has nobody to pass to."""

    async def passed_on(request: Request) -> Response:
        if has_proxy():
            return PlainTextResponse("OK")
        return PlainTextResponse("no healthy upstream", 503)

    return Starlette(routes=[Route("/{path:path}", passed_on)])
