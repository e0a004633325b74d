"""A pipeline keeps incidents beside its picture, and neither waits nor breaks for it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import structlog

from app.domain.evaluate import Deployment, evaluate
from app.domain.incidents_ask import Health
from app.domain.limits import DEFAULT
from app.domain.status import Status
from app.domain.topology import standard
from app.pipeline.casebook import Casebook
from tests.domain.story import DEGRADED, FAILING, OK, Story, after

DEMO = Deployment("demo", standard(), DEFAULT, ("consul",))


class HandWritten:
    """A shelf that a test fills, and looks into."""

    def __init__(self, told=()) -> None:
        self.left, self.kept, self.now = told, [], Health()

    def told(self):
        return self.left

    def put(self, incidents) -> None:
        self.kept += incidents

    def health(self) -> Health:
        return self.now


def noted(book, story, seconds):
    now = after(seconds)
    return book.note(story.snapshot(now), now)


def test_a_picture_names_the_gravest_and_lists_all():
    story = Story().at(0, {4: DEGRADED, 12: FAILING})
    book = Casebook(DEMO, HandWritten())
    snapshot = noted(book, story, 0)
    assert [one.worst for one in snapshot.incidents] == [FAILING, DEGRADED]
    assert snapshot.incident == snapshot.incidents[0].id
    assert book.wake_at == after(15)
    assert [source.name for source in snapshot.sources] == []


def test_a_calm_picture_has_none():
    snapshot = noted(Casebook(DEMO), Story(), 0)
    assert (snapshot.incident, snapshot.incidents) == (None, ())


def test_what_changed_is_handed_over_once():
    story, shelf = Story().at(0, {12: FAILING}), HandWritten()
    book = Casebook(DEMO, shelf)
    noted(book, story, 0)
    noted(book, story, 1)
    assert len(shelf.kept) == 1
    noted(book, story.at(2, {25: FAILING}), 2)
    assert [len(one.members) for one in shelf.kept] == [1, 2]


def test_incidents_wait_until_it_is_known_what_an_earlier_process_left():
    left = Story().at(0, {12: FAILING}).only
    story, shelf = Story().at(60, {12: FAILING}), HandWritten(None)
    book = Casebook(DEMO, shelf)
    assert noted(book, story, 60).incident is None
    shelf.left = (left,)
    assert noted(book, story, 61).incident == left.id
    assert noted(book, story, 61).incidents[0].start == left.start


def test_they_do_not_wait_for_records_that_are_in_trouble():
    left = Story().at(0, {12: FAILING}).only
    story, shelf = Story().at(60, {12: FAILING}), HandWritten(None)
    shelf.now = Health("records.db: no space is left")
    book = Casebook(DEMO, shelf)
    first = noted(book, story, 60)
    assert first.incident not in (None, left.id)
    (source,) = first.sources
    assert (source.name, source.status) == ("records", Status.FAILING)
    assert source.error == "records.db: no space is left"
    shelf.left, shelf.now = (left,), Health(None, after(70))
    later = noted(book, story, 70)
    assert later.incident == left.id
    assert [one.into for one in shelf.kept if one.id == first.incident][-1] == left.id
    (source,) = later.sources
    assert (source.status, source.last_success) == (Status.OK, after(70))


def test_milestones_are_logged_when_the_picture_is_out():
    story = Story().at(0, {9: FAILING, 14: FAILING})
    book = Casebook(DEMO, HandWritten())
    with structlog.testing.capture_logs() as told:
        for seconds, turns in (
            (0, {}),
            (1, {}),
            (20, {31: DEGRADED}),
            (30, {9: OK, 14: OK, 31: OK}),
            (40, {9: FAILING}),
        ):
            noted(book, story.at(seconds, turns), seconds)
            book.record()
    assert [entry["event"] for entry in told] == [
        *("incident opened", "incident opened", "incident merged"),
        *("incident ended", "incident reopened"),
    ]
    assert told[0]["worst"] == "failing"


def test_a_bug_in_the_incidents_costs_no_picture():
    class Broken(HandWritten):
        def put(self, incidents):
            raise RuntimeError("a bug")

    story = Story().at(0, {12: FAILING})
    with structlog.testing.capture_logs() as told:
        snapshot = noted(Casebook(DEMO, Broken()), story, 0)
    assert snapshot.connections == story.snapshot(after(0)).connections
    assert told[0]["event"] == "bug in the incidents"


def test_a_pipeline_publishes_what_is_open(running, bus, talk):
    shelf = HandWritten()
    with running(casebook=Casebook(DEMO, shelf)) as pipeline:
        pipeline.report(talk.said(talk.check()))
        bus.wait(lambda s: s["version"] == 1)
        pipeline.report(talk.said(talk.check(status="critical")))
        found = bus.wait(lambda s: s["incident"] is not None)
        assert found["incidents"][0]["worst"] == "failing"
        assert 12 in [step["connection"] for step in found["incidents"][0]["cascade"]]
        delta = next(d for s, d, _ in bus.published if s["version"] == found["version"])
        assert delta["incident"] == found["incident"]
    assert shelf.kept[0].id == found["incident"]


def test_news_of_the_records_is_looked_at_although_nobody_reports(running, bus):
    shelf = HandWritten()
    with running(casebook=Casebook(DEMO, shelf)) as pipeline:
        bus.wait(lambda s: s["version"] == 1)
        shelf.now = Health("no space is left")
        pipeline.look_again()
        bus.wait(lambda s: any(one["name"] == "records" for one in s["sources"]))


def test_an_incident_grows_graver_at_its_moment_although_nothing_happens(running, bus):
    """The pipeline wakes for it by itself."""
    began = datetime.fromtimestamp(time.time(), UTC) - timedelta(seconds=14.5)
    story = Story()
    story.states[12] = (FAILING, began)

    def rules(deployment, knowledge, memory, now):
        outcome = evaluate(deployment, knowledge, memory, now)
        return type(outcome)(story.snapshot(now), outcome.memory, None)

    with running(rules, casebook=Casebook(DEMO, HandWritten())):
        bus.wait(lambda s: s["incidents"] and s["incidents"][0]["kind"] == "blip")
        bus.wait(lambda s: s["incidents"] and s["incidents"][0]["kind"] == "outage")
