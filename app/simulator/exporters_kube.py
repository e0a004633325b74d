"""kube-state-metrics of the simulated cluster: what its objects say, as numbers.

Names and labels: the exporter's published list, as of 2.x. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from app.simulator.cluster_objects import image
from app.simulator.exporters_ground import CONTAINER_ID
from app.simulator.exposition import Family, counters, gauges
from app.simulator.world import WORKLOADS, Pod, WorkloadSpec
from app.simulator.world_room import room

WANTED: Final[Mapping[str, str]] = {
    "Deployment": "kube_deployment_spec_replicas",
    "StatefulSet": "kube_statefulset_replicas",
}


def kube_state(
    pods: Sequence[Pod], desired: Callable[[WorkloadSpec], int]
) -> Iterator[Family]:
    """`desired`: the replicas that are wanted of a workload now."""
    yield from _workloads(pods, desired)
    yield from _pods(pods)
    yield from _containers(pods)


def _workloads(
    pods: Sequence[Pod], desired: Callable[[WorkloadSpec], int]
) -> Iterator[Family]:
    for kind, wanted in WANTED.items():
        label = kind.lower()
        specs = [spec for spec in WORKLOADS if spec.kind == kind]
        said = [
            {"namespace": spec.namespace, label: spec.object_name} for spec in specs
        ]
        there = [
            [pod.ready for pod in pods if pod.spec == spec and not pod.leaving]
            for spec in specs
        ]
        numbers = {
            wanted: [desired(spec) for spec in specs],
            f"kube_{label}_status_replicas": [len(known) for known in there],
            f"kube_{label}_status_replicas_ready": [sum(known) for known in there],
            f"kube_{label}_status_replicas_available": [sum(known) for known in there],
        }
        for name, values in numbers.items():
            rows = zip(said, map(float, values), strict=True)
            yield gauges(name, "The number of replicas", rows)


def _pods(pods: Iterable[Pod]) -> Iterator[Family]:
    known = [(pod, _pod(pod)) for pod in pods]
    yield gauges(
        "kube_pod_info",
        "Information about pod",
        [
            ({**said, "host_ip": "", "pod_ip": pod.ip, "node": pod.host}, 1.0)
            for pod, said in known
        ],
    )
    yield gauges(
        "kube_pod_status_ready",
        "Whether the pod is ready to serve requests",
        [
            ({**said, "condition": condition}, float(holds))
            for pod, said in known
            for condition, holds in (
                ("true", pod.ready),
                ("false", not pod.ready),
                ("unknown", False),
            )
        ],
    )


def _containers(pods: Iterable[Pod]) -> Iterator[Family]:
    known = [(pod, _pod(pod) | {"container": pod.spec.object_name}) for pod in pods]
    about = [
        {
            **said,
            "image": image(pod.spec, pod.version),
            "image_id": "",
            "container_id": CONTAINER_ID.format(pod.uid),
        }
        for pod, said in known
    ]
    stem = "kube_pod_container"
    yield gauges(
        f"{stem}_info", "Information about a container", [(said, 1.0) for said in about]
    )
    yield gauges(
        f"{stem}_status_ready",
        "Whether its readiness check succeeded",
        [(said, float(pod.ready)) for pod, said in known],
    )
    yield counters(
        f"{stem}_status_restarts_total",
        "Restarts",
        [(said, float(pod.restarts)) for pod, said in known],
    )
    yield gauges(
        f"{stem}_resource_limits",
        "What it may use at most",
        [
            ({**said, "node": pod.host, "resource": of, "unit": unit}, most)
            for pod, said in known
            for of, unit, most in _limits(pod)
        ],
    )


def _limits(pod: Pod) -> tuple[tuple[str, str, float], ...]:
    limit = room(pod.spec.name).limit
    return ("memory", "byte", limit.bytes_), ("cpu", "core", limit.cores)


def _pod(pod: Pod) -> dict[str, str]:
    return {"namespace": pod.spec.namespace, "pod": pod.name, "uid": pod.uid}
