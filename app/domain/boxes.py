"""What is held against each box, all witnesses together.

A group (Platform services) is judged with its members: one part that is down makes it
degraded, all parts down make it failing.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.domain import (
    rules_alerts,
    rules_consul,
    rules_kubernetes,
    rules_probe,
    rules_stores,
    rules_traffic,
)
from app.domain.facts import (
    PodFact,
    ProbeFact,
)
from app.domain.finding import Finding
from app.domain.kept import Kept, again
from app.domain.limits import Limits
from app.domain.loads import Loads
from app.domain.past import EMPTY, Past
from app.domain.status import Status
from app.domain.subject import NodeId, Subject, Witness
from app.domain.topology import Box, Topology
from app.domain.turns import Turns
from app.domain.view import CONSUL, View, Views

ALL_CALLERS = "all callers"
WHOLE: Final = (Witness.ALERTS,)
"""Who speaks of a group, and means all of it."""
SEVERAL: Final = 3
"""Boxes that must be lost together before it is no box's own fault."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a rule needs besides the facts: what was seen before, and which feeds are
    complete and fresh, so that a thing that is missing is known to be gone."""

    past: Past
    listed: Mapping[str, datetime]
    """Namespace: when its pods and workloads were last known completely."""
    catalog_at: datetime | None
    probes_blind: bool
    answered_at: datetime | None
    """When any probe was answered last; `None`: too few boxes are probed to tell by."""
    turning: Mapping[NodeId, tuple[Turns, ...]]
    """The checks of a box that came and went too often."""


@dataclass(frozen=True, slots=True)
class Own:
    """What a box's own facts say, whatever else is known. `checked` is Consul's word
    about it, `counted` that of its metrics, `told` the store's own and the alerts'."""

    teams: tuple[rules_kubernetes.Staff, ...]
    staffed: tuple[Finding, ...]
    checked: tuple[Finding, ...]
    counted: tuple[Finding, ...]
    told: tuple[Finding, ...]


def owns(
    topology: Topology,
    views: Views,
    loads: Mapping[Subject, Loads],
    limits: Limits,
    before: Mapping[NodeId, Kept[Own]],
) -> dict[NodeId, Kept[Own]]:
    """What each box's own facts say."""
    return {
        box.id: again(
            before.get(box.id),
            (box, view.seen, limits),
            functools.partial(_own, box, view, loads.get(box.id, ()), limits),
        )
        for box, view in _with_views(topology, views)
    }


def _with_views(topology: Topology, views: Views) -> list[tuple[Box, View]]:
    return [(box, views.get(box.id, EMPTY)) for box in topology.boxes]


def _own(box: Box, view: View, traffic: Loads, limits: Limits) -> Own:
    teams = rules_kubernetes.staff(view)
    staffed = rules_kubernetes.findings(teams, limits, needs_all=box.needs_all)
    counted = rules_traffic.findings(traffic, limits, box.id, ALL_CALLERS)
    counted += rules_traffic.measures(view, limits)
    told = rules_stores.findings(view, limits) + rules_alerts.findings(view)
    checked = rules_consul.findings(view)
    lists = (staffed, checked, counted, told)
    return Own(tuple(teams), *map(tuple, lists))


def findings(
    topology: Topology,
    views: Views,
    sight: Sight,
    limits: Limits,
    own: Mapping[NodeId, Kept[Own]],
) -> dict[NodeId, list[Finding]]:
    """For every box, all that its witnesses say, good and bad."""
    plain = {
        box.id: _box(box, own[box.id].made, topology, view, sight, limits)
        for box, view in _with_views(topology, views)
    }
    groups = [box for box in topology.boxes if box.members]
    grouped = {g.id: _group(g, topology, own, plain, limits) for g in groups}
    return plain | grouped


def is_down(found: Sequence[Finding]) -> bool:
    """Whether nothing of the box can answer or call: Kubernetes says, else Consul."""
    for witness in (Witness.KUBERNETES, Witness.CONSUL):
        said = [f for f in found if f.witness is witness]
        if said:
            return any(f.hard and f.status is Status.FAILING for f in said)
    return False


def probes_are_blind(views: Views) -> bool:
    """Nothing answers us any more though its pods were ready when last heard of: that
    is our place, or all of it at once, and no box's own fault.

    Who only accepts a connection has not answered: its machine does that for it.
    """
    probes = _probes(views)
    ready = [v for v in views.values() if any(s.fact.ready for s in v.all(PodFact))]
    lost = {fact.node for fact in probes if not fact.outcomes[-1].ok}
    all_lost = all(not fact.outcomes[-1].ok for fact in probes)
    return all_lost and len(lost) >= SEVERAL and len(ready) >= SEVERAL


def answered_at(views: Views) -> datetime | None:
    """When anything answered us last, where enough boxes are probed to tell by that."""
    probes = _probes(views)
    if len({fact.node for fact in probes}) < SEVERAL:
        return None
    answers = [o.at for fact in probes for o in fact.outcomes if o.ok]
    return max(answers, default=None)


def _probes(views: Views) -> list[ProbeFact]:
    """Fresh probes that were answered, or would have been. A name is told by whoever
    keeps it, not by who has it."""
    fresh = [seen.fact for view in views.values() for seen in view.fresh(ProbeFact)]
    probed = [fact for fact in fresh if fact.outcomes and fact.kind != "dns"]
    return [fact for fact in probed if fact.kind != "tcp"] or probed


def _box(
    box: Box, own: Own, topology: Topology, view: View, sight: Sight, limits: Limits
) -> list[Finding]:
    teams = own.teams
    found = [*(own.staffed or _vanished(box, topology, sight))]
    found += rules_consul.cluster(view, sight.past.keyed) if box.id == CONSUL else []
    listed = [*(own.checked or _unlisted(box, sight, limits))]
    listed += rules_consul.flapping(view, sight.turning.get(box.id, ()))
    found += _excused(listed) if any(team.rolling for team in teams) else listed
    down = is_down(found)
    well = any(f.status is Status.OK for f in found) and not down
    if down or not sight.probes_blind:
        reached = sight.past.reached
        answered_at = None if down else sight.answered_at
        probed = rules_probe.findings(
            view, limits, reached, others_say_well=well, answered_at=answered_at
        )
        found += _excused(probed) if any(team.short for team in teams) else probed
    return [*found, *own.counted, *own.told]


def _excused(found: Sequence[Finding]) -> list[Finding]:
    """A pod that is known not to be ready, or not yet, explains a part that is amiss:
    its Service sends nobody there."""
    return [
        replace(f, status=Status.OK) if f.status is Status.DEGRADED else f
        for f in found
    ]


def _vanished(box: Box, topology: Topology, sight: Sight) -> list[Finding]:
    """Nothing is left of a box that was there, and Kubernetes was heard to the end."""
    spaces = sorted({topology.namespace_of(work.role) for work in box.workloads})
    known = [sight.listed[space] for space in spaces if space in sight.listed]
    if box.id not in sight.past.staffed or len(known) < len(spaces) or not known:
        return []
    text = f"nothing of it is left in namespace {', '.join(spaces)}"
    by = Witness.KUBERNETES
    return [Finding("vanished", by, Status.FAILING, text, max(known), hard=True)]


def _unlisted(box: Box, sight: Sight, limits: Limits) -> list[Finding]:
    if box.id not in sight.past.registered or sight.catalog_at is None:
        return []
    return [rules_consul.missing(sight.catalog_at, limits)]


def _group(
    group: Box,
    topology: Topology,
    own: Mapping[NodeId, Kept[Own]],
    plain: Mapping[NodeId, list[Finding]],
    limits: Limits,
) -> list[Finding]:
    there = [member for member in group.members if member not in topology.absent]
    teams = [team for node in (group.id, *there) for team in own[node].made.teams]
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


def _discovery(parts: Mapping[str, list[Finding]]) -> list[Finding]:
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
