"""One numbered connection as it is judged: all that is known about it and its ends."""

from __future__ import annotations

from typing import NamedTuple

from app.domain import rules_silence, rules_stores, rules_unseen
from app.domain.finding import Finding
from app.domain.judged import Judged
from app.domain.limits import Limits
from app.domain.loads import Loads
from app.domain.said import Word
from app.domain.subject import NodeId, Subject
from app.domain.topology import Box, Connection, Topology
from app.domain.view import View


class Case(NamedTuple):
    """One connection, and all that it is judged by, the moment and what was shown of it
    apart: what is said in equal cases is equal. A tuple, because one is made of each
    connection in every judgement, and compared with the one before."""

    connection: Connection
    topology: Topology
    common: Limits
    """Of the whole deployment."""
    limits: Limits
    word: Word
    """On the box that answers."""
    source_down: bool
    views: tuple[View, ...]
    """Of the connection itself, of the box that answers, and of its members."""
    callers: tuple[View, ...]
    """Of the box that calls, and of its members."""
    own: Loads
    """What is counted on the connection itself."""
    served: Loads
    """All that the box that answers counts."""
    seen_before: bool
    """Whether the store at its end ever saw the caller connected."""
    silent: Finding | None
    """That there was no request for longer than is expected."""
    lull: bool
    """Whether nobody has to call it now: its caller may close its connections."""
    unseen: tuple[Finding, ...]
    """Who would see it, and never did."""
    gone: frozenset[NodeId]
    """The ends that are not installed."""

    @property
    def end(self) -> NodeId:
        return self.connection.destination

    @property
    def counted(self) -> rules_stores.Counted | None:
        """What the store at its end says of the connections from its source."""
        source = self.topology.box(self.connection.source)
        return rules_stores.counted(self.views[1], _places(source))


def case_of(connection: Connection, judged: Judged) -> Case:
    topology, past, now = judged.topology, judged.past, judged.now
    source = topology.box(connection.source)
    end = topology.box(connection.destination)
    number, limits = connection.number, judged.limits.of(connection.number)
    subjects: tuple[Subject, ...] = (number, *_places(end))
    pairs = [(caller, end.id) for caller in _places(source)]
    own, expected = judged.loads.get(number, ()), judged.expects(number)
    case = Case(
        connection,
        topology,
        judged.limits,
        limits,
        judged.words.of(end.id),
        judged.words.of(source.id).down,
        tuple([judged.view(subject) for subject in subjects]),
        tuple([judged.view(node) for node in _places(source)]),
        own,
        judged.loads.get(end.id, ()),
        not past.connected.isdisjoint(pairs),
        rules_silence.silent(judged.calls.quiet.get(number), expected, limits, now),
        rules_silence.lull(expected, own, limits, now),
        (),
        judged.absent & {source.id, end.id},
    )
    unseen = _unseen(case, judged)
    return case._replace(unseen=unseen) if unseen else case


def _places(box: Box) -> tuple[NodeId, ...]:
    return (box.id, *box.members)


def _unseen(case: Case, judged: Judged) -> tuple[Finding, ...]:
    """Nothing where others saw it."""
    watch, now = judged.past.watch, judged.now
    if case.seen_before or case.word.down or not watch.long(now):
        return ()
    row, topology = case.connection, case.topology
    return (
        *rules_unseen.by_telemetry(row, topology, judged.loads, watch, now),
        *rules_unseen.by_store(row, topology, case.counted, case.views[1], watch, now),
    )
