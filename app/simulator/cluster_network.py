"""Services and EndpointSlices, field by field as recorded. Pure."""

from __future__ import annotations

from typing import Any, Final

from app.simulator.cluster_objects import applied_note, metadata, owner, rfc3339
from app.simulator.cluster_records import PodRecord, SliceRecord, WorkloadRecord

Object = dict[str, Any]
TRIGGERED: Final = "endpoints.kubernetes.io/last-change-trigger-time"


def service(work: WorkloadRecord) -> Object:
    spec = work.spec
    name, number = spec.ports[0]
    port = {"name": name, "port": spec.service_port, "targetPort": number}
    applied = {"ports": [port], "selector": {"gws": spec.name}}
    note = applied_note("Service", spec, applied)
    return {
        "metadata": metadata(
            spec.service_name, spec.namespace, work.service_uid, work.created,
            labels={"gws": spec.name}, annotations=note,
        ),
        "spec": {
            "ports": [
                {
                    "name": name,
                    "protocol": "TCP",
                    "port": spec.service_port,
                    "targetPort": number,
                }
            ],
            "selector": {"gws": spec.name},
            "clusterIP": work.cluster_ip,
            "clusterIPs": [work.cluster_ip],
            "type": "ClusterIP",
            "sessionAffinity": "None",
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
            "internalTrafficPolicy": "Cluster",
        },
        "status": {"loadBalancer": {}},
    }  # fmt: skip


def endpoint_slice(
    work: WorkloadRecord, of: SliceRecord, pods: list[PodRecord]
) -> Object:
    """`pods`: those that have an address. Without any, lists are `null`."""
    spec = work.spec
    notes = {TRIGGERED: rfc3339(of.triggered)} if of.triggered else None
    port = {"name": spec.ports[0][0], "protocol": "TCP", "port": of.port}
    return {
        "metadata": metadata(
            of.name, spec.namespace, of.uid, of.created,
            generate=f"{spec.service_name}-", generation=of.generation,
            labels={
                "endpointslice.kubernetes.io/managed-by":
                    "endpointslice-controller.k8s.io",
                "gws": spec.name,
                "kubernetes.io/service-name": spec.service_name,
            },
            annotations=notes,
            ownerReferences=owner(
                "Service", "v1", spec.service_name, work.service_uid
            ),
        ),
        "addressType": "IPv4",
        "endpoints": [_endpoint(pod) for pod in pods] or None,
        "ports": [port] if pods else None,
    }  # fmt: skip


def _endpoint(pod: PodRecord) -> Object:
    leaving = pod.deletes_at is not None
    return {
        "addresses": [pod.ip],
        "conditions": {
            "ready": pod.ready and not leaving,
            "serving": pod.ready,
            "terminating": leaving,
        },
        "targetRef": {
            "kind": "Pod",
            "namespace": pod.spec.namespace,
            "name": pod.name,
            "uid": pod.uid,
        },
        "nodeName": pod.host,
    }
