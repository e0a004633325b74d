"""Is every name of a box still in Consul's catalog? Only what was there can be gone.

A box has one or more workloads, and each of them one name for its callers and mostly
another for its management. Names are compared without their colour: a deployment that
turns from blue to green takes one name away and brings the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from app.domain.facts import CheckFact, RegistrationFact
from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.rules_consul import BY, MANAGEMENT
from app.domain.rules_kubernetes import Staff
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.topology import Box, Workload, stem
from app.domain.view import View

LISTED: Final[tuple[type[RegistrationFact | CheckFact], ...]] = (
    RegistrationFact,
    CheckFact,
)
Names = frozenset[str]
"""Without their colour."""
NONE: Final[Names] = frozenset()


def names_in(view: View, colours: Iterable[str]) -> Names:
    """The names that Consul freshly lists for a box."""
    services = {seen.fact.service for kind in LISTED for seen in view.fresh(kind)}
    return frozenset(stem(service, colours) for service in services)


def told_of(views: Iterable[View], colours: Iterable[str]) -> dict[NodeId, Names]:
    """By box, the names that were listed when Consul was last heard."""
    told: dict[NodeId, set[str]] = defaultdict(set)
    for view in views:
        for kind in LISTED:
            for seen in view.all(kind):
                told[seen.fact.node].add(stem(seen.fact.service, colours))
    return {node: frozenset(names) for node, names in told.items()}


def findings(
    works: dict[Names, list[Workload]],
    teams: Sequence[Staff],
    listed: Names,
    before: Names,
    at: datetime,
    limits: Limits,
) -> list[Finding]:
    """Names of a box that were listed (`before`) and are not, though there are pods to
    be found. `works`: what `alternatives` gives."""
    lost: dict[str, set[str]] = defaultdict(set)
    for names, found_by in works.items():
        if names & before and not names & listed and _serve(found_by, teams):
            lost[found_by[0].names[0]] |= names & before
    pods = ", its pods are ready" if teams else ""
    return [
        _missing(workload, ", ".join(sorted(names)), pods, at, limits)
        for workload, names in lost.items()
    ]


def _missing(
    workload: str, names: str, pods: str, at: datetime, limits: Limits
) -> Finding:
    text = f"{names}: no longer registered in Consul{pods}"
    rule, enter = f"unregistered-{workload}", limits.unregistered
    return Finding(rule, BY, Status.DEGRADED, text, at, enter=enter)


def alternatives(box: Box, colours: Iterable[str]) -> dict[Names, list[Workload]]:
    """Names of which any one will do, and the workloads that are found by them."""
    found: dict[Names, list[Workload]] = defaultdict(list)
    for work in box.workloads:
        groups: dict[tuple[str, bool], set[str]] = defaultdict(set)
        for name in work.consul:
            base = name.removesuffix(MANAGEMENT)
            # What a workload may be called it is called only once at a time; names
            # that a site gave for Consul alone are each a service of their own.
            one = "" if base in work.names else base
            groups[one, name != base].add(stem(name, colours))
        for names in groups.values():
            found[frozenset(names)].append(work)
    return found


def _serve(works: Sequence[Workload], teams: Sequence[Staff]) -> bool:
    """Whether pods of each of them are ready. Nobody says otherwise where Kubernetes is
    not asked."""
    up = {team.workload for team in teams if not team.down}
    return not teams or all(work.names[0] in up for work in works)
