"""Kubernetes Events, in the two shapes in which components write them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.simulator.cluster_objects import rfc3339

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """The object that an event is about."""

    kind: str
    api_version: str
    namespace: str
    name: str
    uid: str
    version: str | None


def event(
    about: About, uid: str, suffix: str, at: datetime, *,
    type_: str = "Normal", reason: str, message: str, component: str,
    host: str | None = None, count: int = 1, first: datetime | None = None,
) -> Object:  # fmt: skip
    """As kubelet and the controllers write one."""
    source = {"component": component} | ({"host": host} if host else {})
    return {
        "metadata": _metadata(about, uid, suffix, first or at),
        "involvedObject": _reference(about),
        "reason": reason,
        "message": message,
        "source": source,
        "firstTimestamp": rfc3339(first or at),
        "lastTimestamp": rfc3339(at),
        "count": count,
        "type": type_,
        "eventTime": None,
        "reportingComponent": component,
        "reportingInstance": host or "",
    }


def scheduled(about: About, uid: str, suffix: str, at: datetime, host: str) -> Object:
    """As the scheduler writes one, through the newer events API."""
    return {
        "metadata": _metadata(about, uid, suffix, at),
        "involvedObject": _reference(about),
        "reason": "Scheduled",
        "message": f"Successfully assigned {about.namespace}/{about.name} to {host}",
        "source": {},
        "firstTimestamp": None,
        "lastTimestamp": None,
        "type": "Normal",
        "eventTime": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "action": "Binding",
        "reportingComponent": "default-scheduler",
        "reportingInstance": "default-scheduler-n1",
    }


def _metadata(about: About, uid: str, suffix: str, at: datetime) -> Object:
    return {
        "name": f"{about.name}.{suffix}",
        "namespace": about.namespace,
        "uid": uid,
        "resourceVersion": "",
        "creationTimestamp": rfc3339(at),
    }


def _reference(about: About) -> Object:
    reference = {
        "kind": about.kind,
        "namespace": about.namespace,
        "name": about.name,
        "uid": about.uid,
        "apiVersion": about.api_version,
    }
    return reference | ({"resourceVersion": about.version} if about.version else {})
