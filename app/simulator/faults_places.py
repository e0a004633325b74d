"""Where each kind of fault may be put: box ids, workload names, connection numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.simulator.world import STORES, TOPOLOGY, WORKLOADS, WorkloadSpec, behind

ATTRIBUTED: Final = (14, 15, 16, 17, 26, 27, 28, 29, 30, 31)
"""Connections that a metric of their source tells apart: the workspace counts its
outgoing requests by category."""


def _boxes(fits: Callable[[WorkloadSpec], bool]) -> tuple[str, ...]:
    """Boxes all of whose workloads fit, then single workloads of boxes with several."""
    with_workloads = [box.id for box in TOPOLOGY.boxes if behind(box.id)]
    boxes = [box for box in with_workloads if all(map(fits, behind(box)))]
    parts = [
        spec.name for spec in WORKLOADS if fits(spec) and len(behind(spec.box)) > 1
    ]
    return tuple([*boxes, *parts])


RUNNING: Final = _boxes(lambda spec: True)
REPLACEABLE: Final = _boxes(lambda spec: spec.kind == "Deployment" or spec.replicas > 1)
"""Where a rolling update never takes the last pod away."""
EVICTABLE: Final = _boxes(lambda spec: spec.replicas > 1)
"""Where a pod may go before the next one is there."""
DEPLOYMENTS: Final = _boxes(lambda spec: spec.kind == "Deployment")
SCRAPED: Final = _boxes(lambda spec: spec.scrape is not None)
MEASURED: Final = _boxes(lambda spec: spec.family in ("java", "node", "ui"))
REGISTERED: Final = _boxes(lambda spec: bool(spec.consul))
STORED: Final = tuple(str(store) for store in STORES)
CONSUL: Final = ("consul",)
API: Final = ("kubernetes",)
CLUSTER_CLOCK: Final = ("kubernetes",)
INGRESS: Final = ("service-proxy",)
PAIRS: Final = tuple(str(number) for number in ATTRIBUTED)
