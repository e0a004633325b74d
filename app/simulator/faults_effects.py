"""What the faults in force do to each part of the deployment, at one moment. Pure.

Declarative: each function says how a part should be now. Whoever applies it compares
with how the part is, so that faults may overlap and end in any order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from app.simulator.faults import Fault
from app.simulator.kubernetes_access import Denial
from app.simulator.listeners import Mode
from app.simulator.world import Pod, WorkloadSpec, behind


class Condition(IntEnum):
    """How a pod is; the larger wins when several faults meet."""

    WELL = 0
    UNREADY = 1
    """Its process runs and its readiness probe fails."""
    REFUSING = 2
    """Its process no longer listens, and has not ended."""
    CRASHED = 3


CONDITION_OF = {
    "pod_not_ready": Condition.UNREADY,
    "store_down": Condition.REFUSING,
    "consul_down": Condition.REFUSING,
    "pod_crash": Condition.CRASHED,
}


def hit(fault: Fault, pods: Iterable[Pod]) -> tuple[Pod, ...]:
    """The pods that a fault is about: the first few of each workload, or all."""
    specs = behind(fault.target)
    limit = int(fault.number("pods")) if "pods" in fault.params else 0
    found: list[Pod] = []
    for spec in specs:
        own = sorted(
            (pod for pod in pods if pod.spec is spec), key=lambda pod: pod.name
        )
        found += own[: limit or None]
    return tuple(found)


def conditions(
    faults: Iterable[Fault], pods: tuple[Pod, ...]
) -> dict[str, tuple[Condition, str]]:
    """Every pod that is not well: how it is, and how its container ended."""
    found: dict[str, tuple[Condition, str]] = {}
    for fault in faults:
        condition = CONDITION_OF.get(fault.kind)
        if condition is None:
            continue
        reason = fault.text("reason") if "reason" in fault.params else ""
        for pod in hit(fault, pods):
            known = found.get(pod.name, (Condition.WELL, ""))
            found[pod.name] = max(known, (condition, reason))
    return found


def scaled_to_zero(faults: Iterable[Fault], spec: WorkloadSpec) -> bool:
    return any(
        fault.kind == "scale_zero" and spec in behind(fault.target) for fault in faults
    )


@dataclass(frozen=True, slots=True)
class ApiState:
    """How the Kubernetes API is to behave."""

    cut: bool = False
    silent: bool = False
    gone_as_status: bool = False
    denials: tuple[Denial, ...] = ()


def api_state(faults: Iterable[Fault]) -> ApiState:
    found = tuple(faults)
    kinds = {fault.kind for fault in found}
    denials = tuple(
        Denial(fault.text("verb"), fault.text("resource"), fault.text("namespace"))
        for fault in found
        if fault.kind == "api_forbidden"
    )
    as_status = any(
        fault.kind == "api_gone" and fault.text("as") == "status" for fault in found
    )
    return ApiState("api_cut" in kinds, "api_silent" in kinds, as_status, denials)


@dataclass(frozen=True, slots=True)
class ConsulState:
    """How the Consul API is to behave, checks of services apart."""

    down: bool = False
    leaderless: bool = False
    denied: bool = False


def consul_state(faults: Iterable[Fault], pods: Iterable[Pod]) -> ConsulState:
    """Consul is down without a server that listens, leaderless without a majority."""
    kinds = {fault.kind for fault in faults}
    servers = [pod for pod in pods if pod.spec.box == "consul" and not pod.leaving]
    up = sum(pod.serving for pod in servers)
    wanted = next((pod.spec.replicas for pod in servers), 1)
    return ConsulState(
        down=up == 0,
        leaderless="consul_leader_lost" in kinds or up * 2 <= wanted,
        denied="consul_acl_denied" in kinds,
    )


@dataclass(frozen=True, slots=True)
class CheckState:
    """What Consul holds of one pod. Not `registered`: nothing."""

    registered: bool
    status: str
    output: str


def check_state(faults: Iterable[Fault], pod: Pod, pods: tuple[Pod, ...]) -> CheckState:
    """What the check of one pod found, in the words of Consul's HTTP check."""
    found = tuple(faults)
    by_kind = {
        fault.kind: fault
        for fault in found
        if fault.kind in ("consul_critical", "consul_deregistered")
        and pod in hit(fault, pods)
    }
    registered = "consul_deregistered" not in by_kind and not pod.leaving
    url = f"http://{pod.ip}:{pod.port(pod.spec.health.port)}{pod.spec.health.path}"
    if not pod.serving:
        place = url.removeprefix("http://").partition("/")[0]
        output = f'Get "{url}": dial tcp {place}: connect: connection refused'
        return CheckState(registered, "critical", output)
    if not pod.ready:
        output = f"HTTP GET {url}: 503 Service Unavailable Output: DOWN"
        return CheckState(registered, "critical", output)
    if "consul_critical" in by_kind:
        output = f"HTTP GET {url}: 500 Internal Server Error Output: DOWN"
        return CheckState(registered, "critical", output)
    return CheckState(registered, "passing", f"HTTP GET {url}: 200 OK Output: UP")


def certificate_ends(faults: Iterable[Fault]) -> datetime | None:
    """When the ingress's certificate does; `None`: not soon."""
    ends = [
        fault.started_at + timedelta(days=fault.number("days"))
        for fault in faults
        if fault.kind == "certificate_near_end"
    ]
    return min(ends, default=None)


Way = tuple[Mode, float]
"""How a listener is, and the seconds that it is slow by."""


def way_in(faults: Iterable[Fault], pod: Pod, port: str) -> Way:
    """How one of the pod's ports behaves."""
    if not pod.serving:
        return (Mode.REFUSE, 0.0)
    way: Way = (Mode.NORMAL, 0.0)
    for fault in faults:
        if pod.spec not in behind(fault.target):
            continue
        if fault.kind == "store_slow" and port == pod.spec.ports[0][0]:
            way = (Mode.SLOW, fault.number("delay_ms") / 1000)
        if _takes_metrics_port(fault, pod.spec, port):
            return (Mode.REFUSE, 0.0)
    return way


def _takes_metrics_port(fault: Fault, spec: WorkloadSpec, port: str) -> bool:
    """A refused scrape, where the port serves metrics and not the service itself."""
    return (
        fault.kind == "metrics_gone"
        and fault.text("how") == "refused"
        and spec.scrape is not None
        and spec.scrape.port == port
        and port != spec.ports[0][0]
    )
