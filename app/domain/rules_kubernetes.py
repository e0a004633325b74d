"""What Kubernetes says about a box: is anything there that can answer?

A box has one or more workloads. A workload is *down* when nothing of it is ready, and
*short* when fewer are ready than wanted although no rollout explains it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.facts import EndpointsFact, PodFact, WorkloadFact
from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.view import Seen, View

K8S = Witness.KUBERNETES
UNREADY = {"Running": "running, not ready", "Pending": "pending"}
"""What is said of a pod that gives no reason of its own."""


@dataclass(frozen=True, slots=True)
class Away:
    """Pods of a workload that were evicted and not replaced yet, in words; `awaited`:
    not for longer than that takes."""

    told: str
    awaited: bool


@dataclass(frozen=True, slots=True)
class Staff:
    """How one workload is staffed. `desired` and `ready` are `None` when nobody said.

    `endpoints`: ready addresses behind its Service, `None` when it has no Service.
    `away`: what explains that some are missing.
    """

    workload: str
    desired: int | None
    ready: int | None
    endpoints: int | None
    rolling: bool
    stuck: str | None
    trouble: str
    at: datetime
    away: Away | None = None

    @property
    def down(self) -> bool:
        return self.ready == 0 or self.endpoints == 0

    @property
    def short(self) -> bool:
        known = self.ready is not None and self.desired is not None
        return known and (self.ready or 0) < (self.desired or 0)

    @property
    def excused(self) -> bool:
        """Some are missing for a good reason, for now."""
        return self.rolling or bool(self.short and self.away and self.away.awaited)

    @property
    def counted(self) -> str:
        wanted = "" if self.desired is None else f" of {self.desired}"
        gone = f", {self.away.told}" if self.short and self.away else ""
        return f"{self.ready}{wanted} pods ready{gone}"

    @property
    def why(self) -> str:
        """What is said of those that are there and not ready."""
        mark = "; " if self.short and self.away else ": "
        return f"{mark}{self.trouble}" if self.trouble else ""


def staff(view: View, away: Mapping[str, Away]) -> list[Staff]:
    """Every workload of a box that Kubernetes knows freshly, by name. `away`: those of
    each that were evicted."""
    works = view.fresh(WorkloadFact)
    pods = view.fresh(PodFact)
    slices = view.fresh(EndpointsFact)
    names = {seen.fact.workload for seen in works}
    names |= {seen.fact.workload for seen in pods}
    names |= {seen.fact.workload for seen in slices}
    return [
        _staff(
            name,
            [seen for seen in works if seen.fact.workload == name],
            [seen for seen in pods if seen.fact.workload == name],
            [seen for seen in slices if seen.fact.workload == name],
            away.get(name),
        )
        for name in sorted(names)
    ]


def findings(teams: list[Staff], limits: Limits, *, needs_all: bool) -> list[Finding]:
    """What to hold against a box that these workloads make.

    `needs_all`: one workload that is down takes the box down.
    """
    down = [team for team in teams if team.down]
    found = [f for team in teams if not team.down for f in _up(team, limits)]
    if down and (needs_all or len(down) == len(teams)):
        text = "; ".join(_why_down(team, len(teams)) for team in down)
        found.append(_hard("nothing-ready", Status.FAILING, text, down))
    elif down:
        text = "; ".join(_why_down(team, len(teams)) for team in down)
        found.append(_hard("part-down", Status.DEGRADED, text, down))
    return found


def _staff(
    name: str,
    works: list[Seen[WorkloadFact]],
    pods: list[Seen[PodFact]],
    slices: list[Seen[EndpointsFact]],
    away: Away | None,
) -> Staff:
    alive = [seen.fact for seen in pods if counts(seen.fact)]
    ready_pods = sum(pod.ready for pod in alive) if pods else None
    claimed = sum(seen.fact.ready for seen in works) if works else None
    return Staff(
        workload=name,
        desired=sum(seen.fact.desired for seen in works) if works else None,
        # The pods' own word is the newest; the controller only counts them.
        ready=claimed if ready_pods is None else ready_pods,
        endpoints=_endpoints(slices),
        rolling=any(seen.fact.rolling for seen in works),
        stuck=next((seen.fact.stuck for seen in works if seen.fact.stuck), None),
        trouble=pod_trouble(alive),
        at=max([s.at for s in works] + [s.at for s in pods] + [s.at for s in slices]),
        away=away,
    )


def counts(pod: PodFact) -> bool:
    """Pods on their way out, finished or evicted are not staff."""
    return not pod.terminating and not pod.ended


def _endpoints(slices: list[Seen[EndpointsFact]]) -> int | None:
    """The best served of the workload's Services; one without any does no harm."""
    per_service: Counter[str] = Counter()
    for seen in slices:
        per_service[seen.fact.service] += seen.fact.ready
    return max(per_service.values(), default=None)


def pod_trouble(pods: list[PodFact]) -> str:
    """Why pods are not ready, the commonest reason first: "CrashLoopBackOff (2)"."""
    reasons = Counter(
        pod.waiting_reason or pod.last_exit or UNREADY.get(pod.phase, pod.phase)
        for pod in pods
        if not pod.ready
    )
    return ", ".join(f"{reason} ({count})" for reason, count in reasons.most_common(3))


def _why_down(team: Staff, teams: int) -> str:
    name = f"{team.workload}: " if teams > 1 else ""
    if team.desired == 0:
        return f"{name}scaled to zero"
    if team.ready:
        return f"{name}no ready endpoint behind its Service, {team.counted}"
    return f"{name}no ready endpoint, {team.counted}{team.why}"


def _up(team: Staff, limits: Limits) -> list[Finding]:
    """A workload that answers; being short concerns the box, not its callers."""
    if team.stuck:
        text = f"{team.workload}: rollout is stuck: {team.stuck}, {team.counted}"
        return [Finding("rollout-stuck", K8S, Status.DEGRADED, text, team.at)]
    rolling = ", rollout in progress" if team.short and team.rolling else ""
    text = f"{team.workload}: {team.counted}{rolling}"
    well = Finding(f"staffed-{team.workload}", K8S, Status.OK, text, team.at)
    if not team.short or team.rolling:
        return [well]
    lacking = Finding(
        f"short-{team.workload}",
        K8S,
        Status.DEGRADED,
        f"{text}{team.why}",
        team.at,
        enter=limits.understaffed,
        node_only=True,
    )
    return [well, lacking]


def _hard(rule: str, status: Status, text: str, teams: list[Staff]) -> Finding:
    at = max(team.at for team in teams)
    return Finding(rule, K8S, status, text, at, hard=True)
