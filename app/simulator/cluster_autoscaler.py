"""HorizontalPodAutoscalers, as the API server tells them (`autoscaling/v2`). Pure.

They follow their workloads and never scale: the load that is simulated stays below what
would make them.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid5

from app.simulator.cluster_objects import labels, metadata, rfc3339
from app.simulator.cluster_records import WorkloadRecord
from app.simulator.world_room import REPLICAS_MOST, room

Object = dict[str, Any]
CPU_TARGET: Final = 70
"""Per cent of what the containers request."""
CPU_USED: Final = 31
ABLE: Final = ("AbleToScale", "True", "ReadyForNewScale",
               "recommended size matches current size")  # fmt: skip
ACTIVE: Final = ("ScalingActive", "True", "ValidMetricFound",
                 "the HPA was able to successfully calculate a replica count from cpu "
                 "resource utilization (percentage of request)")  # fmt: skip
DISABLED: Final = ("ScalingActive", "False", "ScalingDisabled",
                   "scaling is disabled since the replica count of the target is "
                   "zero")  # fmt: skip
WITHIN: Final = ("ScalingLimited", "False", "DesiredWithinRange",
                 "the desired count is within the acceptable range")  # fmt: skip


def autoscaler(work: WorkloadRecord) -> Object:
    """That of a workload that has one."""
    spec = work.spec
    uid = str(uuid5(UUID(work.uid), "autoscaler"))
    target = {"type": "Utilization", "averageUtilization": CPU_TARGET}
    return {
        "metadata": metadata(
            spec.object_name, spec.namespace, uid, work.created, labels=labels(spec)
        ),
        "spec": {
            "scaleTargetRef": {
                "kind": spec.kind,
                "name": spec.object_name,
                "apiVersion": "apps/v1",
            },
            "minReplicas": spec.replicas,
            "maxReplicas": REPLICAS_MOST[spec.name],
            "metrics": [_cpu("target", target)],
        },
        "status": _status(work),
    }


def _status(work: WorkloadRecord) -> Object:
    scaled = work.desired > 0
    cores = room(work.spec.name).request.cpu * CPU_USED // 100
    used = {"averageUtilization": CPU_USED, "averageValue": f"{cores}m"}
    told = (ABLE, ACTIVE, WITHIN) if scaled else (ABLE, DISABLED)
    return {
        "currentReplicas": work.desired,
        "desiredReplicas": work.desired,
        "currentMetrics": [_cpu("current", used)] if scaled else None,
        "conditions": [
            {
                "type": type_,
                "status": status,
                "lastTransitionTime": rfc3339(work.created),
                "reason": reason,
                "message": message,
            }
            for type_, status, reason, message in told
        ],
    }


def _cpu(part: str, value: Object) -> Object:
    return {"type": "Resource", "resource": {"name": "cpu", part: value}}
