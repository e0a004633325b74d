"""What Consul's answers say: JSON bodies to facts, without any I/O.

The shapes are those of Consul 1.8's HTTP API (tests/recorded/consul-1.8); later
versions only add fields. An answer of another shape is `SourceMisread`. An answer that
no Consul with a working ACL token gives, because every Consul lists itself, is
`SourceEmpty`: a default-deny ACL filters lists silently instead of refusing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import orjson

from app.domain.facts import CheckFact, RegistrationFact
from app.domain.locate import Locator
from collectors.errors import SourceEmpty, SourceMisread

STATUSES: Final = frozenset({"passing", "warning", "critical"})
MAINTENANCE: Final = "maintenance"
MAINTENANCE_CHECKS: Final = ("_node_maintenance", "_service_maintenance:")
NEEDED: Final = ("CheckID", "Node", "Status")
FIELDS: Final = (*NEEDED, "Output", "ServiceID", "ServiceName")
"""Of a check; all are texts."""
OUTPUT_KEPT: Final = 1_000
"""Characters; a check may print 4 KB, of which the end adds nothing to a panel."""
BLIND: Final = (
    "which no Consul gives to a token that may read: the ACL token lacks node:read or "
    "service:read (no token at all counts as the anonymous one)"
)


class _Check(NamedTuple):
    """One row of `/v1/health/state/any`, of whatever service or of a whole node. A
    tuple: each change of one check tells all of them again."""

    consul_node: str
    id: str
    status: str
    output: str
    service_id: str
    service: str


def read_checks(body: bytes, locator: Locator) -> tuple[CheckFact, ...]:
    """The checks of every instance that belongs to a box.

    A check of a whole Consul node (its agent's serf health, its maintenance mode) takes
    every instance on that node out of discovery. So it is told once per instance, but
    only while it does not pass: passing, it adds nothing to the instance's own checks.
    """
    rows = from_json(body)
    if rows is None or rows == []:
        raise SourceEmpty(f"an empty list of checks, {BLIND}")
    if not isinstance(rows, list):
        raise SourceMisread("the list of checks is not a list")
    checks = [_check(place, row) for place, row in enumerate(rows, start=1)]
    of_nodes = defaultdict(list)
    for check in checks:
        if not check.service and check.status != "passing":
            of_nodes[check.consul_node].append(check)
    facts: dict[tuple[str, ...], CheckFact] = {}
    for check in checks:
        for fact in _facts(check, of_nodes.get(check.consul_node, ()), locator):
            facts[fact.key] = fact
    return tuple(facts.values())


def read_catalog(body: bytes, locator: Locator) -> tuple[RegistrationFact, ...]:
    """The service names that belong to a box, with their tags."""
    services = from_json(body)
    if services is None or services == {}:
        raise SourceEmpty(f"a catalog without even Consul itself, {BLIND}")
    if not isinstance(services, dict):
        raise SourceMisread("the catalog is not an object of service names")
    facts = []
    for name, tags in services.items():
        found = locator.consul_service(name)
        if found is not None:
            facts.append(RegistrationFact(found[0], name, _tags(name, tags)))
    return tuple(facts)


def read_leader(body: bytes) -> str:
    """The leader's address; "" when there is none."""
    leader = from_json(body)
    if not isinstance(leader, str):
        raise SourceMisread("the leader's address is not text")
    return leader


def read_peers(body: bytes) -> int:
    """How many servers take part in the vote."""
    peers = from_json(body)
    if not isinstance(peers, list) or not all(isinstance(peer, str) for peer in peers):
        raise SourceMisread("the peers are not a list of addresses")
    return len(peers)


def read_autopilot(body: bytes) -> tuple[bool, int]:
    """Whether every server is healthy, and how many may be lost without an outage."""
    health = from_json(body)
    if not isinstance(health, dict):
        raise SourceMisread("autopilot's health is not an object")
    healthy, tolerance = health.get("Healthy"), health.get("FailureTolerance")
    if not isinstance(healthy, bool) or not isinstance(tolerance, int):
        raise SourceMisread("autopilot's health lacks Healthy or FailureTolerance")
    return healthy, tolerance


def from_json(body: bytes) -> Any:
    """Raises `SourceMisread` for what is no JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as exc:
        raise SourceMisread(f"not JSON: {exc.msg}") from exc


def _check(place: int, row: object) -> _Check:
    if not isinstance(row, dict):
        raise SourceMisread(f"check {place} of the list is not an object")
    id_, node, status, *others = _texts(place, row)
    output, service_id, service = others
    status = _status(place, id_, status)
    return _Check(node, id_, status, output[:OUTPUT_KEPT], service_id, service)


def _texts(place: int, row: Mapping[str, object]) -> Iterator[str]:
    """The fields of a check, in order; empty where one may be missing or null."""
    for field in FIELDS:
        value = row.get(field)
        if value is None and field not in NEEDED:
            yield ""
        elif isinstance(value, str) and (value or field not in NEEDED):
            yield value
        else:
            raise SourceMisread(f"check {place} of the list has no {field}")


def _status(place: int, id_: str, status: str) -> str:
    """Consul tells maintenance as a critical check with a name of its own."""
    if status not in STATUSES:
        raise SourceMisread(f"check {place} of the list has the status {status[:40]!r}")
    if id_.startswith(MAINTENANCE_CHECKS) and status == "critical":
        return MAINTENANCE
    return status


def _facts(
    check: _Check, of_node: Iterable[_Check], locator: Locator
) -> Iterable[CheckFact]:
    """The check's own fact, and one for each check of the node it runs on."""
    found = locator.consul_service(check.service) if check.service else None
    if found is None:
        return
    instance = check.service_id or check.service
    own = CheckFact(
        node=found[0],
        service=check.service,
        instance=instance,
        consul_node=check.consul_node,
        check=check.id,
        status=check.status,
        output=check.output,
    )
    yield own
    for above in of_node:
        named = f"{above.id}/{instance}"
        yield replace(own, check=named, status=above.status, output=above.output)


def _tags(name: str, tags: object) -> tuple[str, ...]:
    if tags is None:
        return ()
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise SourceMisread(f"the tags of {name[:80]} are not a list of words")
    return tuple(tags)
