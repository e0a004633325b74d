"""A simulated Elasticsearch 7.17: its front page, its health, its nodes' statistics.

Every node answers for the cluster. It stays yellow while a node is missing, never red:
what is left holds a copy of everything. `filter_path` is honoured as the real one does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.simulator.stores_links import Link
from app.simulator.stores_state import Stores
from app.simulator.world import Pod

NAME: Final = "gws-elastic"
ELASTICSEARCH: Final = "elasticsearch"
SHARDS: Final = 10
"""Primary shards; each has one replica."""
POOLS: Final = ("get", "search", "write")
Json = dict[str, Any]


def create_elasticsearch_app(stores: Stores) -> Starlette:
    search = _Search(stores)
    return Starlette(
        routes=[
            Route("/", search.front),
            Route("/_cluster/health", search.health),
            Route("/_nodes/stats", search.nodes),
            Route("/_nodes/stats/{metrics}", search.nodes),
        ]
    )


class _Search:
    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def front(self, request: Request) -> JSONResponse:
        pods = self._up()
        return _answer(
            request,
            {
                "name": pods[0].name if pods else NAME,
                "cluster_name": NAME,
                "version": {
                    "number": pods[0].version if pods else "",
                    "build_flavor": "default",
                },
                "tagline": "You Know, for Search",
            },
        )

    async def health(self, request: Request) -> JSONResponse:
        up = len(self._up())
        wanted = max((pod.spec.replicas for pod in self._all()), default=up)
        return _answer(request, cluster_health(up, wanted))

    async def nodes(self, request: Request) -> JSONResponse:
        up = self._up()
        wanted = request.path_params.get("metrics", "http,thread_pool").split(",")
        rejected, now = self._stores.rejected(), self._stores.now()
        told: Json = {}
        for pod in up:
            # One queue is full; the others have room.
            metrics = self._metrics(pod, rejected if pod is up[0] else 0)
            told[node_id(pod)] = _node(pod, metrics, wanted, now)
        counted = {"total": len(up), "successful": len(up), "failed": 0}
        body = {"_nodes": counted, "cluster_name": NAME, "nodes": told}
        return _answer(request, body)

    def _metrics(self, pod: Pod, rejected: int) -> Json:
        links, now = self._stores.links_to(pod), self._stores.now()
        pools = {name: _pool(rejected if name == "search" else 0) for name in POOLS}
        return {"http": _http(pod, links, now), "thread_pool": pools}

    def _all(self) -> tuple[Pod, ...]:
        return self._stores.servers(ELASTICSEARCH)

    def _up(self) -> list[Pod]:
        return [pod for pod in self._all() if pod.serving]


def cluster_health(up: int, wanted: int) -> Json:
    """A missing node's replicas are held by nobody until it is back."""
    missing = SHARDS * 2 * max(0, wanted - up) // max(1, wanted)
    unassigned = min(SHARDS, missing)
    active = SHARDS * 2 - unassigned
    return {
        "cluster_name": NAME,
        "status": "yellow" if unassigned else "green",
        "timed_out": False,
        "number_of_nodes": up,
        "number_of_data_nodes": up,
        "active_primary_shards": SHARDS,
        "active_shards": active,
        "relocating_shards": 0,
        "initializing_shards": 0,
        "unassigned_shards": unassigned,
        "delayed_unassigned_shards": 0,
        "number_of_pending_tasks": 0,
        "number_of_in_flight_fetch": 0,
        "task_max_waiting_in_queue_millis": 0,
        "active_shards_percent_as_number": 100.0 * active / (SHARDS * 2),
    }


def _node(pod: Pod, metrics: Json, wanted: Sequence[str], now: datetime) -> Json:
    return {
        "timestamp": _ms(now),
        "name": pod.name,
        "transport_address": f"{pod.ip}:9300",
        "host": pod.ip,
        "ip": f"{pod.ip}:9300",
        "roles": ["data", "ingest", "master"],
        **{name: metrics[name] for name in wanted if name in metrics},
    }


def _http(pod: Pod, links: Sequence[Link], now: datetime) -> Json:
    return {
        "current_open": len(links),
        "total_opened": max((link.id for link in links), default=0),
        "clients": [_client(pod, link, now) for link in links],
    }


def _client(pod: Pod, link: Link, now: datetime) -> Json:
    idle_ms = link.idle_s(now) * 1000
    return {
        "id": link.id,
        "agent": "elasticsearch-java",
        "local_address": f"{pod.ip}:{pod.port('http')}",
        "remote_address": f"{link.host}:{link.port}",
        "last_uri": "/_search",
        "opened_time_millis": _ms(link.opened),
        "last_request_time_millis": _ms(now) - idle_ms,
        "request_count": link.age_s(now) // 5 + 1,
        "request_size_bytes": 0,
    }


def _pool(rejected: int) -> Json:
    return {
        "threads": 4, "queue": 0, "active": 0, "rejected": rejected, "largest": 4,
        "completed": 0,
    }  # fmt: skip


def node_id(pod: Pod) -> str:
    """Kept on the node's volume, so it outlives the pod."""
    return hashlib.sha1(pod.name.encode(), usedforsecurity=False).hexdigest()[:22]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _answer(request: Request, body: Json) -> JSONResponse:
    wanted = request.query_params.get("filter_path")
    if wanted:
        body = filtered(body, [path.split(".") for path in wanted.split(",")]) or {}
    return JSONResponse(body)


def filtered(value: Any, paths: Sequence[Sequence[str]]) -> Any:
    """What the paths lead to; `None`: nothing. A list is passed through, and a name in
    a path may hold `*`."""
    if any(not path for path in paths):
        return value
    if isinstance(value, list):
        kept = [filtered(one, paths) for one in value]
        return [one for one in kept if one is not None] or None
    if not isinstance(value, dict):
        return None
    found = {
        name: filtered(one, [p[1:] for p in paths if fnmatchcase(name, p[0])])
        for name, one in value.items()
    }
    return {name: one for name, one in found.items() if one is not None} or None
