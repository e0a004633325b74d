"""Who is accused of what: boxes by what their own witnesses say, then by how they
answer; connections by what is said of them alone; cluster nodes that boxes share.

Only facts accuse. A charge lasts as long as the colour that it explains, so that nobody
is cleared while the line is still red.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain import rules_traffic
from app.domain.connections import Found
from app.domain.facts import PodFact
from app.domain.facts_traffic import TrafficFact
from app.domain.finding import Finding
from app.domain.judged import Judged
from app.domain.kept import Kept
from app.domain.loads import loads_of
from app.domain.rules_silence import SILENT
from app.domain.subject import NodeId, Subject, Witness
from app.domain.verdict import LEVELS, Track
from app.domain.view import Seen

ACCUSERS: Final = (Witness.KUBERNETES, Witness.CONSUL, Witness.PROBE, Witness.BACKEND)
"""Traffic shows who suffers; these say who is ill."""
ANSWERED: Final = ("errors", "latency")
"""Rules that only whoever answers can break; a refused connect may be the way's."""
TOGETHER: Final = 2
"""Boxes that must be hit on one cluster node before it is suspected itself."""


@dataclass(frozen=True, slots=True)
class Charge:
    """`by_own`: the subject's own witnesses say so, not only its traffic. `felt`: the
    connections whose callers accuse a box."""

    by_own: bool
    rank: int
    why: str
    felt: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Host:
    """A cluster node on which nothing is ready any more."""

    name: str
    boxes: frozenset[NodeId]
    pods: int


@dataclass(frozen=True, slots=True)
class Charges:
    """One charge at most for each subject that is shown bad, or badly felt."""

    of: Mapping[Subject, Charge] = field(default_factory=dict)
    hosts: tuple[Host, ...] = ()


def charges(
    judged: Judged,
    found: Mapping[int, Kept[Found]],
    tracks: Mapping[Subject, Track],
    before: Charges,
) -> Charges:
    """Against everything that is shown bad, gravest first; `before`: a moment ago."""
    bad = frozenset(s for s, track in tracks.items() if track.status in LEVELS)
    if not bad:
        return Charges()
    told: dict[Subject, Finding] = {}
    felt: dict[Subject, set[int]] = defaultdict(set)
    for number in found.keys() & bad:
        own = _own(found[number].made, judged.words.of(_end(judged, number)).found)
        blamed = _blamed(judged, number, found, own)
        felt[blamed] |= {number} - {blamed}
        _accuse(told, blamed, own)
    for node in judged.words.all.keys() & bad:
        _accuse(told, node, judged.words.of(node).found)
    now = {
        subject: _charge(finding, felt[subject]) for subject, finding in told.items()
    }
    waiting = bad - told.keys() - {n for numbers in felt.values() for n in numbers}
    lasting = {
        subject: charge
        for subject, charge in before.of.items()
        if subject in bad or charge.felt & waiting
    }
    return Charges(lasting | now, _hosts(judged, bad) or _still(before.hosts, bad))


def _end(judged: Judged, number: int) -> NodeId:
    return judged.topology.connection(number).destination


def _own(found: Found, of_end: Sequence[Finding]) -> list[Finding]:
    """What is said of the connection alone."""
    return [f for f in found if f not in of_end]


def _blamed(
    judged: Judged,
    number: int,
    found: Mapping[int, Kept[Found]],
    findings: Sequence[Finding],
) -> Subject:
    """The connection itself; who answers badly, unless others are answered well, or
    whoever answers counts nothing amiss."""
    end = _end(judged, number)
    if not any(f.bad and f.rule.startswith(ANSWERED) for f in findings):
        return number
    said = judged.words.of(end).found
    others = [c.number for c in judged.topology.connections if c.destination == end]
    told = [_own(found[n].made, said) for n in others if n != number]
    well = any(map(_counted_well, told)) or _counts_well(judged, end, said)
    return number if well else end


def _counted_well(found: Sequence[Finding]) -> bool:
    return any(f.rule.startswith("traffic") and not f.bad for f in found)


def _counts_well(judged: Judged, end: NodeId, said: Sequence[Finding]) -> bool:
    """Whether a box counts nothing amiss, and none of its pods does either: in the sum
    of many a few that answer badly are lost."""
    by_pod: dict[str, list[Seen[TrafficFact]]] = defaultdict(list)
    for seen in judged.view(end).fresh(TrafficFact):
        by_pod[seen.fact.target].append(seen)
    each = (
        rules_traffic.findings(loads_of(one), judged.limits, end, "")
        for one in by_pod.values()
    )
    return _counted_well(said) and not any(f.bad for found in each for f in found)


def _accuse(
    told: dict[Subject, Finding], subject: Subject, findings: Iterable[Finding]
) -> None:
    """Keep the gravest word against the subject."""
    known = [told[subject]] if subject in told else []
    # What callers do not feel explains nothing of what they meet, and who is silent may
    # only have nothing to ask.
    felt = (f for f in findings if f.bad and not f.node_only and f.rule != SILENT)
    against = [*known, *felt]
    if against:
        told[subject] = max(against, key=_weight)


def _weight(finding: Finding) -> tuple[bool, bool, int]:
    return finding.witness in ACCUSERS, finding.hard, finding.status.rank


def _charge(finding: Finding, felt: Collection[int]) -> Charge:
    by_own = finding.witness in ACCUSERS
    return Charge(by_own, finding.status.rank, finding.text, frozenset(felt))


def _hosts(judged: Judged, bad: frozenset[Subject]) -> tuple[Host, ...]:
    """Cluster nodes that took all they ran along, while others run on."""
    on: dict[str, list[PodFact]] = defaultdict(list)
    for pod in _pods(judged):
        on[pod.host or ""].append(pod)
    dead = {name for name, pods in on.items() if not any(p.ready for p in pods)}
    if len(dead) == len(on):
        return ()
    hosts = [_host(name, on, bad) for name in sorted(dead - {""})]
    return tuple(host for host in hosts if len(host.boxes) >= TOGETHER)


def _host(name: str, on: Mapping[str, list[PodFact]], bad: frozenset[Subject]) -> Host:
    """With the boxes that have lost nothing elsewhere."""
    elsewhere = {
        p.node for at, pods in on.items() if at != name for p in pods if _ill(p)
    }
    boxes = {pod.node for pod in on[name]} & bad - elsewhere
    return Host(name, frozenset(b for b in boxes if isinstance(b, str)), len(on[name]))


def _ill(pod: PodFact) -> bool:
    return not pod.ready and not pod.terminating


def _pods(judged: Judged) -> Iterator[PodFact]:
    """Those that run, or should: what was evicted long ago tells nothing of a node."""
    for view in judged.views.values():
        facts = (seen.fact for seen in view.fresh(PodFact))
        yield from (pod for pod in facts if not pod.ended)


def _still(hosts: tuple[Host, ...], bad: frozenset[Subject]) -> tuple[Host, ...]:
    """Those that were suspected, while all that they took along is still shown bad."""
    return tuple(host for host in hosts if host.boxes <= bad)
