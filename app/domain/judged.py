"""What one evaluation works on, and what it makes of boxes and connections alike."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from app.domain.boxes import Words
from app.domain.calls import Calls
from app.domain.expected import Expectations, Expected
from app.domain.finding import Finding
from app.domain.limits import Limits
from app.domain.loads import Loads
from app.domain.past import Past
from app.domain.silences import Silenced
from app.domain.snapshot import Reason
from app.domain.status import Status
from app.domain.subject import NodeId, Subject, Witness
from app.domain.taken_up import NOTHING, TakenUp
from app.domain.topology import Topology
from app.domain.verdict import Step, Track
from app.domain.view import EMPTY, View, Views, heard

N = TypeVar("N", bound=Subject)
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Judged:
    """What boxes and connections are judged by. `words`: what is said of each box;
    `calls`: as they are now; `left`: what another process showed last; `listed`:
    the namespaces that Kubernetes has told all of."""

    topology: Topology
    limits: Limits
    views: Views
    words: Words
    absent: frozenset[NodeId]
    silenced: Mapping[Subject, Silenced]
    past: Past
    calls: Calls
    tracks: Mapping[Subject, Track]
    loads: Mapping[Subject, Loads]
    expected: Expectations
    now: datetime
    left: TakenUp = NOTHING
    listed: Mapping[str, datetime] = field(default_factory=dict)

    def maintained(
        self, subject: Subject, found: Sequence[Finding], end: NodeId | None = None
    ) -> Silenced | None:
        """What makes a subject `maintenance`, if anything does; `end`: of a connection,
        the box that answers."""
        if not self.silenced:
            return None
        own, its_end = self.silenced.get(subject), None
        if end is not None:
            its_end = self.silenced.get(end)
        felt = its_end if its_end and its_end.felt else None
        known = [one for one in (own, felt) if one is not None]
        calm = self._calm(subject, found)
        return next((one for one in known if one.whole or calm), None)

    def _calm(self, subject: Subject, found: Sequence[Finding]) -> bool:
        """Something speaks, nothing is amiss, and nothing bad is still shown."""
        track = self.tracks.get(subject)
        bad = any(finding.bad for finding in found)
        return bool(found) and not bad and not (track and track.latches)

    def news_since(self, before: Judged | None) -> Set[Subject] | None:
        """Those about whom something else is heard, said or counted than before;
        `None` where anything else is not the very same, the moment and what was shown
        then apart. What is counted of a subject comes of its view."""
        if before is None or not all(map(operator.is_, self._common, before._common)):
            return None
        if self.left.waiting:  # For lists that are read to their end, news or not.
            return None
        # The rest of the past has its say in the words.
        past, earlier = self.past, before.past
        if past.connected != earlier.connected or past.watch != earlier.watch:
            return None
        views, words, quiet = before.views, before.words.all, before.calls.quiet
        news: set[Subject] = {
            subject
            for subject, view in self.views.items()
            if views.get(subject) is not view
        }
        news |= views.keys() - self.views.keys()
        news.update(
            node
            for node, kept in self.words.all.items()
            if words[node].made is not kept.made
        )
        expected = self.expected.of
        news.update(n for n in expected if quiet.get(n) != self.calls.quiet.get(n))
        return news

    def stands(self, node: NodeId) -> bool:
        """Whether a box is shown as another process showed it."""
        if node not in self.left.waiting:
            return False
        found = self.words.of(node).found
        spoken = self.spoken(node, found)
        return self.half_heard(node) or self.left.stands(node, found, spoken)

    def half_heard(self, node: NodeId) -> bool:
        """Whether a part of a group has yet to speak: one that fails may be the only
        one that has."""
        return any(map(self.stands, self.topology.box(node).members))

    def spoken(self, node: NodeId, found: Sequence[Finding]) -> Set[Witness | None]:
        """Who has said all that it has to say of a box: Kubernetes does so in several
        lists."""
        spaces = {
            self.topology.namespace_of(work.role)
            for work in self.topology.box(node).workloads
        }
        told = {finding.witness for finding in found}
        return told if spaces <= self.listed.keys() else told - {Witness.KUBERNETES}

    @property
    def _common(self) -> tuple[object, ...]:
        """What all are judged by."""
        return (
            self.topology, self.limits, self.absent, self.silenced, self.expected,
            self.calls.busy, self.left,
        )  # fmt: skip

    def view(self, subject: Subject) -> View:
        return self.views.get(subject, EMPTY)

    def expects(self, number: int) -> Expected | None:
        """What is said of calls on a connection. Where nobody is called at all, what is
        usual has no say: that may be a holiday, which only a calendar knows."""
        found = self.expected.of.get(number)
        quiet = found is not None and found.learned and not self.calls.busy
        return None if quiet else found


@dataclass(frozen=True, slots=True)
class Settled(Generic[S]):
    """What a subject came to, and of what.

    `still`: the same inputs would leave the track as it is, at whatever moment.
    `stands`: it is shown as another process showed it.
    """

    of: tuple[object, ...]
    state: S
    track: Track
    still: bool
    stands: bool = False


@dataclass(slots=True)
class Results(Generic[N, S]):
    """What each subject came to, in order, and when to look again."""

    settled: dict[N, Settled[S]] = field(default_factory=dict)
    wake_at: list[datetime] = field(default_factory=list)

    def still(
        self,
        tracks: Mapping[Subject, Track],
        news: Set[Subject] | None,
        around: Mapping[N, frozenset[Subject]],
    ) -> Mapping[N, Settled[S]]:
        """Those who would come to the same, as long as nothing turns with time: there
        is no news (`Judged.news_since`) of anybody who is `around` them."""
        if news is None:
            return {}
        return {
            subject: one
            for subject, one in self.settled.items()
            if one.still
            and one.track is tracks.get(subject)
            and around[subject].isdisjoint(news)
        }

    @property
    def states(self) -> tuple[S, ...]:
        return tuple(one.state for one in self.settled.values())

    @property
    def tracks(self) -> dict[Subject, Track]:
        return {subject: one.track for subject, one in self.settled.items()}

    @property
    def standing(self) -> frozenset[Subject]:
        return frozenset(who for who, one in self.settled.items() if one.stands)


def settle(
    before: Settled[S] | None,
    of: tuple[object, ...],
    track: Track | None,
    walk: Callable[[], Step],
    draw: Callable[[Track], S],
    *,
    stands: bool = False,
) -> tuple[Settled[S], tuple[datetime, ...]]:
    """Where a subject stands now, and the moments at which time alone may change that.

    `of`: all that `walk` and `draw` look at, the track and the moment apart. Both are
    spared where they would give what they gave before. `stands`: as it was.
    """
    known = before if before is not None and before.of == of else None
    if known and known.stands is stands and known.still and known.track is track:
        return known, ()
    step = Step(track) if stands and track is not None else walk()
    after = step.track
    # A level that is being left tells since when, and that may be now.
    spared = known and known.track == after and not after.latches
    state = known.state if known and spared else draw(after)
    return Settled(of, state, after, after is track, stands), step.wake_at


def sight_of(
    views: Sequence[View], found: Sequence[Finding], *, seen: bool
) -> Status | None:
    """`stale` or `no_data` when no rule had anything fresh to judge, else `None`.
    `seen`: by another process, before this one began."""
    if found:
        return None
    old = seen or any(one.fresh_at is None for one in heard(views).values())
    return Status.STALE if old else Status.NO_DATA


def silence_reason(track: Track, silenced: Silenced | None) -> tuple[Reason, ...]:
    """Who works on it and until when, where that is what is shown."""
    if silenced is None or track.status is not Status.MAINTENANCE:
        return ()
    by, status = silenced.witness, Status.MAINTENANCE
    return (Reason(by, status, silenced.text, track.since),)
