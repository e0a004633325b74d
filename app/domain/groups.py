"""A group (Platform services) is judged with its members: one part that is down makes
it degraded, all parts down make it failing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.domain import rules_kubernetes
from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.said import Own
from app.domain.status import Status
from app.domain.subject import NodeId, Witness
from app.domain.topology import Box, Topology

WHOLE: Final = (Witness.ALERTS,)
"""Who speaks of a group, and means all of it."""


def findings_of_group(
    group: Box,
    topology: Topology,
    own: Mapping[NodeId, Own],
    plain: Mapping[NodeId, tuple[Finding, ...]],
    limits: Limits,
) -> list[Finding]:
    """`own`: what each box's own facts say; `plain`: all that is said of each box, the
    group's own workloads taken for a box like others."""
    there = [member for member in group.members if member not in topology.absent]
    teams = [team for node in (group.id, *there) for team in own[node].teams]
    found = rules_kubernetes.findings(teams, limits, needs_all=False)
    rest = [f for f in plain[group.id] if f.witness is not Witness.KUBERNETES]
    parts = {group.label: plain[group.id]}
    parts |= {topology.box(member).label: plain[member] for member in there}
    found += _discovery({label: said for label, said in parts.items() if said})
    found += [
        _part(f, f"{topology.box(member).label}: ")
        for member in there
        for f in plain[member]
        if f.bad and _felt_by_callers(f)
    ]
    parts_of_it = [_part(f) for f in rest if f.witness not in (*WHOLE, Witness.CONSUL)]
    return [*found, *parts_of_it, *(f for f in rest if f.witness in WHOLE)]


def _felt_by_callers(finding: Finding) -> bool:
    """Errors and slowness of a member, or that it can't be reached at all."""
    if finding.witness is Witness.PROBE:
        return finding.status is Status.FAILING
    if finding.witness is Witness.ALERTS:
        return not finding.node_only
    measured = finding.rule.startswith("measure-")
    return finding.witness is Witness.TRAFFIC and not measured


def _discovery(parts: Mapping[str, Sequence[Finding]]) -> list[Finding]:
    """Consul about a group: failing only when it would hand out none of the parts."""
    by_consul = {
        label: [f for f in said if f.witness is Witness.CONSUL]
        for label, said in parts.items()
    }
    lost = [said for said in by_consul.values() if _is_lost(said)]
    if len(lost) == len(parts):
        return [f for said in lost for f in said]
    return [
        _part(f, "" if f.status is Status.OK else f"{label}: ")
        for label, said in by_consul.items()
        for f in said
    ]


def _is_lost(said: list[Finding]) -> bool:
    return any(f.status is Status.FAILING for f in said)


def _part(finding: Finding, prefix: str = "") -> Finding:
    """A finding about one part: at worst it degrades the whole."""
    text = prefix + finding.text
    worse = finding.status is Status.FAILING
    status = Status.DEGRADED if worse else finding.status
    rule = f"{prefix}{finding.rule}"
    return replace(finding, status=status, text=text, rule=rule)
