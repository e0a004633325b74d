"""The simulated Consul's HTTP API: as Consul 1.8.7 answers, blocking queries included.

The reading half, for the catalog and health; `app.simulator.consul_agent` has the
agent's half. What is refused, and how, is in `app.simulator.consul_routes`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from app.simulator import consul_agent, consul_query
from app.simulator.consul import Consul
from app.simulator.consul_answers import VARY, as_json
from app.simulator.consul_options import Options, Refused, read_options
from app.simulator.consul_query import Answer
from app.simulator.consul_routes import (
    Handler,
    meta_headers,
    refusal,
    route,
    unknown_path,
)
from app.simulator.consul_state import State

LEADER_HOLD_S: Final = 7.0
"""For so long a real agent looks for a leader before it gives up."""
TRUE: Final = ("", "1", "t", "T", "TRUE", "true", "True")
FALSE: Final = ("0", "f", "F", "FALSE", "false", "False")
JITTER: Final = 1 / 16
"""Of the wait that was asked for, up to this much longer."""

Read = Callable[[State], Answer]


def create_consul_app(
    consul: Consul,
    *,
    hold_s: float = LEADER_HOLD_S,
    chance: random.Random,
    sent: Callable[[], None] = lambda: None,
) -> Starlette:
    """An ASGI application that speaks for this cluster. `sent` is told whenever a
    question that was held is answered."""
    api = _Api(consul, hold_s, chance, sent)
    paths: dict[str, tuple[str, Handler]] = {
        "/": ("GET", api.front),
        "/v1/health/state/{state:path}": ("GET", api.health_state),
        "/v1/health/service/{name:path}": ("GET", api.health_service),
        "/v1/catalog/services": ("GET", api.catalog_services),
        "/v1/catalog/nodes": ("GET", api.catalog_nodes),
        "/v1/catalog/service/{name:path}": ("GET", api.catalog_service),
        "/v1/status/leader": ("GET", api.status_leader),
        "/v1/status/peers": ("GET", api.status_peers),
        "/v1/operator/autopilot/health": ("GET", api.autopilot),
        "/v1/kv/{key:path}": ("GET,PUT,DELETE", api.key),
    }
    for path, (method, act) in consul_agent.ACTIONS.items():
        paths[path] = (method, api.agent(act))
    return Starlette(
        routes=[
            route(path, allowed, handler, consul.metrics)
            for path, (allowed, handler) in paths.items()
        ],
        exception_handlers={404: unknown_path, Refused: refusal},
    )


@dataclass(frozen=True)
class _Api:
    consul: Consul
    hold_s: float
    chance: random.Random
    sent: Callable[[], None]

    async def front(self, request: Request) -> Response:
        return Response("Consul Agent", media_type="text/plain")

    async def health_state(self, request: Request) -> Response:
        wanted = _named(request, "state", "check state")
        return await self._read(
            request, lambda state: consul_query.checks_in_state(state, wanted), []
        )

    async def health_service(self, request: Request) -> Response:
        name = _named(request, "name", "service name")
        passing = request.query_params.get("passing", "false")
        if passing not in TRUE + FALSE:
            raise Refused(400, "Invalid value for ?passing")
        tags = request.query_params.getlist("tag")
        self._looked_up("health.service", name)

        def read(state: State) -> Answer:
            return consul_query.service_health(
                state,
                self.consul.datacenter,
                name,
                passing=passing in TRUE,
                tags=tags,
            )

        return await self._read(request, read, [])

    async def catalog_services(self, request: Request) -> Response:
        self._called("catalog_services")
        return await self._read(request, consul_query.services, {})

    async def catalog_nodes(self, request: Request) -> Response:
        self._called("catalog_nodes")
        datacenter = self.consul.datacenter
        return await self._read(
            request, lambda state: consul_query.nodes(state, datacenter), []
        )

    async def catalog_service(self, request: Request) -> Response:
        self._called("catalog_service_nodes")
        name = _named(request, "name", "service name")
        tags = request.query_params.getlist("tag")
        self._looked_up("catalog.service", name)

        def read(state: State) -> Answer:
            return consul_query.service_instances(
                state, self.consul.datacenter, name, tags
            )

        return await self._read(request, read, [])

    async def status_leader(self, request: Request) -> Response:
        options = self._options(request)
        self._same_datacenter(options)
        return as_json(request, options, self.consul.leader or "")

    async def status_peers(self, request: Request) -> Response:
        options = self._options(request)
        self._same_datacenter(options)
        peers = [server.rpc for server in self.consul.servers]
        return as_json(request, options, peers)

    async def autopilot(self, request: Request) -> Response:
        options = self._options(request)
        self._same_datacenter(options)
        await self._leader(meta=False)
        consul_agent.demand(self.consul, options)
        body = consul_query.autopilot(
            self.consul.state, self.consul.servers, self.consul.leader
        )
        return as_json(request, options, body)

    async def key(self, request: Request) -> Response:
        options, key = self._options(request), request.path_params["key"]
        self._same_datacenter(options)
        if request.method == "GET" and "keys" in request.query_params:
            return await self._keys(request, options, key)
        recurse = "recurse" in request.query_params
        if not (key or recurse):
            raise Refused(400, "Missing key name")
        await self._leader(meta=False)
        consul_agent.demand(self.consul, options)
        if request.method == "PUT":
            self.consul.put_value(key, await request.body())
            return as_json(request, options, True)
        if request.method == "DELETE":
            self.consul.drop_values(key, recurse=recurse)
            return as_json(request, options, True)
        found = consul_query.value(self.consul.state, key)
        meta = self._meta(found.index if found else self.consul.state.table("kvs"))
        if found is None:
            return Response(status_code=404, headers={**VARY, **meta})
        return as_json(request, options, found.body, meta)

    async def _keys(self, request: Request, options: Options, prefix: str) -> Response:
        """The names of keys; to a caller who may not see them there are none."""
        separator = request.query_params.get("separator", "")
        if options.consistency != "stale":
            await self._leader(meta=False)
        known = self.consul.leader is not None
        consul_agent.allowed(self.consul, options)
        answer = await self._blocking(
            request, lambda state: consul_query.keys(state, prefix, separator), options
        )
        listed = answer.body if consul_agent.allowed(self.consul, options) else []
        meta = self._meta(answer.index, known_leader=known)
        if prefix and not listed:
            return Response(status_code=404, headers={**VARY, **meta})
        return as_json(request, options, listed, meta)

    def agent(self, act: consul_agent.Action) -> Handler:
        """The agent's own endpoints: no leader, no index."""

        async def handler(request: Request) -> Response:
            options = self._options(request)
            body = act(self.consul, request, options, await request.body())
            if body is None:
                return Response(headers=VARY)
            return as_json(request, options, body)

        return handler

    def _looked_up(self, kind: str, service: str) -> None:
        count = self.consul.metrics.count
        count(f"{kind}.query", service=service)
        known = {one.service for one in self.consul.state.instances.values()}
        if service not in known:
            count(f"{kind}.not-found", service=service)

    def _called(self, name: str) -> None:
        for what in (f"client.api.{name}", f"client.api.success.{name}"):
            self.consul.metrics.count(what, node=self.consul.agent)

    def _options(self, request: Request) -> Options:
        return read_options(request.query_params, request.headers)

    async def _read(self, request: Request, read: Read, denied: Any) -> Response:
        """Answer now, or block until the index passes the one that the caller has."""
        options = self._options(request)
        self._same_datacenter(options, meta=True)
        if options.consistency != "stale":
            await self._leader(meta=True)
        self._known_token(options)
        known = self.consul.leader is not None
        answer = await self._blocking(request, read, options)
        allowed = self._known_token(options)
        meta = self._meta(answer.index, known_leader=known)
        meta["X-Consul-Effective-Consistency"] = options.consistency
        told = as_json(request, options, answer.body if allowed else denied, meta)
        if options.index:
            self.sent()
        return told

    async def _blocking(self, request: Request, read: Read, options: Options) -> Answer:
        clock = asyncio.get_running_loop().time
        longest = options.wait_s * (1 + self.chance.uniform(0, JITTER))
        until, epoch = clock() + longest, self.consul.epoch
        state = self.consul.state
        answer = read(state)
        while 0 < options.index >= answer.index:
            if not await self._changed(request, until - clock(), state):
                break
            if self.consul.epoch != epoch:
                break  # As the real one: a restore answers with what was before it.
            state = self.consul.state
            answer = read(state)
        return answer

    async def _changed(self, request: Request, seconds: float, since: State) -> bool:
        """False when the time is over, or the caller has gone."""
        gone = asyncio.ensure_future(_gone(request))
        try:
            return await self.consul.changed(seconds, since, gone)
        finally:
            gone.cancel()

    async def _leader(self, *, meta: bool) -> None:
        """Wait for a leader as an agent does, then give up."""
        clock = asyncio.get_running_loop().time
        until = clock() + self.hold_s
        while self.consul.leader is None:
            if clock() >= until:
                raise Refused(500, "No cluster leader", meta=meta)
            await asyncio.sleep(min(0.1, self.hold_s))

    def _same_datacenter(self, options: Options, *, meta: bool = False) -> None:
        if options.datacenter not in ("", self.consul.datacenter):
            raise Refused(500, "No path to datacenter", meta=meta)

    def _known_token(self, options: Options) -> bool:
        """Whether the caller may see anything; refuses a token that nobody issued."""
        return consul_agent.allowed(self.consul, options, meta=True)

    def _meta(self, index: int, *, known_leader: bool = True) -> dict[str, str]:
        return meta_headers(index, known_leader, self.consul.leaderless_ms())


def _named(request: Request, parameter: str, what: str) -> str:
    name: str = request.path_params[parameter]
    if not name:
        raise Refused(400, f"Missing {what}")
    return name


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
