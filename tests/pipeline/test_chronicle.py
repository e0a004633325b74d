"""A pipeline tells what turned, and a restart neither loses nor invents any of it."""

from __future__ import annotations

from dataclasses import replace

import structlog

from app.domain.incidents_ask import Health
from app.domain.snapshot import Snapshot
from app.domain.status import Status
from app.domain.timeline import BEAT, Left, Watch
from app.pipeline.chronicle import Chronicle
from tests.domain.film import NINE, box, link
from tests.domain.story import FAILING, OK, after


class HandWritten:
    """A shelf that a test fills, and looks into."""

    def __init__(self, left: Left | None = None, trouble: str | None = None) -> None:
        self.kept: Left | None = left
        self.trouble = trouble
        self.turns, self.watches = [], []

    def left(self) -> Left | None:
        return self.kept

    def tell(self, watch, turns) -> None:
        self.watches.append(watch)
        self.turns += turns

    def health(self) -> Health:
        return Health(self.trouble)

    @property
    def news(self) -> list:
        return [turn for turn in self.turns if turn.is_news]


def picture(seconds: float, status: Status = OK) -> Snapshot:
    return Snapshot("demo", 0, after(seconds), OK, (link(status),), (box(),))


def test_what_turns_is_handed_over_and_that_somebody_looks() -> None:
    shelf = HandWritten(Left())
    chronicle = Chronicle(shelf)
    beat = BEAT.total_seconds()
    chronicle.note(picture(0))
    chronicle.note(picture(1))
    assert shelf.watches == [Watch(after(0), after(0))]
    chronicle.note(picture(2, FAILING))
    assert [(t.lane, t.status) for t in shelf.news] == [(NINE, FAILING)]
    chronicle.note(picture(beat, FAILING))
    chronicle.note(picture(2 + beat, FAILING))
    assert shelf.watches[1:] == [
        Watch(after(0), after(2)),
        Watch(after(0), after(2 + beat)),
    ]


def test_it_waits_for_what_an_earlier_process_left() -> None:
    shelf = HandWritten()
    chronicle = Chronicle(shelf)
    chronicle.note(picture(0, FAILING))
    assert shelf.turns == []
    shelf.kept = Left(((NINE, FAILING),))
    chronicle.note(picture(3, FAILING))
    assert shelf.watches == [Watch(after(3), after(3))]
    assert shelf.news == []


def test_records_in_trouble_are_not_waited_for_and_are_heard_later() -> None:
    shelf = HandWritten(trouble="damaged")
    chronicle = Chronicle(shelf)
    chronicle.note(picture(0))
    assert len(shelf.turns) == 2
    shelf.kept, shelf.trouble = Left(((NINE, FAILING),)), None
    chronicle.note(picture(5))
    assert shelf.news == [], "what this process saw itself goes before"


def test_a_clock_that_was_set_back_begins_a_watch_of_its_own() -> None:
    shelf = HandWritten(Left())
    chronicle = Chronicle(shelf)
    chronicle.note(picture(100))
    chronicle.note(picture(40))
    assert shelf.watches[-1] == Watch(after(40), after(40))
    assert {turn.at for turn in shelf.turns} == {after(100), after(40)}
    assert shelf.news == []


def test_without_a_shelf_nothing_is_kept() -> None:
    Chronicle().note(picture(0))


def test_a_bug_in_it_costs_no_picture() -> None:
    class Broken(HandWritten):
        def tell(self, watch, turns) -> None:
            raise RuntimeError("a bug")

    with structlog.testing.capture_logs() as told:
        Chronicle(Broken(Left())).note(picture(0))
    assert told[0]["event"] == "bug in the timeline"


def test_a_pipeline_tells_it_of_every_picture_once_it_is_handed_on(
    running, bus, talk
) -> None:
    shelf = HandWritten(Left())
    with running(chronicle=Chronicle(shelf)) as pipeline:
        pipeline.report(talk.said(talk.check()))
        bus.wait(lambda s: any(n["status"] == "ok" for n in s["nodes"]))
        pipeline.report(talk.said(talk.check(status="critical")))
        bus.wait(lambda s: any(n["status"] == "failing" for n in s["nodes"]))
    failing = [turn for turn in shelf.news if turn.status is FAILING]
    assert "redis" in {turn.lane.name for turn in failing}
    assert replace(failing[0], place=0).exact
