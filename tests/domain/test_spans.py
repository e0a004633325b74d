"""What is marked in the charts of a connection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.incidents import Incident, Kind, Member, Turn
from app.domain.spans import MOST, Span, spans
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.topology import standard
from app.domain.windows import Window

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TOPOLOGY = standard()


def ago(minutes):
    return NOW - timedelta(minutes=minutes)


def member(subject, *turns):
    return Member(subject, tuple(Turn(ago(at), status) for at, status in turns))


def incident(name, *members):
    return Incident(name, ago(40), members, Kind.OUTAGE)


def window(name, begin, end, **over):
    return Window(name, ago(begin), ago(end), "new switch", "jane", **over)


def found(incidents=(), windows=(), number=12):
    return spans(TOPOLOGY, number, incidents, windows, NOW)


def test_an_incident_is_marked_while_this_connection_was_bad():
    failed = member(12, (30, Status.DEGRADED), (29, Status.FAILING), (20, Status.OK))
    other = member(13, (40, Status.FAILING))
    (span,) = found([incident("i-1", other, failed)])
    assert span == Span("i-1", Status.FAILING, ago(30), ago(20), "incident i-1, outage")


def test_one_that_lasts_has_no_end():
    (span,) = found([incident("i-1", member(12, (3, Status.DEGRADED)))])
    assert (span.status, span.ends_at) == (Status.DEGRADED, None)


def test_of_others_nothing_is_marked():
    assert found([incident("i-1", member(13, (3, Status.FAILING)))]) == ()
    assert found(windows=[window("w", 9, -9, connections=(13,))]) == ()


def test_maintenance_of_the_line_of_the_box_that_answers_and_of_everything():
    windows = [
        window("line", 30, -10, connections=(12,)),
        window("box", 20, 10, nodes=(NodeId("redis"),)),
        window("all", 10, -10),
    ]
    told = {span.id: (span.status, span.ends_at) for span in found(windows=windows)}
    lasting = (Status.MAINTENANCE, None)
    assert told == {
        "line": lasting, "box": (Status.MAINTENANCE, ago(10)), "all": lasting
    }  # fmt: skip


def test_one_that_was_ended_early_ends_there_and_one_to_come_is_not_marked():
    early = window("early", 30, -10).ended(ago(5), "jane")
    (span,) = found(windows=[early, window("later", -10, -20)])
    assert (span.id, span.ends_at) == ("early", ago(5))
    assert span.text == "maintenance by jane: new switch"


def test_they_are_told_in_the_order_in_which_they_began_and_not_all_of_them():
    many = [incident(f"i-{at}", member(12, (at, Status.FAILING))) for at in range(50)]
    told = found(many, [window("w", 5, -5)])
    assert len(told) == MOST + 1
    begun = [span.begins_at for span in told]
    assert begun == sorted(begun)
    assert told[-1].id == "i-0"


def test_a_part_within_is_within():
    span = Span("x", Status.FAILING, ago(30), ago(20), "x")
    assert span.within(ago(25), NOW)
    assert span.within(ago(60), ago(30))
    assert not span.within(ago(19), NOW)
    assert not span.within(ago(60), ago(31))
    assert Span("x", Status.FAILING, ago(30), None, "x").within(ago(1), NOW)
