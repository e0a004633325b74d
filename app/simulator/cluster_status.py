"""The status that each record amounts to: what kubelet and controllers would write."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.simulator.cluster_objects import condition, image, rfc3339
from app.simulator.cluster_records import (
    ConditionRecord,
    PodRecord,
    RevisionRecord,
    Stage,
    WorkloadRecord,
)

Object = dict[str, Any]
CONDITIONS: Final = ("PodScheduled", "Initialized", "ContainersReady", "Ready")


def pod_status(pod: PodRecord) -> Object:
    if pod.stage is Stage.PENDING:
        return {"phase": "Pending", "qosClass": "Burstable"}
    if pod.stage is Stage.SCHEDULED:
        scheduled = [_pod_condition("PodScheduled", True, pod.created)]
        return {
            "phase": "Pending", "conditions": scheduled, "qosClass": "Burstable",
        }  # fmt: skip
    started = pod.started_at or pod.created
    return {
        "phase": "Running" if pod.stage is Stage.RUNNING else "Pending",
        "conditions": [
            *(_kubelet_says(pod, type_, started) for type_ in CONDITIONS),
            *_disruption(pod),
        ],
        "hostIP": "127.0.0.1",
        "podIP": pod.ip,
        "podIPs": [{"ip": pod.ip}],
        "startTime": rfc3339(started),
        "containerStatuses": [_container(pod, started)],
        "qosClass": "Burstable",
    }  # fmt: skip


def _kubelet_says(pod: PodRecord, type_: str, started: datetime) -> Object:
    if type_ in ("PodScheduled", "Initialized"):
        return _pod_condition(type_, True, pod.created)
    return _pod_condition(type_, pod.ready, pod.ready_changed or started)


def _disruption(pod: PodRecord) -> list[Object]:
    """What the API server itself adds when it is asked for an eviction."""
    if pod.evicted_at is None:
        return []
    why = {"reason": "EvictionByEvictionAPI", "message": "Eviction API: evicting"}
    return [_pod_condition("DisruptionTarget", True, pod.evicted_at) | why]


def _pod_condition(type_: str, is_true: bool, at: datetime) -> Object:
    return {
        "type": type_,
        "status": str(is_true),
        "lastProbeTime": None,
        "lastTransitionTime": rfc3339(at),
    }


def _container(pod: PodRecord, started: datetime) -> Object:
    state: Object = {"running": {"startedAt": rfc3339(started)}}
    if pod.waiting:
        reason, message = pod.waiting
        state = {"waiting": {"reason": reason, "message": message}}
    return {
        "name": pod.spec.object_name,
        "state": state,
        "lastState": _last_state(pod),
        "ready": pod.ready,
        "restartCount": pod.restarts,
        "image": image(pod.spec, pod.version),
        "imageID": "" if pod.stage is Stage.WAITING else _image_id(pod),
        "started": pod.waiting is None,
    }


def _image_id(pod: PodRecord) -> str:
    return f"{image(pod.spec, pod.version).split(':')[0]}@sha256:{pod.hash:0>64}"


def _last_state(pod: PodRecord) -> Object:
    last = pod.last_exit
    if last is None:
        return {}
    return {
        "terminated": {
            "exitCode": last.code,
            "reason": last.reason,
            "startedAt": rfc3339(last.started_at),
            "finishedAt": rfc3339(last.at),
        }
    }


def _counts(**counts: int) -> Object:
    """Counts as the API writes them: zero is left out, whence the missing keys."""
    return {name: count for name, count in counts.items() if count}


def replica_set_status(work: WorkloadRecord, revision: RevisionRecord) -> Object:
    pods = work.of(revision)
    ready = sum(pod.ready for pod in pods)
    going = [
        pod
        for pod in work.pods.values()
        if pod.hash == revision.hash and pod.deletes_at is not None
    ]
    return {
        "replicas": len(pods),
        **_counts(
            fullyLabeledReplicas=len(pods),
            readyReplicas=ready,
            availableReplicas=ready,
        ),
        "terminatingReplicas": len(going),
        "observedGeneration": revision.generation,
    }


def deployment_status(work: WorkloadRecord) -> Object:
    """Also moves the record's own conditions, which need the last ones' times."""
    pods = work.living()
    ready = sum(pod.ready for pod in pods)
    updated = len(work.of(work.newest))
    status: Object = {
        "observedGeneration": work.observed,
        **_counts(
            replicas=len(pods),
            updatedReplicas=updated,
            readyReplicas=ready,
            availableReplicas=ready,
            unavailableReplicas=max(max(work.desired, len(pods)) - ready, 0),
        ),
        "terminatingReplicas": sum(
            p.deletes_at is not None for p in work.pods.values()
        ),
    }
    conditions = (("Available", work.available), ("Progressing", work.progressing))
    told = [condition(type_, record) for type_, record in conditions if record]
    return status | {"conditions": told}


def is_available(work: WorkloadRecord) -> bool:
    """At least what the default strategy (25 % unavailable at most) asks for."""
    ready = sum(pod.ready for pod in work.living())
    return ready >= work.desired - work.desired // 4


def moved(
    before: ConditionRecord | None,
    status: bool,
    reason: str,
    message: str,
    now: datetime,
) -> ConditionRecord:
    """The condition now; its transition time moves only with its status."""
    if before and (before.status, before.reason, before.message) == (
        str(status), reason, message,
    ):  # fmt: skip
        return before
    changed = before.changed if before and before.status == str(status) else now
    return ConditionRecord(str(status), reason, message, now, changed)


def stateful_set_status(work: WorkloadRecord) -> Object:
    pods = list(work.pods.values())
    ready = sum(pod.ready for pod in work.living())
    newest, before = work.revisions[-1], work.revisions[0]
    updated = sum(pod.hash == newest.hash for pod in pods)
    status: Object = {
        "observedGeneration": work.observed,
        "replicas": len(pods),
        **_counts(
            readyReplicas=ready,
            currentReplicas=sum(pod.hash == before.hash for pod in pods),
            updatedReplicas=updated,
        ),
    }
    return status | {
        "currentRevision": f"{work.spec.object_name}-{before.hash}",
        "updateRevision": f"{work.spec.object_name}-{newest.hash}",
        "collisionCount": 0,
        "availableReplicas": ready,
    }


def availability(work: WorkloadRecord, now: datetime) -> ConditionRecord:
    """The Deployment's Available condition."""
    if is_available(work):
        return moved(
            work.available, True, "MinimumReplicasAvailable",
            "Deployment has minimum availability.", now,
        )  # fmt: skip
    return moved(
        work.available, False, "MinimumReplicasUnavailable",
        "Deployment does not have minimum availability.", now,
    )  # fmt: skip


def progressed(work: WorkloadRecord) -> str:
    """What the Progressing condition says once a rollout is through."""
    return f'ReplicaSet "{work.newest.name}" has successfully progressed.'
