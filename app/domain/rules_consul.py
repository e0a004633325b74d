"""What Consul says: would discovery hand out this box, and is Consul itself well?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.domain.facts import CheckFact, ConsulClusterFact, KeysFact, RegistrationFact
from app.domain.finding import Finding
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.turns import Turns
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


def cluster(view: View, keyed: frozenset[str]) -> list[Finding]:
    """What Consul says about itself (rows 3, 8, 19 and 22), and whether what services
    read from it at their start is there. `keyed`: prefixes that had keys."""
    keys = [_keys(seen, keyed) for seen in view.fresh(KeysFact)]
    gone = [finding for finding in keys if finding.bad]
    well = [finding.text for finding in keys if not finding.bad]
    found = [_cluster(seen) for seen in view.fresh(ConsulClusterFact)]
    told = [
        replace(f, text=", ".join([f.text, *well])) if f.status is Status.OK else f
        for f in found
    ]
    return [*told, *gone] if told else keys


def flapping(view: View, turning: Sequence[Turns]) -> list[Finding]:
    """Checks that come and go, though they may pass at the moment."""
    fresh = view.fresh(CheckFact)
    if not fresh or not turning:
        return []
    worst = turning[0]
    check, times = worst.fact, len(worst.changes)
    text = (
        f"{check.service}: check {check.check} changed {times} times of late, "
        f"{check.status} now{_more(len(turning) - 1)}"
    )
    at = max(seen.at for seen in fresh)
    return [Finding("flapping", BY, Status.DEGRADED, text, at, node_only=True)]


def _more(others: int) -> str:
    return f"; likewise {others} more" if others else ""


def _keys(seen: Seen[KeysFact], keyed: frozenset[str]) -> Finding:
    prefix, count = seen.fact.prefix, seen.fact.count
    rule = f"keys-{prefix}"
    if count == 0 and prefix in keyed:
        text = f"the key prefix {prefix} is gone: GWS services can't start"
        return Finding(rule, BY, Status.DEGRADED, text, seen.at, hard=True)
    if count is None:
        text = f"{prefix} can't be read by our token, which lacks {key_rule(prefix)}"
    else:
        text = f"{count} entries under {prefix}" if count else f"no key under {prefix}"
    return Finding(rule, BY, Status.OK, text, seen.at)


def key_rule(prefix: str) -> str:
    """The ACL rule that lets a token see the keys."""
    return f'key_prefix "{prefix}" {{ policy = "read" }}'


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
