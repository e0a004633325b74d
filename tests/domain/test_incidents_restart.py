"""An incident outlives the process that saw it begin, and a clock that is set back."""

from __future__ import annotations

import re
from datetime import timedelta

from app.domain.incidents import (
    SETTLE,
    Book,
    Turn,
)
from app.domain.incidents_fold import name_of, resumed
from app.domain.subject import NodeId
from tests.domain.story import (
    FAILING,
    NOON,
    OK,
    Story,
    after,
    remarks,
)

REDIS = NodeId("redis")


def test_ids_are_readable_and_no_two_processes_give_out_the_same() -> None:
    name = name_of("demo", NOON, 12)
    assert re.fullmatch(r"2026-11-25-1200-[0-9a-hjkmnp-tv-z]{4}", name)
    others = {
        name_of("demo", NOON, 18),
        name_of("east", NOON, 12),
        name_of("demo", NOON + timedelta(milliseconds=1), 12),
    }
    assert len(others | {name}) == 4


def test_what_ended_while_nobody_looked_ends_at_the_first_complete_picture() -> None:
    left = Story().at(0, {12: FAILING, 25: FAILING}).only
    began = after(1000)
    story = Story(resumed(Book(), [left], began))
    story.at(1001, {25: FAILING})
    assert story.wake_at == began + SETTLE
    assert [member.status for member in story.only.members] == [FAILING, FAILING]
    settled = 1000 + SETTLE.total_seconds()
    one = story.at(settled).only
    assert one.members[0].turns[-1] == Turn(after(settled), OK, exact=False)
    story.at(settled + 9, {25: OK})
    assert not story.over.ends_exactly
    assert remarks(story.over) == ["inexact_end"]
    assert story.book.settles_at is None


def test_what_this_process_saw_get_well_ends_exactly() -> None:
    left = Story().at(0, {12: FAILING}).only
    story = Story(resumed(Book(), [left], after(1000)))
    story.at(1001, {12: FAILING}).at(1010, {12: OK})
    assert story.over.ends_exactly
    assert story.over.end == after(1010)


def test_what_ended_shortly_before_a_restart_may_be_reopened() -> None:
    over = Story().at(0, {12: FAILING}).at(9, {12: OK}).over
    book = resumed(Book(), [over], after(60))
    assert book.settles_at is None
    assert Story(book).at(61, {12: FAILING}).only.id == over.id
    assert resumed(Book(), [over], after(1000)) == Book()
    assert resumed(book, [over], after(61)) == book


def test_a_clock_that_was_set_back_turns_nothing_round() -> None:
    story = Story().at(100, {12: FAILING}).at(50, {12: OK}).at(60, {12: FAILING})
    member = story.only.members[0]
    assert [turn.at for turn in member.turns] == [after(100)] * 3
    assert story.only.members[0].bad
