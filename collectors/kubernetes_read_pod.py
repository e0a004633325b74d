"""Read a pod: whose it is, how it is, why it waits, where to scrape and to ask it.

Pure; see `kubernetes_read`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.domain.facts import HttpTarget, PodFact, Port
from app.domain.locate import Found, Locator
from collectors.kubernetes_json import (
    Fields,
    count,
    field,
    flag,
    items,
    labels,
    moment,
    needed_text,
    text,
    whole,
)
from collectors.kubernetes_read_limits import cpu_limit, memory_limit

MESSAGE_LENGTH: Final = 500
ORDINARY_WAITS: Final = frozenset({"ContainerCreating", "PodInitializing"})
"""Every pod waits for these on its way up; another reason beside them says more."""
SCRAPE_PORT_NAMES: Final = ("metrics", "http-metrics", "prometheus", "management")
EVICTED: Final = "Evicted"
ZONE: Final = "topology.kubernetes.io/zone"
"""Newer clusters copy it from the cluster node to its pods."""

Waiting = tuple[str | None, str | None]


def read_pod(obj: Fields, locator: Locator) -> PodFact | None:
    """One pod of a box."""
    meta, spec, status = (field(obj, name) for name in ("metadata", "spec", "status"))
    owner = _owner(meta)
    found = None if owner is None else _found(meta, owner, locator)
    if owner is None or found is None:
        return None
    statuses = [
        *items(status, "initContainerStatuses"),
        *items(status, "containerStatuses"),
    ]
    main = _main_container(spec, owner)
    ports = _ports(items(spec, "containers"))
    reason, message = _waiting(status, statuses)
    return PodFact(
        node=found[0],
        workload=found[1],
        namespace=needed_text(meta, "namespace"),
        name=needed_text(meta, "name"),
        phase=text(status, "phase") or "Unknown",
        ready=_condition(status, "Ready").get("status") == "True",
        restarts=sum(count(one, "restartCount") for one in statuses),
        terminating=text(meta, "deletionTimestamp") is not None,
        ip=text(status, "podIP"),
        host=text(spec, "nodeName"),
        zone=labels(meta).get(ZONE),
        image=text(main, "image"),
        started_at=moment(status, "startTime"),
        waiting_reason=reason,
        waiting_message=message and message[:MESSAGE_LENGTH],
        last_exit=_last_exit(statuses),
        ports=ports,
        scrape=_scrape(labels(meta, "annotations"), main, ports),
        health=_health(main, ports),
        evicted=_evicted(status),
        cpu_limit=cpu_limit(spec),
        memory_limit=memory_limit(spec),
    )


def _owner(meta: Fields) -> str | None:
    """The workload's name; `None` for the pod of a Job, which runs once and ends."""
    owners = items(meta, "ownerReferences")
    controller = next((o for o in owners if flag(o, "controller")), None)
    if controller is None:
        return needed_text(meta, "name")
    kind, name = needed_text(controller, "kind"), needed_text(controller, "name")
    if kind == "Job":
        return None
    if kind != "ReplicaSet":
        return name
    template_hash = labels(meta).get("pod-template-hash")
    return name.removesuffix(f"-{template_hash}") if template_hash else _cut_last(name)


def _cut_last(name: str) -> str:
    return name.rpartition("-")[0] or name


def _found(meta: Fields, owner: str, locator: Locator) -> Found | None:
    return locator.workload(needed_text(meta, "namespace"), owner, labels(meta))


def _condition(status: Fields, kind: str) -> Fields:
    conditions = items(status, "conditions")
    return next((c for c in conditions if c.get("type") == kind), {})


def _waiting(status: Fields, statuses: Sequence[Fields]) -> Waiting:
    """Why the pod does not run: the least ordinary reason that is told."""
    states = [field(field(one, "state"), "waiting") for one in statuses]
    waits = [(text(w, "reason"), text(w, "message")) for w in states if w]
    for reason, message in waits:
        if reason not in ORDINARY_WAITS:
            return reason or "Waiting", message
    if text(status, "phase") == "Failed":
        return text(status, "reason") or "Failed", text(status, "message")
    scheduled = _condition(status, "PodScheduled")
    if scheduled.get("status") == "False":
        return text(scheduled, "reason"), text(scheduled, "message")
    return waits[0] if waits else (None, None)


def _evicted(status: Fields) -> str | None:
    """Why it is taken off its node. What the kubelet evicts says so in its status, and
    stays listed; all others in a condition, from Kubernetes 1.26 on."""
    if (text(status, "phase"), text(status, "reason")) == ("Failed", EVICTED):
        return EVICTED
    told = _condition(status, "DisruptionTarget")
    return text(told, "reason") if told.get("status") == "True" else None


def _last_exit(statuses: Sequence[Fields]) -> str | None:
    """How a container last ended, where that was not a proper end."""
    for one in statuses:
        for state in (field(one, "state"), field(one, "lastState")):
            ended = field(state, "terminated")
            code = whole(ended, "exitCode")
            if code:
                return f"{text(ended, 'reason') or 'Error'} (exit code {code})"
    return None


def _main_container(spec: Fields, owner: str) -> Fields:
    """The one named like its workload, else the first: sidecars may come before it."""
    containers = items(spec, "containers")
    named = (one for one in containers if text(one, "name") == owner)
    return next(named, containers[0] if containers else {})


def _ports(containers: Iterable[Fields]) -> tuple[Port, ...]:
    return tuple(
        Port(text(port, "name"), number)
        for container in containers
        for port in items(container, "ports")
        if (text(port, "protocol") or "TCP") == "TCP"
        and (number := _port_number(whole(port, "containerPort"))) is not None
    )


def _port_number(number: int | None) -> int | None:
    return number if number is not None and 0 < number < 65536 else None


def _scrape(
    annotations: Mapping[str, str], main: Fields, ports: tuple[Port, ...]
) -> HttpTarget | None:
    """What the usual `prometheus.io` annotations ask for."""
    if annotations.get("prometheus.io/scrape", "").lower() != "true":
        return None
    told = annotations.get("prometheus.io/port")
    port = _named(told, ports) if told else _usual_scrape_port(main, ports)
    path = _path(annotations.get("prometheus.io/path"), "/metrics")
    if port is None or path is None:
        return None
    scheme = annotations.get("prometheus.io/scheme", "http")
    return HttpTarget(port, path, tls=scheme.lower() == "https")


def _usual_scrape_port(main: Fields, ports: tuple[Port, ...]) -> int | None:
    by_name = {port.name: port.number for port in ports}
    named = [by_name[name] for name in SCRAPE_PORT_NAMES if name in by_name]
    own = [port.number for port in _ports([main])]
    return next(iter([*named, *own]), None)


def _health(main: Fields, ports: tuple[Port, ...]) -> HttpTarget | None:
    """Where the kubelet itself asks for readiness, if that is on the pod's address."""
    asked = field(field(main, "readinessProbe"), "httpGet")
    if not asked or text(asked, "host"):
        return None
    port = asked.get("port")
    number = _named(port, ports) if isinstance(port, str) else whole(asked, "port")
    path = _path(text(asked, "path"), "/")
    if (number := _port_number(number)) is None or path is None:
        return None
    return HttpTarget(number, path, tls=text(asked, "scheme") == "HTTPS")


def _named(port: str, ports: tuple[Port, ...]) -> int | None:
    """A port told by its name or as digits."""
    if port.isascii() and port.isdecimal():
        return _port_number(int(port[:6]))
    return next((one.number for one in ports if one.name == port), None)


def _path(told: str | None, default: str) -> str | None:
    """A path that can stand in a request line; `None` where it can not."""
    path = told or default
    if not path.isascii() or not path.isprintable() or " " in path:
        return None
    return path if path.startswith("/") else f"/{path}"
