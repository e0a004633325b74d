"""What Consul says: would discovery hand out this box, and is Consul itself well?"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Final

from app.domain.facts import CheckFact, ConsulClusterFact, RegistrationFact
from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.view import Seen, View

BY: Final = Witness.CONSUL
GRADE: Final = {"passing": 0, "warning": 1, "maintenance": 2, "critical": 2}
"""A status that Consul may add one day counts as a warning."""
MANAGEMENT: Final = "-management"
OUTPUT_SHOWN: Final = 160


def findings(view: View) -> list[Finding]:
    """What Consul's checks and catalog say about one box."""
    by_service: dict[str, list[Seen[CheckFact]]] = defaultdict(list)
    for seen in view.fresh(CheckFact):
        by_service[seen.fact.service].append(seen)
    main = {k: v for k, v in by_service.items() if not k.endswith(MANAGEMENT)}
    found = [
        _service(service, checks, counts=not main or service in main)
        for service, checks in sorted(by_service.items())
    ]
    return found or _registered(view)


def missing(at: datetime, limits: Limits) -> Finding:
    """Discovery no longer lists a box that it used to list."""
    text = "no longer registered in Consul"
    return Finding(
        "unregistered", BY, Status.DEGRADED, text, at, enter=limits.unregistered
    )


def cluster(view: View) -> list[Finding]:
    """What Consul says about itself (rows 3, 8, 19 and 22)."""
    return [_cluster(seen) for seen in view.fresh(ConsulClusterFact)]


def _registered(view: View) -> list[Finding]:
    listed = view.fresh(RegistrationFact)
    if not listed:
        return []
    at = max(seen.at for seen in listed)
    text = "registered, without a health check"
    return [Finding("registered", BY, Status.OK, text, at)]


def _service(service: str, checks: list[Seen[CheckFact]], *, counts: bool) -> Finding:
    """`counts`: this name is the one that callers look up."""
    instances = _instances(checks)
    at = max(seen.at for seen in checks)
    broken = [seen for seen in instances.values() if _grade(seen) == 2]
    warned = [seen for seen in instances.values() if _grade(seen) == 1]
    rule = f"checks-{service}"
    if not broken and not warned:
        text = f"{service}: {len(instances)} of {len(instances)} instances passing"
        return Finding(rule, BY, Status.OK, text, at)
    worst = (broken or warned)[0].fact
    kind = "critical" if broken else "warning"
    text = (
        f"{service}: {len(broken or warned)} of {len(instances)} instances {kind}"
        f"{_output(worst)}"
    )
    if len(broken) == len(instances) and counts:
        return Finding(rule, BY, Status.FAILING, text, at, hard=True)
    return Finding(rule, BY, Status.DEGRADED, text, at)


def _instances(
    checks: list[Seen[CheckFact]],
) -> dict[tuple[str, str], Seen[CheckFact]]:
    """The worst check of each instance, whose id is unique on its own node only."""
    worst: dict[tuple[str, str], Seen[CheckFact]] = {}
    for seen in checks:
        key = (seen.fact.consul_node, seen.fact.instance)
        known = worst.get(key)
        if known is None or _grade(seen) > _grade(known):
            worst[key] = seen
    return worst


def _grade(seen: Seen[CheckFact]) -> int:
    return GRADE.get(seen.fact.status, 1)


def _output(check: CheckFact) -> str:
    output = " ".join(check.output.split())[:OUTPUT_SHOWN]
    return f": {output}" if output else ""


def _cluster(seen: Seen[ConsulClusterFact]) -> Finding:
    fact = seen.fact
    if not fact.leader:
        text = "Consul has no cluster leader"
        return Finding("leader", BY, Status.FAILING, text, seen.at, hard=True)
    if fact.autopilot_healthy is False:
        text = "autopilot: the Consul cluster is not healthy"
        return Finding("leader", BY, Status.DEGRADED, text, seen.at)
    text = f"leader known, {fact.peers} servers"
    return Finding("leader", BY, Status.OK, text, seen.at)
