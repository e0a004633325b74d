"""From the cluster's records to Kubernetes objects, field by field as recorded.

Pure. The order of keys is the API server's own, so that a dump can be compared with a
real one. `resourceVersion` and `managedFields` are the store's to fill in.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from app.simulator.cluster_records import (
    ConditionRecord,
    PodRecord,
    RevisionRecord,
    WorkloadRecord,
)
from app.simulator.cluster_templates import pod_spec, pod_template
from app.simulator.world import ZONES, WorkloadSpec

Object = dict[str, Any]
LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
ZONE: Final = "topology.kubernetes.io/zone"
REVISION: Final = "deployment.kubernetes.io/revision"


def rfc3339(at: datetime) -> str:
    """A time as the API writes it: UTC, whole seconds, `Z`."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def labels(spec: WorkloadSpec) -> dict[str, str]:
    return {"app.kubernetes.io/instance": spec.chart, "gws": spec.name}


def image(spec: WorkloadSpec, version: str) -> str:
    return f"registry.example/{spec.name}:{version}"


def owner(kind: str, api_version: str, name: str, uid: str) -> list[Object]:
    return [
        {
            "apiVersion": api_version,
            "kind": kind,
            "name": name,
            "uid": uid,
            "controller": True,
            "blockOwnerDeletion": True,
        }
    ]


def metadata(
    name: str,
    namespace: str,
    uid: str,
    created: datetime,
    *,
    generate: str | None = None,
    generation: int | None = None,
    **rest: Any,
) -> Object:
    """`metadata` in the API's own order; empty parts are left out."""
    made: Object = {"name": name}
    if generate:
        made["generateName"] = generate
    made |= {"namespace": namespace, "uid": uid, "resourceVersion": ""}
    if generation is not None:
        made["generation"] = generation
    made["creationTimestamp"] = rfc3339(created)
    return made | {part: value for part, value in rest.items() if value}


def applied_note(kind: str, spec: WorkloadSpec, body: Object) -> dict[str, str]:
    """The annotation that `kubectl apply` leaves behind."""
    about = {
        "annotations": {},
        "labels": labels(spec) if kind != "Service" else {"gws": spec.name},
        "name": spec.service_name if kind == "Service" else spec.object_name,
        "namespace": spec.namespace,
    }
    api_version = "v1" if kind == "Service" else "apps/v1"
    applied = {"apiVersion": api_version, "kind": kind, "metadata": about, "spec": body}
    return {LAST_APPLIED: json.dumps(applied, separators=(",", ":")) + "\n"}


def deployment(work: WorkloadRecord, status: Object) -> Object:
    spec = work.spec
    template = pod_template(spec, labels(spec), image(spec, work.version))
    selector = {"matchLabels": {"gws": spec.name}}
    applied = {
        "replicas": spec.replicas,
        "selector": selector,
        "strategy": {"type": "RollingUpdate"},
        "template": template,
    }
    notes = {REVISION: str(work.newest.number)} | applied_note(
        "Deployment", spec, applied
    )
    return {
        "metadata": metadata(
            spec.object_name, spec.namespace, work.uid, work.created,
            generation=work.generation, labels=labels(spec), annotations=notes,
        ),
        "spec": {
            "replicas": work.desired,
            "selector": selector,
            "template": template,
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"},
            },
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": 600,
        },
        "status": status,
    }  # fmt: skip


def stateful_set(work: WorkloadRecord, status: Object) -> Object:
    spec = work.spec
    template = pod_template(spec, labels(spec), image(spec, work.version))
    selector = {"matchLabels": {"gws": spec.name}}
    applied = {
        "replicas": spec.replicas,
        "selector": selector,
        "serviceName": spec.service_name,
        "template": template,
    }
    return {
        "metadata": metadata(
            spec.object_name, spec.namespace, work.uid, work.created,
            generation=work.generation, labels=labels(spec),
            annotations=applied_note("StatefulSet", spec, applied),
        ),
        "spec": {
            "replicas": work.desired,
            "selector": selector,
            "template": template,
            "serviceName": spec.service_name,
            "podManagementPolicy": "OrderedReady",
            "updateStrategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"partition": 0},
            },
            "revisionHistoryLimit": 10,
            "persistentVolumeClaimRetentionPolicy": {
                "whenDeleted": "Retain",
                "whenScaled": "Retain",
            },
        },
        "status": status,
    }  # fmt: skip


def replica_set(
    work: WorkloadRecord, revision: RevisionRecord, status: Object
) -> Object:
    spec = work.spec
    own = labels(spec) | {"pod-template-hash": revision.hash}
    surge = -(-work.desired // 4)
    return {
        "metadata": metadata(
            revision.name, spec.namespace, revision.uid, revision.created,
            generation=revision.generation, labels=own,
            annotations={
                "deployment.kubernetes.io/desired-replicas": str(work.desired),
                "deployment.kubernetes.io/max-replicas": str(work.desired + surge),
                REVISION: str(revision.number),
            },
            ownerReferences=owner("Deployment", "apps/v1", spec.object_name, work.uid),
        ),
        "spec": {
            "replicas": revision.desired,
            "selector": {
                "matchLabels": {"gws": spec.name, "pod-template-hash": revision.hash}
            },
            "template": pod_template(spec, own, image(spec, revision.version)),
        },
        "status": status,
    }  # fmt: skip


def pod(record: PodRecord, owned_by: list[Object], status: Object) -> Object:
    spec = record.spec
    own = labels(spec) | _generated_labels(record) | {ZONE: ZONES[record.host]}
    going: Object = {}
    if record.deletes_at:
        going = {
            "deletionTimestamp": rfc3339(record.deletes_at),
            "deletionGracePeriodSeconds": record.grace_s,
        }
    about = metadata(
        record.name, spec.namespace, record.uid, record.created,
        generate=f"{owned_by[0]['name']}-",
        generation=2 if going else 1,
    )  # fmt: skip
    template = pod_template(spec, own, image(spec, record.version), dict(record.ports))
    notes = template["metadata"].get("annotations")
    about |= going | {"labels": own}
    about |= ({"annotations": notes} if notes else {}) | {"ownerReferences": owned_by}
    return {
        "metadata": about,
        "spec": pod_spec(record, template["spec"]),
        "status": status,
    }


def _generated_labels(record: PodRecord) -> dict[str, str]:
    if record.spec.kind == "Deployment":
        return {"pod-template-hash": record.hash}
    return {
        "apps.kubernetes.io/pod-index": str(record.ordinal),
        "controller-revision-hash": f"{record.spec.object_name}-{record.hash}",
        "statefulset.kubernetes.io/pod-name": record.name,
    }


def condition(type_: str, record: ConditionRecord) -> Object:
    """A Deployment's condition."""
    return {
        "type": type_,
        "status": record.status,
        "lastUpdateTime": rfc3339(record.updated),
        "lastTransitionTime": rfc3339(record.changed),
        "reason": record.reason,
        "message": record.message,
    }
