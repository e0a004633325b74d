"""What is held against each box, all witnesses together.

What was said of a box before is taken over while nothing that it was made of changed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from app.domain import (
    rules_alerts,
    rules_consul,
    rules_kubernetes,
    rules_probe,
    rules_registered,
    rules_stores,
    rules_traffic,
)
from app.domain.facts import ProbeFact
from app.domain.finding import Finding
from app.domain.groups import findings_of_group
from app.domain.kept import Kept, again
from app.domain.knowledge import CONSUL
from app.domain.limits import Limits
from app.domain.loads import Loads
from app.domain.rules_kubernetes import Away
from app.domain.rules_registered import NONE, Names
from app.domain.said import Own, Word, is_down
from app.domain.sight import Sight
from app.domain.status import Status
from app.domain.subject import NodeId, Subject, Witness
from app.domain.topology import Box, Topology
from app.domain.view import EMPTY, View, Views

ALL_CALLERS = "all callers"
NOBODY: Mapping[str, Away] = {}


class Given(NamedTuple):
    """What a box is judged by besides its own facts; `away`: its evicted pods."""

    traffic: Loads
    away: Mapping[str, Away]
    colours: tuple[str, ...]


def owns(
    topology: Topology,
    views: Views,
    loads: Mapping[Subject, Loads],
    away: Mapping[NodeId, Mapping[str, Away]],
    limits: Limits,
    before: Mapping[NodeId, Kept[Own]],
) -> dict[NodeId, Kept[Own]]:
    """What each box's own facts say."""
    given = {
        box.id: Given(loads.get(box.id, ()), away.get(box.id, NOBODY), topology.colours)
        for box in topology.boxes
    }
    return {
        box.id: again(
            before.get(box.id),
            (box, view, limits, given[box.id]),
            functools.partial(_own, box, view, given[box.id], limits),
        )
        for box, view in _with_views(topology, views)
    }


def _with_views(topology: Topology, views: Views) -> list[tuple[Box, View]]:
    return [(box, views.get(box.id, EMPTY)) for box in topology.boxes]


def _own(box: Box, view: View, given: Given, limits: Limits) -> Own:
    teams = rules_kubernetes.staff(view, given.away)
    staffed = rules_kubernetes.findings(teams, limits, needs_all=box.needs_all)
    counted = rules_traffic.findings(given.traffic, limits, box.id, ALL_CALLERS)
    counted += rules_traffic.measures(view, limits)
    told = rules_stores.findings(view, limits) + rules_alerts.findings(view)
    checked = rules_consul.findings(view)
    return Own(
        teams=tuple(teams),
        staffed=tuple(staffed),
        checked=tuple(checked),
        counted=tuple(counted),
        told=tuple(told),
        named=rules_registered.names_in(view, given.colours),
    )


@dataclass(frozen=True, slots=True)
class Words:
    """The word on every box, and what it was made of: `plain` leaves groups alone."""

    plain: Mapping[NodeId, Kept[Word]] = field(default_factory=dict)
    all: Mapping[NodeId, Kept[Word]] = field(default_factory=dict)

    def of(self, node: NodeId) -> Word:
        return self.all[node].made


def words(
    topology: Topology,
    views: Views,
    sight: Sight,
    limits: Limits,
    own: Mapping[NodeId, Own],
    before: Words,
) -> Words:
    """What all witnesses of each box say; `own`: what its own facts do."""
    plain = {
        box.id: again(
            before.plain.get(box.id),
            (said, view, topology, limits, _bearing(box, said, view, sight)),
            functools.partial(_word, box, said, topology, view, sight, limits),
        )
        for box, view in _with_views(topology, views)
        for said in (own[box.id],)
    }
    grouped = {
        group.id: again(
            before.all.get(group.id),
            (topology, limits, *_parts_of(group, own, plain)),
            functools.partial(_group_word, group, topology, own, plain, limits),
        )
        for group in topology.boxes
        if group.members
    }
    return Words(plain, plain | grouped)


def _bearing(box: Box, own: Own, view: View, sight: Sight) -> tuple[object, ...]:
    """What of our sight can touch what is said of one box."""
    past = sight.past
    probes = [fact for fact, _, _ in view.all(ProbeFact)]
    failing = any(fact.outcomes and not fact.outcomes[-1].ok for fact in probes)
    gone = _gone(box, own, sight)
    return (
        () if own.staffed else (box.id in past.staffed, sight.listed),
        (past.registered[box.id], sight.catalog_at) if gone else (),
        past.keyed if box.id == CONSUL else (),
        sight.turning.get(box.id, ()),
        [fact.target in past.reached for fact in probes],
        sight.answers.blind,
        sight.answers.at if failing else (),
    )


def _parts_of(
    group: Box, own: Mapping[NodeId, Own], plain: Mapping[NodeId, Kept[Word]]
) -> Iterator[object]:
    for node in (group.id, *group.members):
        yield own[node]
        yield plain[node].made


def _word(
    box: Box, own: Own, topology: Topology, view: View, sight: Sight, limits: Limits
) -> Word:
    found = tuple(_box(box, own, topology, view, sight, limits))
    return Word(found, is_down(found))


def _group_word(
    group: Box,
    topology: Topology,
    own: Mapping[NodeId, Own],
    plain: Mapping[NodeId, Kept[Word]],
    limits: Limits,
) -> Word:
    said = {node: word.made.found for node, word in plain.items()}
    found = tuple(findings_of_group(group, topology, own, said, limits))
    return Word(found, is_down(found))


def _box(
    box: Box, own: Own, topology: Topology, view: View, sight: Sight, limits: Limits
) -> list[Finding]:
    teams = own.teams
    found = [*(own.staffed or _vanished(box, topology, sight))]
    found += rules_consul.cluster(view, sight.past.keyed) if box.id == CONSUL else []
    listed = [*own.checked, *_unlisted(box, own, topology, sight, limits)]
    listed += rules_consul.flapping(view, sight.turning.get(box.id, ()))
    found += _excused(listed) if any(team.excused for team in teams) else listed
    down = is_down(found)
    well = any(f.status is Status.OK for f in found) and not down
    if down or not sight.answers.blind:
        reached = sight.past.reached
        answered_at = None if down else sight.answers.at
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


def _gone(box: Box, own: Own, sight: Sight) -> Names:
    """The names that Consul listed once and lists no more."""
    return sight.past.registered.get(box.id, NONE) - own.named


def _unlisted(
    box: Box, own: Own, topology: Topology, sight: Sight, limits: Limits
) -> list[Finding]:
    at = sight.catalog_at
    if at is None or not _gone(box, own, sight):
        return []
    before = sight.past.registered[box.id]
    works = rules_registered.alternatives(box, topology.colours)
    return rules_registered.findings(works, own.teams, own.named, before, at, limits)
