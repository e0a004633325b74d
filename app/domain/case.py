"""One numbered connection as it is judged: all that is known about it and its ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain import rules_silence
from app.domain.finding import Finding
from app.domain.judged import Judged
from app.domain.limits import Limits
from app.domain.silences import Silenced
from app.domain.subject import NodeId, Subject
from app.domain.topology import Connection
from app.domain.view import View


@dataclass(frozen=True, slots=True)
class Case:
    """One connection, and all that is known about it now."""

    connection: Connection
    judged: Judged
    limits: Limits
    views: list[View]
    """Of the connection itself, of the box that answers, and of its members."""
    callers: list[View]
    """Of the box that calls, and of its members."""
    seen_before: bool
    """Whether the store at its end ever saw the caller connected."""
    silent: Finding | None
    """That there was no request for longer than is expected."""
    lull: bool
    """Whether nobody has to call it now: its caller may close its connections."""

    @property
    def end(self) -> NodeId:
        return self.connection.destination

    @property
    def source_down(self) -> bool:
        return self.judged.words.of(self.connection.source).down

    @property
    def gone(self) -> frozenset[NodeId]:
        """The ends that are not installed."""
        return self.judged.absent & {self.connection.source, self.end}

    def maintained(self, found: Sequence[Finding]) -> Silenced | None:
        """Who answers is being worked on, or the connection itself is."""
        return self.judged.maintained(self.connection.number, found, self.end)


def case_of(connection: Connection, judged: Judged) -> Case:
    source = judged.topology.box(connection.source)
    end = judged.topology.box(connection.destination)
    callers = (source.id, *source.members)
    number = connection.number
    subjects: tuple[Subject, ...] = (number, end.id, *end.members)
    past, limits, now = judged.past, judged.limits.of(number), judged.now
    expected, counted = judged.expects(number), judged.loads.get(number, ())
    return Case(
        connection,
        judged,
        limits,
        [judged.view(subject) for subject in subjects],
        [judged.view(node) for node in callers],
        any((caller, end.id) in past.connected for caller in callers),
        rules_silence.silent(past.calls.quiet.get(number), expected, limits, now),
        rules_silence.lull(expected, counted, limits, now),
    )
