"""Which of the vendor's alert rules the simulated deployment trips now. Pure.

The vendor's rules count responses over five minutes. Here a rule is asked what it would
count if everything went on as it does, and fires once that has lasted for its `for`; it
ends with its cause. It must also find a tenth of the requests failing: the vendor's
counts alone would call a busy service broken for one bad answer in a thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.simulator.faults import Fault
from app.simulator.load import rate
from app.simulator.load_profiles import PROFILES
from app.simulator.world import WORKLOADS, Pod, behind

WINDOW_S: Final = 300.0
GRAVE_SHARE: Final = 0.10
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """`above`: responses with an error within the window. `family`: whose metric it
    reads. `summed`: over all pods, so that no label of theirs is left."""

    name: str
    family: str
    above: float
    lasting_s: float
    summary: str
    summed: bool = False


RULES: Final = (
    Rule("gws_high_5xx_responces_count", "java", 60, 100, "Too many 5xx responses"),
    Rule("gws_high_500_responces_java", "java", 10, 10, "Too many 500 responses"),
    Rule(
        "gws_high_500_responces_workspace", "node", 10, 10,
        "Too many 500 responses of Workspace", summed=True,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alert:
    labels: Labels
    summary: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """`now`: the wall clock. `load_at`: the clock of the load, since the epoch."""

    now: datetime
    load_at: float
    seed: int


def firing(
    faults: Iterable[Fault], pods: Iterable[Pod], moment: Moment
) -> tuple[Alert, ...]:
    """All alerts that fire now, in the order of the rules."""
    working = [p for p in pods if p.serving and p.ready and not p.leaving]
    errors = [fault for fault in faults if fault.kind == "errors"]
    return tuple(
        alert
        for rule in RULES
        for alert in _alerts(rule, errors, working, moment)
        if alert.starts_at <= moment.now
    )


def _alerts(
    rule: Rule, errors: list[Fault], working: list[Pod], moment: Moment
) -> Iterator[Alert]:
    read = [pod for pod in working if pod.spec.family == rule.family]
    for pod in (pod for pod in read if pod.spec.namespace == "gws"):
        mine = [fault for fault in errors if _whole_box(pod, fault)]
        grave = [f for f in mine if f.number("share") >= GRAVE_SHARE]
        if not grave:
            continue
        of = 1 if rule.summed else sum(one.spec is pod.spec for one in working)
        share = max(fault.number("share") for fault in grave)
        if _requests(pod, moment) / of * share <= rule.above:
            continue
        since = max(min(f.started_at for f in grave), pod.started_at)
        starts = since + timedelta(seconds=rule.lasting_s)
        yield Alert(_labels(rule, pod), rule.summary, starts)
        if rule.summed:
            return


def _whole_box(pod: Pod, fault: Fault) -> bool:
    """One bad workload of several degrades its box; a critical alert would say more."""
    hit = behind(fault.target)
    return all(spec in hit for spec in WORKLOADS if spec.box == pod.spec.box)


def _requests(pod: Pod, moment: Moment) -> float:
    """Of the whole workload, within the window."""
    profile = PROFILES[pod.spec.name]
    return WINDOW_S * rate(profile, pod.spec.name, moment.seed, moment.load_at)


def _labels(rule: Rule, pod: Pod) -> dict[str, str]:
    """The series' labels under those of the rule, whose `service` replaces theirs."""
    labels = {"alertname": rule.name, "service": "gws", "severity": "critical"}
    if rule.summed:
        return labels
    return labels | {
        "code": "500",
        "container": pod.spec.object_name,
        "endpoint": "management",
        "instance": f"{pod.ip}:{pod.port('management')}",
        "job": f"{pod.spec.namespace}/{pod.spec.name}",
        "namespace": pod.spec.namespace,
        "pod": pod.name,
    }


Firing = Callable[[], tuple[Alert, ...]]
