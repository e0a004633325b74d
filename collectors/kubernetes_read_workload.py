"""Read Deployments, StatefulSets and ReplicaSets: how many are wanted, how many are
ready, and is the controller still bringing them to the newest template? And of their
autoscalers: how many may there be?

Pure; see `kubernetes_read`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from app.domain.facts import RevisionFact, WorkloadFact
from app.domain.facts_settings import SettingFact
from app.domain.facts_usage import AutoscalerFact
from app.domain.locate import Found, Locator
from collectors.errors import SourceMisread
from collectors.kubernetes_json import (
    Fields,
    count,
    field,
    flag,
    items,
    labels,
    needed_text,
    text,
    whole,
)

SETTINGS: Final = {
    ("service-proxy", "GWS_NGINX_CONSUL_ENABLED"),
    ("provisioning", "GWS_SERVICE_CONF_URL"),
    ("provisioning", "GWS_SERVICE_VOICEMAIL_URL"),
}
"""Box and variable: all that is ever read of a container's environment."""
VALUE_KEPT: Final = 200
REVISION: Final = "deployment.kubernetes.io/revision"


def read_deployment(obj: Fields, locator: Locator) -> WorkloadFact | None:
    """One Deployment of a box."""
    found = _found(obj, locator)
    if found is None:
        return None
    meta, spec, status = (field(obj, name) for name in ("metadata", "spec", "status"))
    desired = count(spec, "replicas", 1)
    updated = count(status, "updatedReplicas")
    rolling = (
        _not_yet_seen(meta, status)
        or updated < desired
        or count(status, "replicas") > updated
    )
    return WorkloadFact(
        node=found[0],
        workload=found[1],
        namespace=needed_text(meta, "namespace"),
        kind="Deployment",
        name=needed_text(meta, "name"),
        desired=desired,
        ready=count(status, "readyReplicas"),
        rolling=rolling,
        stuck=_stuck(status, paused=bool(rolling and flag(spec, "paused"))),
    )


def read_settings(obj: Fields, locator: Locator) -> tuple[SettingFact, ...]:
    """The few plain variables of a Deployment's pod template that tell of its calls.
    What comes from a Secret or a ConfigMap is not in there."""
    found = _found(obj, locator)
    if found is None:
        return ()
    meta = field(obj, "metadata")
    namespace, name = needed_text(meta, "namespace"), needed_text(meta, "name")
    values = dict(_plain(obj, found[0]))
    return tuple(
        SettingFact(found[0], namespace, name, variable, values[variable])
        for variable in sorted(values)
    )


def _plain(obj: Fields, box: str) -> Iterator[tuple[str, str]]:
    template = field(field(obj, "spec"), "template")
    for container in items(field(template, "spec"), "containers"):
        for entry in items(container, "env"):
            variable = text(entry, "name") or ""
            if (box, variable) in SETTINGS and not field(entry, "valueFrom"):
                shown = _shown(text(entry, "value") or "")
                if shown:
                    yield variable, shown


def _shown(value: str) -> str:
    """Of an address neither password, path nor query."""
    if "://" not in value:
        return value[:VALUE_KEPT] if "@" not in value else ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{place}"[:VALUE_KEPT]


def read_statefulset(obj: Fields, locator: Locator) -> WorkloadFact | None:
    """One StatefulSet of a box."""
    found = _found(obj, locator)
    if found is None:
        return None
    meta, spec, status = (field(obj, name) for name in ("metadata", "spec", "status"))
    desired = count(spec, "replicas", 1)
    return WorkloadFact(
        node=found[0],
        workload=found[1],
        namespace=needed_text(meta, "namespace"),
        kind="StatefulSet",
        name=needed_text(meta, "name"),
        desired=desired,
        ready=count(status, "readyReplicas"),
        rolling=_not_yet_seen(meta, status)
        or count(status, "replicas") != desired
        or _updating(spec, status, desired),
    )


def read_revision(obj: Fields, locator: Locator) -> RevisionFact | None:
    """One ReplicaSet of a box."""
    meta, spec, status = (field(obj, name) for name in ("metadata", "spec", "status"))
    owners = items(meta, "ownerReferences")
    owner = next((text(o, "name") for o in owners if flag(o, "controller")), None)
    namespace, name = needed_text(meta, "namespace"), needed_text(meta, "name")
    found = locator.workload(namespace, owner or name, labels(meta))
    if found is None:
        return None
    revision = labels(meta, "annotations").get(REVISION, "")
    return RevisionFact(
        node=found[0],
        workload=found[1],
        namespace=namespace,
        name=name,
        revision=int(revision) if _is_number(revision) else None,
        desired=count(spec, "replicas", 1),
        ready=count(status, "readyReplicas"),
    )


def read_autoscaler(obj: Fields, locator: Locator) -> AutoscalerFact | None:
    """The HorizontalPodAutoscaler of a box: it is whose workload it scales."""
    meta, spec = field(obj, "metadata"), field(obj, "spec")
    scaled = field(spec, "scaleTargetRef")
    namespace, name = needed_text(meta, "namespace"), needed_text(meta, "name")
    kind, target = needed_text(scaled, "kind"), needed_text(scaled, "name")
    found = locator.workload(namespace, target, labels(meta))
    if found is None:
        return None
    if (most := whole(spec, "maxReplicas")) is None:
        raise SourceMisread("maxReplicas is missing")
    return AutoscalerFact(*found, namespace, name, kind, target, most)


def _found(obj: Fields, locator: Locator) -> Found | None:
    meta = field(obj, "metadata")
    namespace, name = needed_text(meta, "namespace"), needed_text(meta, "name")
    return locator.workload(namespace, name, labels(meta))


def _not_yet_seen(meta: Fields, status: Fields) -> bool:
    """Whether the controller has yet to look at the newest template."""
    return count(status, "observedGeneration") < count(meta, "generation")


def _updating(spec: Fields, status: Fields, desired: int) -> bool:
    """`OnDelete` leaves old pods until someone deletes them: nothing rolls then."""
    strategy = field(spec, "updateStrategy")
    newest = text(status, "updateRevision")
    if text(strategy, "type") == "OnDelete" or newest is None:
        return False
    if text(status, "currentRevision") == newest:
        return False
    kept = count(field(strategy, "rollingUpdate"), "partition")
    return count(status, "updatedReplicas") < max(0, desired - kept)


def _stuck(status: Fields, *, paused: bool) -> str | None:
    """What the controller says about a rollout that goes nowhere."""
    for condition in items(status, "conditions"):
        kind, state = text(condition, "type"), text(condition, "status")
        if (kind, state) in (("Progressing", "False"), ("ReplicaFailure", "True")):
            reason = text(condition, "reason") or kind or ""
            message = text(condition, "message")
            return f"{reason}: {message}" if message else reason
    return "the rollout is paused" if paused else None


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 16
