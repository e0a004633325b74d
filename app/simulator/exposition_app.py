"""What every simulated pod answers over HTTP: its metrics, and its health.

One ASGI application for all pods: the address and port that were called say which pod
is meant. `PodMetrics` keeps what each has counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.simulator import exposition_neighbours, exposition_stores
from app.simulator.exposition import CONTENT_TYPE, Family, Subject, garbled, render
from app.simulator.exposition_java import authentication, java, ui
from app.simulator.exposition_workspace import workspace
from app.simulator.faults import Fault
from app.simulator.load import (
    CALM,
    Meter,
    Strain,
    advance,
    begun,
    day,
    demand,
    rate,
)
from app.simulator.load_profiles import PROFILES, calls
from app.simulator.load_strain import down_boxes, ready_pods, strain_on
from app.simulator.world import Pod, behind
from app.simulator.world_room import room

Page = Callable[[Subject], Iterator[Family]]
PAGES: Final[Mapping[str, Page]] = {
    "java": java,
    "ui": ui,
    "node": workspace,
    "tenant": exposition_neighbours.tenant,
    "voicemail": exposition_neighbours.voicemail,
    "ucsx": exposition_neighbours.ucsx,
    "nexus": exposition_neighbours.node_service,
    "iwd": exposition_neighbours.node_service,
    "redis": exposition_stores.redis,
    "postgresql": exposition_stores.postgresql,
    "elasticsearch": exposition_stores.elasticsearch,
}
"""By family of the workload."""
OWN_PAGES: Final[Mapping[str, Page]] = {
    "gauth-auth": authentication,
    "gauth-environment": authentication,
}
"""By workload, where it tells more than its family."""


class Deployment(Protocol):
    """What is asked of the simulated cluster."""

    def pods(self) -> Sequence[Pod]: ...

    def pod_at(self, address: str, port: int) -> Pod | None: ...

    def faults(self) -> Sequence[Fault]: ...


@dataclass(slots=True)
class _Counted:
    """One pod's meter, and the strain that it was last under."""

    meter: Meter
    strain: Strain
    frozen: str | None = None


@dataclass(frozen=True, slots=True)
class _Picture:
    """The deployment at one moment, as far as the load depends on it."""

    now: float
    faults: tuple[Fault, ...]
    ready: Mapping[str, int]
    down: Mapping[str, float]

    def strain(self, pod: Pod) -> Strain:
        works = pod.serving and pod.ready and not pod.leaving
        share = 1 / self.ready[pod.spec.name] if works else 0.0
        return strain_on(pod.spec, self.faults, share=share, down=self.down)


class PodMetrics:
    """The metrics pages of all pods. Not for several threads.

    Call `settle` before faults or pods change, so that what was counted until then is
    counted under what was in force until then.
    """

    def __init__(
        self, deployment: Deployment, clock: Callable[[], datetime], seed: int
    ) -> None:
        self.deployment = deployment
        self._clock = clock
        self._seed = seed
        self._counted: dict[tuple[str, datetime], _Counted] = {}

    @property
    def now(self) -> datetime:
        return self._clock()

    def subject(self, pod: Pod) -> Subject | None:
        """The pod's process now, whatever its page tells; `None`: it has no load."""
        if pod.spec.name not in PROFILES:
            return None
        return self._subject(pod, self._count(pod, self._picture()))

    def settle(self) -> None:
        """Count everything up to now, and forget the pods that are gone."""
        picture, pods = self._picture(), self.deployment.pods()
        kept = {_key(pod) for pod in pods}
        self._counted = {
            key: counted for key, counted in self._counted.items() if key in kept
        }
        for pod in pods:
            if pod.serving and pod.spec.name in PROFILES:
                self._count(pod, picture)

    def page(self, pod: Pod) -> str | None:
        """The pod's page now, as its exporter gives it; `None` if there is none."""
        page = OWN_PAGES.get(pod.spec.name) or PAGES.get(pod.spec.family)
        picture = self._picture()
        kinds = {
            fault.kind for fault in picture.faults if pod.spec in behind(fault.target)
        }
        if page is None or "metrics_gone" in kinds:
            return None
        counted = self._count(pod, picture)
        if counted.frozen is None or "metrics_stale" not in kinds:
            text = render(page(self._subject(pod, counted)))
            counted.frozen = text if "metrics_stale" in kinds else None
        else:
            text = counted.frozen
        return garbled(text) if "metrics_garbage" in kinds else text

    def _picture(self) -> _Picture:
        ready = ready_pods(self.deployment.pods())
        now, faults = self._clock().timestamp(), tuple(self.deployment.faults())
        return _Picture(now, faults, ready, down_boxes(ready))

    def _count(self, pod: Pod, picture: _Picture) -> _Counted:
        name, now = pod.spec.name, picture.now
        # A skewed cluster clock may have started the pod in the future.
        first = begun(min(pod.started_at.timestamp(), now))
        counted = self._counted.setdefault(_key(pod), _Counted(first, CALM))
        counted.strain = picture.strain(pod)
        profile, since = PROFILES[name], counted.meter.at
        counted.meter = advance(
            counted.meter,
            now,
            demand(profile, name, self._seed, since, max(since, now)),
            profile,
            calls(name, pod.spec.box),
            counted.strain,
        )
        return counted

    def _subject(self, pod: Pod, counted: _Counted) -> Subject:
        profile, name = PROFILES[pod.spec.name], pod.spec.name
        meter, strain = counted.meter, counted.strain
        return Subject(
            meter,
            profile,
            strain,
            rate=rate(profile, name, self._seed, meter.at) * strain.share,
            busy=day(meter.at),
            calls=calls(name, pod.spec.box),
            processors=math.ceil(room(name).limit.cores),
        )


def _key(pod: Pod) -> tuple[str, datetime]:
    """A restarted container is another process: it counts from zero."""
    return pod.uid, pod.started_at


def create_pod_app(deployment: Deployment, metrics: PodMetrics) -> ASGIApp:
    """An ASGI application that answers for whichever pod was called."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        address, port = scope["server"]
        pod = deployment.pod_at(address, port)
        answer = _answer(pod, port, request, metrics)
        await answer(scope, receive, send)

    return app


def _answer(
    pod: Pod | None, port: int, request: Request, metrics: PodMetrics
) -> Response:
    if pod is None:
        return JSONResponse({"error": "no pod is here"}, status_code=503)
    path, spec = request.url.path, pod.spec
    if path == spec.health.path:
        state = {"status": "UP" if pod.ready else "DOWN"}
        return JSONResponse(state, status_code=200 if pod.ready else 503)
    scrape = spec.scrape
    if scrape and path == scrape.path and port == pod.port(scrape.port):
        page = metrics.page(pod)
        if page is not None:
            return Response(page, media_type=CONTENT_TYPE)
    if path == "/":
        return Response("", media_type="text/html")
    return JSONResponse({"error": "not found", "path": path}, status_code=404)
