"""Who has an incident in hand, and how an incident tells it."""

from __future__ import annotations

from dataclasses import replace

from app.domain import incidents_wire, wire
from app.domain.care import Acknowledged, Care, encode
from app.domain.talk import Talk
from tests.domain.story import FAILING, TOPOLOGY, Story, after

CARE = Care("i-1", after(0))


def test_the_first_who_acknowledges_it_is_told() -> None:
    seen = CARE.acknowledge("Ana", after(5))
    assert seen == Care("i-1", after(5), Acknowledged("Ana", after(5)))
    assert seen.acknowledge("Ben", after(9)) is seen


def test_an_acknowledgement_can_be_taken_back() -> None:
    seen = CARE.acknowledge("Ana", after(5)).assign("Ben", after(6))
    back = seen.withdrawn(after(9))
    assert back == Care("i-1", after(9), None, "Ben")
    assert back.withdrawn(after(10)) is back


def test_it_is_assigned_to_one_and_then_to_another_or_to_nobody() -> None:
    ben = CARE.assign("Ben", after(3))
    assert (ben.assigned, ben.at) == ("Ben", after(3))
    assert ben.assign("Ben", after(4)) is ben
    assert ben.assign("Eva", after(4)).assigned == "Eva"
    assert ben.assign(None, after(5)).assigned is None


def test_it_is_told_with_the_incident_open_or_ended() -> None:
    seen = CARE.acknowledge("Ana", after(5)).assign("Ben", after(6))
    told = {
        "acknowledged": {"by": "Ana", "at": "2026-11-25T12:00:05.000Z"},
        "assigned": "Ben",
    }
    assert encode(seen) == told
    assert encode(None) == encode(CARE) == {"acknowledged": None, "assigned": None}
    incident = Story().at(0, {12: FAILING}).only
    summary = incidents_wire.summary(incident, after(9), seen)
    whole = incidents_wire.encode(incident, seen)
    for found in (summary, whole):
        assert {name: found[name] for name in told} == told
    assert incidents_wire.encode(incident)["acknowledged"] is None


def test_a_reader_of_the_stream_learns_it_at_once() -> None:
    story = Story().at(0, {12: FAILING})
    snapshot = replace(
        story.snapshot(after(1)), incidents=story.book.open, connections=(), nodes=()
    )
    care = Care(story.only.id, after(2)).acknowledge("Ana", after(2))
    cared = replace(snapshot, talk=Talk(cares={story.only.id: care}))
    before, later = (wire.encode(one, TOPOLOGY) for one in (snapshot, cared))
    news = wire.delta(before, later)
    assert news is not None
    assert set(news) == {"deployment", "version", "at", "incidents"}
    assert news["incidents"][0]["acknowledged"]["by"] == "Ana"
    assert wire.apply(before, news) == later
