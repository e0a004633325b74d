"""Scaling and rolling updates, step by step as the controllers take them.

A procedure is a generator that yields the seconds until its next step, so that whoever
runs it owns the clock: the simulation sleeps, a test does not.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from itertools import count, islice

from app.simulator.cluster import Cluster
from app.simulator.cluster_records import PodRecord, RevisionRecord, WorkloadRecord
from app.simulator.cluster_status import moved, progressed
from app.simulator.cluster_store import DEPLOYMENTS, REPLICASETS, STATEFULSETS

Steps = Generator[float, None, None]
STARTS_S = 0.3
"""From being scheduled to running, where nothing else is said."""
STOPS_S = 0.2
"""From being told to stop to being gone."""

IN_PROGRESS = ("NewReplicaSetCreated", "ReplicaSetUpdated")


class Rollouts:
    """What changes how many pods there are, and of which version."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._write = cluster.write

    def scale(self, work: WorkloadRecord, replicas: int) -> Steps:
        """Bring a workload to so many replicas."""
        if work.desired == replicas:
            return
        work.desired = replicas
        work.generation += 1
        self._write.workload(work)
        work.observed = work.generation
        if work.spec.kind == "Deployment":
            self._resize(work, work.newest, replicas)
        newest_first = sorted(work.living(), key=lambda pod: -pod.ordinal)
        yield from self._remove(work, newest_first[: len(newest_first) - replicas])
        missing = replicas - len(work.living())
        yield from self._add(work, work.newest, STARTS_S, _free(work, missing))
        self._cluster.settle(work)

    def roll(self, work: WorkloadRecord, version: str, pace_s: float) -> Steps:
        """Replace every pod by one of a new version, one at a time."""
        old = list(work.living())
        new = self._new_revision(work, version)
        if work.spec.kind == "StatefulSet":
            for pod in reversed(old):
                yield from self._remove(work, [pod])
                yield from self._add(work, new, pace_s, [pod.ordinal])
            work.revisions = [new]
            self._cluster.settle(work)
            return
        for pod in old:
            self._resize(work, new, new.desired + 1)
            yield from self._add(work, new, pace_s, _free(work, 1))
            self._shrink(work, pod)
            yield from self._remove(work, [pod])
        self._finished(work)

    def evict(self, work: WorkloadRecord, pace_s: float) -> Steps:
        """Take a pod off its node, as a drain does; its controller makes another."""
        pod = work.living()[0]
        pod.evicted_at = self._cluster.now
        # What is slow to start is slow to end, and is listed as leaving meanwhile.
        stops_s = max(STOPS_S, pace_s / 10)
        yield from self._remove(work, [pod], stops_s)
        yield from self._add(work, work.newest, pace_s, [pod.ordinal])
        self._cluster.settle(work)

    def stall(self, work: WorkloadRecord, version: str, *, recreate: bool) -> Steps:
        """Roll out a version whose image does not come.

        With `recreate` every old pod is taken away first, so that nothing is left.
        """
        new = self._new_revision(work, version)
        old = work.living() if recreate else []
        for pod in old:
            self._shrink(work, pod)
        yield from self._remove(work, old)
        self._resize(work, new, len(old) or 1)
        pods = [self._cluster.make_pod(work, new, n) for n in _free(work, new.desired)]
        for pod in pods:
            self._appears(work, pod)
        yield STARTS_S
        for pod in pods:
            self._cluster.wait_for_image(work, pod)

    def roll_back(self, work: WorkloadRecord) -> Steps:
        """Undo the rollout that stalled: its pods go, the version before is wanted."""
        if len(work.revisions) < 2:
            return
        failed, before = work.revisions[-1], work.revisions[-2]
        before.number = failed.number + 1
        work.revisions = [*work.revisions[:-2], failed, before]
        work.version = before.version
        work.generation += 1
        self._write.workload(work)
        work.observed = work.generation
        missing = work.desired - len(work.of(before))
        self._resize(work, failed, 0)
        self._resize(work, before, work.desired)
        yield from self._remove(work, work.of(failed))
        yield from self._add(work, before, STARTS_S, _free(work, missing))
        self._finished(work)

    def _new_revision(self, work: WorkloadRecord, version: str) -> RevisionRecord:
        work.version = version
        work.generation += 1
        new = self._cluster.make_revision(work)
        work.revisions.append(new)
        self._write.workload(work)
        self._progress(
            work, "NewReplicaSetCreated", f'Created new replica set "{new.name}"'
        )
        work.observed = work.generation
        return new

    def _finished(self, work: WorkloadRecord) -> None:
        keeps = [one for one in work.revisions if one.desired]
        self._progress(work, "NewReplicaSetAvailable", progressed(work))
        for revision in work.revisions:
            if revision not in keeps:
                key = (work.spec.namespace, revision.name)
                self._cluster.store.delete(REPLICASETS, key)
        work.revisions = keeps or work.revisions[-1:]
        self._cluster.settle(work)

    def _progress(self, work: WorkloadRecord, reason: str, message: str) -> None:
        now = self._cluster.now
        work.progressing = moved(work.progressing, True, reason, message, now)

    def _resize(
        self, work: WorkloadRecord, revision: RevisionRecord, replicas: int
    ) -> None:
        """The Deployment controller sizes one ReplicaSet, and says so."""
        before, revision.desired = revision.desired, replicas
        if before == replicas:
            return
        revision.generation += 1
        self._write.revisions(work)
        way = "up" if replicas > before else "down"
        spec = work.spec
        self._write.tell(
            DEPLOYMENTS, spec.namespace, spec.object_name, "ScalingReplicaSet",
            f"Scaled {way} replica set {revision.name} from {before} to {replicas}",
        )  # fmt: skip
        self._write.workload(work)

    def _shrink(self, work: WorkloadRecord, pod: PodRecord) -> None:
        for revision in work.revisions:
            if revision.hash == pod.hash:
                self._resize(work, revision, max(revision.desired - 1, 0))

    def _add(
        self,
        work: WorkloadRecord,
        revision: RevisionRecord,
        starts_s: float,
        ordinals: list[int],
    ) -> Steps:
        if not ordinals:
            return
        pods = [self._cluster.make_pod(work, revision, one) for one in ordinals]
        for pod in pods:
            self._appears(work, pod)
        yield starts_s
        for pod in pods:
            self._starts(work, pod)

    def _starts(self, work: WorkloadRecord, pod: PodRecord) -> None:
        if pod.name not in work.pods or pod.deletes_at:
            return
        if work.progressing and work.progressing.reason in IN_PROGRESS:
            name = work.newest.name
            self._progress(
                work, "ReplicaSetUpdated", f'ReplicaSet "{name}" is progressing.'
            )
        self._cluster.recover(pod)

    def _appears(self, work: WorkloadRecord, pod: PodRecord) -> None:
        self._write.pod(work, pod)
        self._write.workload(work)
        self._cluster.schedule(work, pod)
        self._told(work, pod, "SuccessfulCreate", "Created")
        self._write.revisions(work)
        self._write.tell_scheduled(pod)
        self._write.workload(work)

    def _told(
        self, work: WorkloadRecord, pod: PodRecord, reason: str, did: str
    ) -> None:
        """The pod's own controller says that it made or removed it."""
        spec = work.spec
        if spec.kind == "StatefulSet":
            verb = "create" if did == "Created" else "delete"
            self._write.tell(
                STATEFULSETS, spec.namespace, spec.object_name, reason,
                f"{verb} Pod {pod.name} in StatefulSet {spec.object_name} successful",
            )  # fmt: skip
            return
        owner = next(one for one in work.revisions if one.hash == pod.hash)
        self._write.tell(
            REPLICASETS, spec.namespace, owner.name, reason, f"{did} pod: {pod.name}"
        )

    def _remove(
        self, work: WorkloadRecord, pods: list[PodRecord], stops_s: float = STOPS_S
    ) -> Steps:
        going = [pod for pod in pods if pod.name in work.pods]
        if not going:
            return
        for pod in going:
            pod.deletes_at = self._cluster.now + timedelta(seconds=pod.grace_s)
            self._write.pod(work, pod)
        self._write.workload(work)
        self._write.revisions(work)
        # Whom the API was asked to evict, no controller deletes.
        for pod in (pod for pod in going if pod.evicted_at is None):
            self._told(work, pod, "SuccessfulDelete", "Deleted")
        self._write.slices(work)
        self._cluster.on_pods(work)
        yield stops_s
        for pod in going:
            pod.deletes_at, pod.grace_s = self._cluster.now, 0
            self._write.pod(work, pod)
            self._cluster.forget_pod(work, pod)
        self._cluster.settle(work)


def _free(work: WorkloadRecord, how_many: int) -> list[int]:
    """The lowest numbers that no pod has."""
    taken = {pod.ordinal for pod in work.pods.values()}
    numbers = (number for number in count() if number not in taken)
    return list(islice(numbers, max(how_many, 0)))
