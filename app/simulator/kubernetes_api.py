"""The simulated API server: discovery, get, list and watch over HTTP.

Read-only, as the role it is asked with. Who may ask is in `kubernetes_access`, what a
list or a watch answers in `kubernetes_list` and `kubernetes_watch`.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.simulator import kubernetes_discovery as discovery
from app.simulator.cluster_store import RESOURCES, Resource, Store
from app.simulator.kubernetes_access import Access
from app.simulator.kubernetes_errors import (
    ApiError,
    Attempt,
    expired,
    no_such_resource,
    not_found,
)
from app.simulator.kubernetes_list import ListRequest, listing, typed, whole_number
from app.simulator.kubernetes_select import selector
from app.simulator.kubernetes_watch import Streams, WatchRequest

MEDIA: Final = "application/json"
NO_PAGE: Final = "404 page not found\n"
TRUE: Final = ("1", "true", "True")
SHORTEST_S: Final = 1800
"""Without `timeoutSeconds` a watch lives from this to twice as long."""
Answers = Callable[[Request], Awaitable[Response]]


@dataclass
class KubernetesApi:
    """`gone_as_status`: a watch that can't resume is told by HTTP 410.
    `flow_schema`: the uid of what lets requests in, another one in every cluster."""

    store: Store
    access: Access
    streams: Streams
    gone_as_status: bool = False
    uids: random.Random = field(default_factory=lambda: random.Random(0))
    flow_schema: str = "bec04fd2-fc13-4e0d-8142-275b37128bfe"

    def app(self) -> Starlette:
        routes = [
            Route("/version", self._answered(self._version)),
            Route("/{check:str}z", self._health),
            Route("/api", self._discovered(discovery.core())),
            Route("/apis", self._discovered(discovery.groups())),
        ]
        for prefix, resources in discovery.by_prefix().items():
            found = discovery.resource_list(resources)
            routes.append(Route(prefix, self._discovered(found)))
        for resource in RESOURCES:
            routes += self._routes(resource)
        routes.append(Route("/{rest:path}", self._answered(_nothing)))
        return Starlette(routes=routes)

    def _routes(self, resource: Resource) -> list[Route]:
        prefix = discovery.prefix(resource)

        async def many(request: Request) -> Response:
            return self._many(resource, request)

        async def one(request: Request) -> Response:
            return self._one(resource, request)

        inside = f"{prefix}/namespaces/{{namespace}}" if resource.namespaced else prefix
        routes = [
            Route(f"{inside}/{resource.plural}", self._answered(many)),
            Route(f"{inside}/{resource.plural}/{{name}}", self._answered(one)),
        ]
        if resource.namespaced:
            everywhere = f"{prefix}/{resource.plural}"
            routes.append(Route(everywhere, self._answered(many)))
        return routes

    def _answered(self, answers: Answers) -> Answers:
        """Refusals become `Status` bodies; every answer has the usual headers."""

        async def answered(request: Request) -> Response:
            try:
                response = await answers(request)
            except ApiError as exc:
                response = _json(exc.body, exc.code)
            response.headers.update(self._headers())
            return response

        return answered

    def _headers(self) -> dict[str, str]:
        uid = f"{self.uids.getrandbits(128):032x}"
        return {
            "audit-id": "-".join(
                (uid[:8], uid[8:12], uid[12:16], uid[16:20], uid[20:])
            ),
            "cache-control": "no-cache, private",
            "x-kubernetes-pf-flowschema-uid": self.flow_schema,
            "x-kubernetes-pf-prioritylevel-uid": "41cdd249-44f5-43a5-9be9-2c3fd5a35087",
        }

    def _discovered(self, body: dict[str, Any]) -> Answers:
        async def discovered(request: Request) -> Response:
            self._user(request)
            return _json(body)

        return self._answered(discovered)

    async def _version(self, request: Request) -> Response:
        return _json(discovery.VERSION)

    async def _health(self, request: Request) -> Response:
        known = request.path_params["check"] in ("health", "live", "ready")
        return PlainTextResponse(
            "ok" if known else "404 page not found\n", 200 if known else 404
        )

    def _user(self, request: Request) -> str:
        return self.access.user(request.headers.get("authorization", ""))

    def _one(self, resource: Resource, request: Request) -> Response:
        namespace = request.path_params.get("namespace", "")
        name = request.path_params["name"]
        user = self._user(request)
        self.access.check(Attempt(user, "get", resource, namespace, name))
        found = self.store.get(resource, (namespace, name))
        if found is None:
            raise not_found(resource, name)
        return _json(typed(resource, found))

    def _many(self, resource: Resource, request: Request) -> Response:
        query = request.query_params
        verb = "watch" if query.get("watch") in TRUE else "list"
        namespace = request.path_params.get("namespace", "")
        self.access.check(Attempt(self._user(request), verb, resource, namespace))
        selects = selector(
            resource, query.get("labelSelector", ""), query.get("fieldSelector", "")
        )
        version = query.get("resourceVersion", "")
        if verb == "watch":
            whole_number("resourceVersion", version)
            return self._watch(
                WatchRequest(
                    resource, namespace, selects, version,
                    query.get("allowWatchBookmarks") in TRUE, self._timeout_s(request),
                )
            )  # fmt: skip
        wanted = ListRequest(
            resource, namespace, selects,
            whole_number("limit", query.get("limit", "")), query.get("continue", ""),
            version, query.get("resourceVersionMatch", ""),
        )  # fmt: skip
        return _json(listing(self.store, wanted))

    def _watch(self, request: WatchRequest) -> Response:
        asked, oldest = int(request.version or 0), self.store.compacted
        if self.gone_as_status and 0 < asked < oldest:
            raise expired(f"too old resource version: {asked} ({oldest})")
        return StreamingResponse(self.streams.lines(request), media_type=MEDIA)

    def _timeout_s(self, request: Request) -> float:
        asked = whole_number(
            "timeoutSeconds", request.query_params.get("timeoutSeconds", "")
        )
        return asked or SHORTEST_S * (1 + self.uids.random())


async def _nothing(request: Request) -> Response:
    if request.url.path.startswith(("/api/", "/apis/")):
        raise no_such_resource()
    return PlainTextResponse(NO_PAGE, 404)


def _json(body: Any, code: int = 200) -> Response:
    told = orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE)
    return Response(told, code, media_type=MEDIA)
