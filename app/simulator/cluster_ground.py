"""What a cluster stands on: its nodes and its namespaces. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.simulator.cluster_objects import ZONE, rfc3339
from app.simulator.world import ZONES

Object = dict[str, Any]


def node(name: str, uid: str, at: datetime) -> Object:
    ready = {
        "type": "Ready",
        "status": "True",
        "lastHeartbeatTime": rfc3339(at),
        "lastTransitionTime": rfc3339(at),
        "reason": "KubeletReady",
        "message": "kubelet is posting ready status",
    }
    own = {"kubernetes.io/hostname": name, ZONE: ZONES[name]}
    room = {"cpu": "16", "memory": "65536Mi", "pods": "110"}
    return {
        "metadata": _metadata(name, uid, at, own),
        "spec": {},
        "status": {"capacity": room, "allocatable": room, "conditions": [ready]},
    }


def namespace(name: str, uid: str, at: datetime) -> Object:
    return {
        "metadata": _metadata(name, uid, at, {"kubernetes.io/metadata.name": name}),
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def _metadata(name: str, uid: str, at: datetime, labels: dict[str, str]) -> Object:
    return {
        "name": name,
        "uid": uid,
        "resourceVersion": "",
        "creationTimestamp": rfc3339(at),
        "labels": labels,
    }
