"""One fault, or two, on a rig that is well: what was shown, and what was true.

Everything is counted in virtual seconds, each of which is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.domain.evaluate import Deployment, Memory, evaluate
from app.domain.knowledge import Knowledge, learn
from app.domain.limits import DEFAULT
from app.domain.snapshot import Snapshot
from app.domain.status import Status
from app.domain.topology import standard
from app.domain.verdict import LEVELS
from app.simulator.truth import truth
from benchmarks.rig import MORNING, Rig
from benchmarks.rig_witnesses import SOURCES, Witnesses

TOPOLOGY: Final = standard()
WARM_S: Final = 90
"""Until traffic was counted over a whole window."""
LONGEST_S: Final = 180
"""A fault that is not seen within this is not detected."""
SETTLED_S: Final = 45
"""After every fault's first colour: until all that will turn has turned."""
CALM_S: Final = 300
APART_S: Final = 5
"""Between the two faults of a pair."""
BAD: Final = frozenset({status.value for status in LEVELS})


@dataclass(frozen=True, slots=True)
class Injected:
    kind: str
    target: str
    params: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


@dataclass(frozen=True, slots=True)
class Recovery:
    """After the end of the faults: when nothing was shown bad any more (`None`: not
    within `CALM_S`), and for how long at the most a connection was still shown bad
    after the last fact that spoke against it."""

    shown_s: int | None
    held_s: int | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """`expected`: connections that were really bad, with all faults in force.
    `detected_s` `None`: never shown.

    `missed`: those of them that never turned. `wrong`: those that were coloured at a
    moment at which they were not bad. `first`: who was suspected first.
    `blind_s`: when a source was first told to be in trouble, or a witness to be old.
    """

    faults: tuple[Injected, ...]
    causes: tuple[str, ...]
    expected: frozenset[int]
    detected_s: int | None
    blind_s: int | None
    missed: frozenset[int]
    wrong: frozenset[int]
    first: str | None
    recovery: Recovery

    @property
    def named(self) -> bool:
        """Whether who was suspected first is to blame."""
        known = {*self.causes, *(f"connection {cause}" for cause in self.causes)}
        return self.first in known


@dataclass
class Watch:
    """A rig, all that was heard of it, and the judgement of every second."""

    rig: Rig
    scrape_s: int = 15
    knowledge: Knowledge = field(default_factory=Knowledge)
    memory: Memory = field(default_factory=Memory)

    def __post_init__(self) -> None:
        self._witnesses = Witnesses(self.rig, TOPOLOGY, self.scrape_s)
        self._deployment = Deployment("campaign", TOPOLOGY, DEFAULT, SOURCES)

    def second(self) -> Snapshot:
        self.rig.tick()
        for reading in self._witnesses.hear(self.knowledge):
            self.knowledge = learn(self.knowledge, reading)
        outcome = evaluate(self._deployment, self.knowledge, self.memory, self.rig.now)
        self.memory = outcome.memory
        return outcome.snapshot

    def until_well(self, before: frozenset[int]) -> Recovery:
        """Look on until nothing is bad. `before`: whoever is coloured now."""
        accused: dict[int, int] = {}
        held_s = 0
        for second in range(1, CALM_S + 1):
            snapshot = self.second()
            shown = shown_bad(snapshot)
            for number in before - shown:
                held_s = max(held_s, second - accused.get(number, 0))
            if not shown and not in_trouble(snapshot):
                return Recovery(second, held_s)
            accused |= dict.fromkeys(self._accused(), second)
            before = shown
        return Recovery(None, held_s)

    def _accused(self) -> Iterator[int]:
        """The connections against which a fact speaks now, whatever is shown."""
        for number, kept in self.memory.made.connections.found.items():
            if any(finding.status in LEVELS for finding in kept.made):
                yield number


def begun(seed: int, scrape_s: int = 15) -> Watch:
    """A watch that has seen enough to judge everything."""
    watch = Watch(Rig(seed, MORNING), scrape_s)
    for _ in range(WARM_S):
        watch.second()
    return watch


def tried(watch: Watch, faults: Sequence[Injected]) -> Trial:
    """Put the faults in force, look, end them, and wait until all is well again."""
    ids, seen = [], Seen()
    for place, fault in enumerate(faults):
        for _ in range(APART_S if place else 0):
            seen.look(watch)
        ids.append(watch.rig.begin(fault.kind, fault.target, **dict(fault.params)))
        seen.expect(watch.rig.truth().connections, _alone(watch.rig))
    causes = watch.rig.truth().causes
    while seen.goes_on():
        seen.look(watch)
    for id_ in ids:
        watch.rig.end(id_)
    recovery = watch.until_well(seen.bad)
    return seen.trial(faults, causes, recovery)


def _alone(rig: Rig) -> list[Mapping[int, str]]:
    """What each fault in force would break by itself."""
    return [truth((fault,)).connections for fault in rig.faults()]


@dataclass
class Seen:
    """What was shown while the faults were in force. `settle_s`: how long to look on
    once every fault has coloured something.

    `expected`: the connections that are bad by the faults in force now. The second may
    take away what the first one broke: a caller that is down calls nobody, and what was
    rightly red until then is idle. `awaited`: of each fault that has coloured
    nothing yet, the connections by which it would be told.
    """

    settle_s: int = SETTLED_S
    expected: frozenset[int] = frozenset()
    awaited: list[frozenset[int]] = field(default_factory=list)
    all_seen_s: int | None = None
    turned: frozenset[int] = frozenset()
    wrong: frozenset[int] = frozenset()
    bad: frozenset[int] = frozenset()
    detected_s: int | None = None
    blind_s: int | None = None
    first: str | None = None
    passed_s: int = 0

    def expect(
        self, broken: Mapping[int, str], alone: Sequence[Mapping[int, str]] = ()
    ) -> None:
        """Another fault is in force. `alone`: what each would break by itself."""
        self.expected = _bad(broken)
        each = [_bad(one) & self.expected for one in alone] or [self.expected]
        self.awaited = [own for own in _told_apart(each) if own]
        self.all_seen_s = None

    def trial(
        self,
        faults: Sequence[Injected],
        causes: Sequence[str],
        recovery: Recovery,
    ) -> Trial:
        return Trial(
            tuple(faults), tuple(causes), self.expected, self.detected_s, self.blind_s,
            self.expected - self.turned, self.wrong, self.first, recovery,
        )  # fmt: skip

    def goes_on(self) -> bool:
        began = self.all_seen_s if self.expected else self.blind_s
        if began is None:
            return self.passed_s < LONGEST_S
        return self.passed_s < began + self.settle_s

    def look(self, watch: Watch) -> None:
        snapshot = watch.second()
        blind = in_trouble(snapshot) or has_gone_quiet(snapshot)
        first = snapshot.suspects[0].who if snapshot.suspects else None
        self.note(self.passed_s + 1, shown_bad(snapshot), first, blind=blind)

    def note(
        self, passed_s: int, bad: frozenset[int], first: str | None, *, blind: bool
    ) -> None:
        """`bad`: whoever is coloured, so many seconds after the fault began."""
        self.passed_s, self.bad = passed_s, bad
        self.turned |= bad
        self.wrong |= bad - self.expected
        if self.detected_s is None and bad & self.expected:
            self.detected_s = passed_s
        self.awaited = [own for own in self.awaited if not own & bad]
        if self.all_seen_s is None and not self.awaited:
            self.all_seen_s = passed_s
        if self.blind_s is None and blind:
            self.blind_s = passed_s
        self.first = first or self.first


def _bad(broken: Mapping[int, str]) -> frozenset[int]:
    return frozenset(n for n, status in broken.items() if status in BAD)


def _told_apart(each: Sequence[frozenset[int]]) -> Iterator[frozenset[int]]:
    """Of each fault the connections that no other breaks too; all, where there are
    none."""
    for place, own in enumerate(each):
        others = frozenset[int]().union(*each[:place], *each[place + 1 :])
        yield own - others or own


def shown_bad(snapshot: Snapshot) -> frozenset[int]:
    return frozenset(c.number for c in snapshot.connections if c.status in LEVELS)


def in_trouble(snapshot: Snapshot) -> bool:
    return any(source.status is not Status.OK for source in snapshot.sources)


def has_gone_quiet(snapshot: Snapshot) -> bool:
    """A witness that spoke before is marked old, on the map or in a box."""
    told = [one.witnesses for one in snapshot.connections]
    told += [one.witnesses for one in snapshot.nodes]
    return any(mark.status is Status.STALE for marks in told for mark in marks)
