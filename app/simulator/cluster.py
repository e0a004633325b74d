"""The simulated cluster: what kubelet, scheduler and controllers would do.

A change to a pod's condition goes round as in a real cluster and in the same order: the
pod, its ReplicaSet, the EndpointSlices, an Event, the Deployment or StatefulSet. Each
object is written only if it became different. Rollouts are in `cluster_rollout`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from app.simulator import cluster_ground as ground
from app.simulator import cluster_network as network
from app.simulator import cluster_objects as objects
from app.simulator import cluster_status as status
from app.simulator.cluster_names import Names
from app.simulator.cluster_records import (
    Exit,
    PodRecord,
    RevisionRecord,
    Stage,
    WorkloadRecord,
)
from app.simulator.cluster_store import (
    NAMESPACES,
    NODES,
    PODS,
    SERVICES,
    Store,
)
from app.simulator.cluster_writer import Writer
from app.simulator.world import KUBERNETES_NODES, Pod, WorkloadSpec
from app.simulator.world_addresses import Addresses

BACK_OFF = ("CrashLoopBackOff", "back-off 5m0s restarting failed container")


class Cluster:
    """All workloads of `specs`, running and ready once `install` has been called."""

    def __init__(
        self,
        specs: Iterable[WorkloadSpec],
        addresses: Addresses,
        clock: Callable[[], datetime],
        seed: int,
        store: Store | None = None,
    ) -> None:
        self.store = store or Store()
        self.names = Names(seed)
        self.write = Writer(self.store, self.names, lambda: self.now)
        self.skew = timedelta()
        self.on_pods: Callable[[WorkloadRecord], None] = lambda work: None
        """Told whenever the pods of a workload came, went or changed."""
        self._clock = clock
        self._addresses = addresses
        self._hosts = 0
        self.works = {spec.name: self._workload(spec) for spec in specs}

    @property
    def now(self) -> datetime:
        """The cluster's own time, which a fault can put wrong."""
        return self._clock() + self.skew

    def pods(self) -> tuple[Pod, ...]:
        """Every pod there is, those on their way out included."""
        return tuple(
            pod.outside() for work in self.works.values() for pod in work.pods.values()
        )

    def install(self) -> None:
        """Write everything, as if it had been running for a while."""
        for host in KUBERNETES_NODES:
            self.write.put(NODES, ground.node(host, self.names.uid(), self.now))
        for namespace in dict.fromkeys(w.spec.namespace for w in self.works.values()):
            made = ground.namespace(namespace, self.names.uid(), self.now)
            self.write.put(NAMESPACES, made)
        for work in self.works.values():
            self.write.put(SERVICES, network.service(work))
            for _ in range(work.spec.replicas):
                record = self.make_pod(work, work.newest)
                self._run(record)
                self.write.pod(work, record)
            self.settle(work)

    # What happens to a pod.

    def crash(self, pod: PodRecord, reason: str) -> None:
        """Its container ended, again, and waits to be restarted."""
        code = 137 if reason == "OOMKilled" else 1
        started = pod.started_at or pod.created
        pod.last_exit = Exit(reason, code, started, self.now)
        pod.waiting, pod.serving = BACK_OFF, False
        pod.restarts += 1
        self._set_ready(pod, ready=False)
        self._pod_changed(
            pod, "BackOff", "Back-off restarting failed container", "Warning"
        )

    def unready(self, pod: PodRecord, *, serving: bool) -> None:
        """Its readiness probe fails; with `serving` the process still listens."""
        pod.serving, pod.waiting = serving, None
        self._set_ready(pod, ready=False)
        ip, port = pod.ip, pod.spec.health.port
        found = "HTTP probe failed with statuscode: 503" if serving else (
            f"dial tcp {ip}:{dict(pod.ports)[port]}: connect: connection refused"
        )  # fmt: skip
        self._pod_changed(
            pod, "Unhealthy", f"Readiness probe failed: {found}", "Warning"
        )

    def recover(self, pod: PodRecord) -> None:
        """Its container runs and is ready (again)."""
        restarted = pod.waiting is not None or pod.stage is not Stage.RUNNING
        self._run(pod, restarted=restarted)
        if restarted:
            name = pod.spec.object_name
            self._pod_changed(pod, "Started", f"Started container {name}", "Normal")
        else:
            self._pod_changed(pod)

    def wait_for_image(self, work: WorkloadRecord, pod: PodRecord) -> None:
        """It is on its node, and its image does not come."""
        pod.stage, pod.started_at = Stage.WAITING, self.now
        name = objects.image(pod.spec, pod.version)
        message = f'Back-off pulling image "{name}"'
        pod.waiting = ("ImagePullBackOff", message)
        self._set_ready(pod, ready=False)
        self._pod_changed(pod, "BackOff", message, "Normal")

    def _run(self, pod: PodRecord, *, restarted: bool = True) -> None:
        pod.stage, pod.waiting, pod.serving = Stage.RUNNING, None, True
        if restarted:
            pod.started_at = self.now
        self._set_ready(pod, ready=True)

    def _set_ready(self, pod: PodRecord, *, ready: bool) -> None:
        if pod.ready != ready or pod.ready_changed is None:
            pod.ready, pod.ready_changed = ready, self.now

    def _pod_changed(
        self, pod: PodRecord, reason: str = "", message: str = "", type_: str = ""
    ) -> None:
        work = self.works[pod.spec.name]
        if not self.write.pod(work, pod):
            return
        self.write.revisions(work)
        self.write.slices(work)
        if reason:
            self.write.tell_of_pod(pod, reason, message, type_)
        self.write.workload(work)
        self.on_pods(work)

    # Making and removing, one step each; `cluster_rollout` puts them in order.

    def make_pod(
        self, work: WorkloadRecord, revision: RevisionRecord, ordinal: int | None = None
    ) -> PodRecord:
        """A new pod of a revision, not yet scheduled and not yet written."""
        spec = work.spec
        number = len(work.pods) if ordinal is None else ordinal
        by_number = spec.kind == "StatefulSet"
        suffix = str(number) if by_number else self.names.suffix()
        owned = spec.object_name if by_number else revision.name
        ip, ports = self._addresses.place(spec)
        pod = PodRecord(
            spec, f"{owned}-{suffix}", self.names.uid(), self.names.suffix(),
            revision.hash, revision.version, self._next_host(), ip, ports, self.now,
            ordinal=number,
        )  # fmt: skip
        work.pods[pod.name] = pod
        return pod

    def schedule(self, work: WorkloadRecord, pod: PodRecord) -> None:
        pod.stage = Stage.SCHEDULED
        self.write.pod(work, pod)

    def forget_pod(self, work: WorkloadRecord, pod: PodRecord) -> None:
        """The pod is gone: its object and its address too."""
        del work.pods[pod.name]
        self.store.delete(PODS, (pod.spec.namespace, pod.name))
        self._addresses.free(pod.ip)

    def _next_host(self) -> str:
        self._hosts += 1
        return KUBERNETES_NODES[self._hosts % len(KUBERNETES_NODES)]

    def _workload(self, spec: WorkloadSpec) -> WorkloadRecord:
        uid, service_uid = self.names.uid(), self.names.uid()
        work = WorkloadRecord(
            spec, uid, service_uid, self.names.cluster_ip(), self.now, spec.replicas,
            spec.version,
        )  # fmt: skip
        work.revisions.append(self.make_revision(work))
        work.revisions[0].desired = spec.replicas
        work.progressing = status.moved(
            None, True, "NewReplicaSetAvailable", status.progressed(work), self.now
        )
        return work

    def make_revision(self, work: WorkloadRecord) -> RevisionRecord:
        hash_ = self.names.suffix(9)
        number = work.revisions[-1].number + 1 if work.revisions else 1
        return RevisionRecord(
            f"{work.spec.object_name}-{hash_}", self.names.uid(), hash_, number,
            work.version, self.now,
        )  # fmt: skip

    def settle(self, work: WorkloadRecord) -> None:
        """Bring every object behind a workload up to date, in the usual order."""
        self.write.revisions(work)
        self.write.slices(work)
        self.write.workload(work)
        self.on_pods(work)
