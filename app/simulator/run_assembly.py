"""Puts the simulated deployment together and opens every port of it."""

from __future__ import annotations

import random
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.simulator.alerts_app import create_alertmanager_app
from app.simulator.alerts_rules import Alert, Moment, firing
from app.simulator.certificates import IngressCertificate
from app.simulator.cluster import Cluster
from app.simulator.consul import Consul
from app.simulator.consul_api import create_consul_app
from app.simulator.control import create_control_app
from app.simulator.exporters_app import Exporters
from app.simulator.exposition_app import PodMetrics, create_pod_app
from app.simulator.faults import Fault
from app.simulator.kubernetes_access import Access
from app.simulator.kubernetes_api import KubernetesApi
from app.simulator.kubernetes_watch import Streams
from app.simulator.listeners import Listeners, Place, http
from app.simulator.run_config import Served
from app.simulator.run_consul import Catalog, put_settings, servers
from app.simulator.run_listeners import PodListeners
from app.simulator.run_pods import create_ingress_app, tongue
from app.simulator.run_procedures import Procedures
from app.simulator.run_simulation import (
    CERTIFICATE_LASTS,
    VIEWER,
    Parts,
    Places,
    Simulation,
)
from app.simulator.run_stores import StoreFront
from app.simulator.sent import Sent
from app.simulator.stores_state import Stores
from app.simulator.world import KUBERNETES_NODES, WORKLOADS, Pod
from app.simulator.world_addresses import claim
from app.simulator.world_clock import VirtualClock


@dataclass(frozen=True, slots=True)
class Plan:
    """What to assemble. `token`: the one that the Kubernetes API takes. `password`: the
    one that PostgreSQL takes."""

    host: str
    seed: int
    tls: bool
    bookmark_every_s: float
    token: str
    password: str
    directory: Path


@dataclass
class _Seen:
    """The deployment as its metrics pages see it."""

    cluster: Cluster
    in_force: Callable[[], tuple[Fault, ...]] = tuple

    def pods(self) -> Sequence[Pod]:
        return self.cluster.pods()

    def pod_at(self, address: str, port: int) -> Pod | None:
        for pod in self.cluster.pods():
            if pod.ip == address and port in dict(pod.ports).values():
                return pod
        return None

    def faults(self) -> Sequence[Fault]:
        return self.in_force()


@dataclass(frozen=True, slots=True)
class _Built:
    """All parts, not listening yet, and what will answer over HTTP."""

    parts: Parts
    consul_app: Any
    ingress_app: Any
    alertmanager_app: Any
    seen: _Seen
    exporters: Exporters


def _built(
    plan: Plan,
    cluster: Cluster,
    wall: Callable[[], datetime],
    clock: VirtualClock,
    monotonic: Callable[[], float],
) -> _Built:
    seen = _Seen(cluster)
    metrics = PodMetrics(seen, clock.now, plan.seed)
    consul = Consul(wall, servers(cluster.pods()))
    put_settings(consul)
    sent = Sent(wall)
    chance = random.Random(plan.seed)
    consul_app = create_consul_app(consul, chance=chance, sent=sent.note)
    certificate = IngressCertificate(
        plan.directory, (plan.host, "localhost"), wall(), wall() + CERTIFICATE_LASTS
    )
    streams = Streams(cluster.store, monotonic, plan.bookmark_every_s, sent.note)
    flow_schema = uuid.UUID(int=random.Random(plan.seed).getrandbits(128), version=4)
    api = KubernetesApi(
        cluster.store,
        Access({plan.token: VIEWER}),
        streams,
        flow_schema=str(flow_schema),
    )
    listeners = Listeners()
    stores = Stores(seen, wall, clock.now, plan.password)
    speaks = tongue(create_pod_app(seen, metrics), consul_app, stores)
    parts = Parts(
        cluster, api, Catalog(consul, KUBERNETES_NODES), listeners,
        PodListeners(listeners, speaks, certificate.context), certificate,
        Procedures(cluster), metrics.settle,
        StoreFront(stores, listeners), sent,
    )  # fmt: skip
    ingress = create_ingress_app(lambda: _ready(cluster, "gws-service-proxy"))
    alerts = _alertmanager(plan, seen, wall, clock)
    return _Built(parts, consul_app, ingress, alerts, seen, Exporters(metrics))


def _alertmanager(
    plan: Plan, seen: _Seen, wall: Callable[[], datetime], clock: VirtualClock
) -> Any:
    def fired() -> tuple[Alert, ...]:
        moment = Moment(wall(), clock.now().timestamp(), plan.seed)
        return firing(seen.faults(), seen.pods(), moment)

    return create_alertmanager_app(fired, wall)


@asynccontextmanager
async def assembled(
    plan: Plan, wall: Callable[[], datetime], monotonic: Callable[[], float]
) -> AsyncIterator[tuple[Simulation, Served]]:
    """The simulation with every port open; all of them are closed at the end."""
    addresses = claim()
    clock = VirtualClock(wall)
    cluster = Cluster(WORKLOADS, addresses, wall, plan.seed)
    cluster.install()
    built = _built(plan, cluster, wall, clock, monotonic)
    parts = built.parts
    try:
        places = await _open_apis(plan, built)
        simulation = Simulation(parts, places, wall, clock)
        built.seen.in_force = lambda: simulation.faults
        control = http(create_control_app(simulation, built.exporters))
        control_port = await parts.listeners.open(plan.host, 0, control)
        await simulation.start()
        yield simulation, _served(plan, places, parts.certificate, control_port)
        await simulation.stop()
    finally:
        await parts.listeners.close_all()
        addresses.close()


async def _open_apis(plan: Plan, built: _Built) -> Places:
    parts, host = built.parts, plan.host
    context = parts.certificate.context
    speaks = http(parts.api.app())
    tls = context if plan.tls else None
    kubernetes = await parts.listeners.open(host, 0, speaks, tls=tls)
    consul = await parts.listeners.open(host, 0, http(built.consul_app))
    speaks = http(built.ingress_app)
    ingress = await parts.listeners.open(host, 0, speaks, tls=context)
    alerts = await parts.listeners.open(host, 0, http(built.alertmanager_app))
    stores = await parts.stores.open(host)
    return Places(
        (host, kubernetes), (host, consul), (host, ingress), stores["redis"],
        stores["postgresql"], stores["elasticsearch"], (host, alerts),
    )  # fmt: skip


def _served(
    plan: Plan, places: Places, certificate: IngressCertificate, control: int
) -> Served:
    return Served(
        control=f"http://{plan.host}:{control}",
        kubernetes=_url("https" if plan.tls else "http", places.kubernetes),
        consul=_url("http", places.consul),
        ingress=_url("https", places.ingress),
        redis=_url("redis", places.redis),
        postgresql=_url("postgresql", places.postgresql),
        elasticsearch=_url("http", places.elasticsearch),
        alertmanager=_url("http", places.alertmanager),
        token=plan.token,
        password=plan.password,
        ca_file=certificate.ca_file,
    )


def _url(scheme: str, place: Place) -> str:
    return f"{scheme}://{place[0]}:{place[1]}"


def _ready(cluster: Cluster, workload: str) -> bool:
    return any(pod.ready for pod in cluster.works[workload].living())
