"""Writes what the cluster's records amount to: objects and Events, each if different.

No decisions here; `cluster` says what happens, and in which order things are written.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from app.simulator import cluster_network as network
from app.simulator import cluster_objects as objects
from app.simulator import cluster_status as status
from app.simulator.cluster_autoscaler import autoscaler
from app.simulator.cluster_events import About, event, scheduled
from app.simulator.cluster_names import Names
from app.simulator.cluster_records import PodRecord, SliceRecord, Stage, WorkloadRecord
from app.simulator.cluster_store import (
    AUTOSCALERS,
    DEPLOYMENTS,
    EVENTS,
    PODS,
    REPLICASETS,
    SLICES,
    STATEFULSETS,
    Object,
    Resource,
    Store,
)
from app.simulator.world_room import REPLICAS_MOST

EVENTS_KEPT: Final = timedelta(hours=1)
CONTROLLER: Final = "kube-controller-manager"


class Writer:
    def __init__(
        self, store: Store, names: Names, clock: Callable[[], datetime]
    ) -> None:
        self.store = store
        self.names = names
        self.clock = clock
        self._told: deque[tuple[datetime, tuple[str, str]]] = deque()

    @property
    def now(self) -> datetime:
        return self.clock()

    def put(self, resource: Resource, obj: Object, manager: str = CONTROLLER) -> bool:
        return self.store.put(resource, obj, manager, objects.rfc3339(self.now))

    def pod(self, work: WorkloadRecord, pod: PodRecord) -> bool:
        spec = work.spec
        owned = objects.owner("StatefulSet", "apps/v1", spec.object_name, work.uid)
        if spec.kind == "Deployment":
            by = next(one for one in work.revisions if one.hash == pod.hash)
            owned = objects.owner("ReplicaSet", "apps/v1", by.name, by.uid)
        made = objects.pod(pod, owned, status.pod_status(pod))
        return self.put(PODS, made, "kubelet")

    def revisions(self, work: WorkloadRecord) -> None:
        if work.spec.kind != "Deployment":
            return
        for revision in work.revisions:
            counted = status.replica_set_status(work, revision)
            self.put(REPLICASETS, objects.replica_set(work, revision, counted))

    def slices(self, work: WorkloadRecord) -> None:
        """EndpointSlices: one for each port on which the workload's pods listen."""
        first = work.spec.ports[0][0]
        addressed = [
            pod
            for pod in work.pods.values()
            if pod.stage in (Stage.RUNNING, Stage.WAITING)
        ]
        for pod in addressed:
            self._slice_for(work, dict(pod.ports)[first])
        for of in work.slices:
            pods = [pod for pod in addressed if dict(pod.ports)[first] == of.port]
            self._write_slice(work, of, pods)

    def _slice_for(self, work: WorkloadRecord, port: int) -> None:
        if all(of.port != port for of in work.slices):
            name = f"{work.spec.service_name}-{self.names.suffix()}"
            work.slices.append(SliceRecord(name, self.names.uid(), self.now, port))

    def _write_slice(
        self, work: WorkloadRecord, of: SliceRecord, pods: list[PodRecord]
    ) -> None:
        key = (work.spec.namespace, of.name)
        before = self.store.get(SLICES, key)
        made = network.endpoint_slice(work, of, pods)
        if before and before["endpoints"] == made["endpoints"]:
            return
        # As recorded: what a deletion triggers carries no trigger time.
        leaving = any(pod.deletes_at for pod in pods) or not pods
        of.triggered = None if leaving else self.now
        of.generation += 1 if before else 0
        self.put(SLICES, network.endpoint_slice(work, of, pods))

    def workload(self, work: WorkloadRecord) -> None:
        if work.spec.kind == "StatefulSet":
            counted = status.stateful_set_status(work)
            self.put(STATEFULSETS, objects.stateful_set(work, counted))
            return
        work.available = status.availability(work, self.now)
        counted = status.deployment_status(work)
        self.put(DEPLOYMENTS, objects.deployment(work, counted))
        if work.spec.name in REPLICAS_MOST:
            self.put(AUTOSCALERS, autoscaler(work))

    def tell_of_pod(
        self, pod: PodRecord, reason: str, message: str, type_: str = "Normal"
    ) -> None:
        about = self._about(PODS, pod.spec.namespace, pod.name, versioned=False)
        self._tell(event(
            about, self.names.uid(), self.names.event(), self.now, type_=type_,
            reason=reason, message=message, component="kubelet", host=pod.host,
        ), "kubelet")  # fmt: skip

    def tell_scheduled(self, pod: PodRecord) -> None:
        about = self._about(PODS, pod.spec.namespace, pod.name)
        uid, suffix = self.names.uid(), self.names.event()
        self._tell(scheduled(about, uid, suffix, self.now, pod.host), "kube-scheduler")

    def tell(
        self, resource: Resource, namespace: str, name: str, reason: str, message: str
    ) -> None:
        """An event by the controller of this kind of object."""
        about = self._about(resource, namespace, name)
        self._tell(event(
            about, self.names.uid(), self.names.event(), self.now, reason=reason,
            message=message, component=f"{resource.kind.lower()}-controller",
        ), CONTROLLER)  # fmt: skip

    def _about(
        self, resource: Resource, namespace: str, name: str, *, versioned: bool = True
    ) -> About:
        found = self.store.get(resource, (namespace, name))
        metadata = found["metadata"] if found else {"uid": "", "resourceVersion": ""}
        version = metadata["resourceVersion"] if versioned else None
        return About(
            resource.kind,
            resource.api_version,
            namespace,
            name,
            metadata["uid"],
            version,
        )

    def _tell(self, made: Object, manager: str) -> None:
        key = (made["metadata"]["namespace"], made["metadata"]["name"])
        self.put(EVENTS, made, manager)
        self._told.append((self.now, key))
        while self.now - self._told[0][0] > EVENTS_KEPT:
            self.store.delete(EVENTS, self._told.popleft()[1])
