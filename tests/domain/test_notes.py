"""Notes: which are shown, which is pinned, and how a reader of the stream learns of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import notes, wire
from app.domain.notes import (
    SHOWN,
    About,
    Note,
    Wanted,
    What,
    encode,
    is_text,
    listed,
    pinned_in,
    shown,
)
from app.domain.talk import Talk
from tests.domain.scene import Scene

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ABOUT_17 = About(What.CONNECTION, "17")


def note(number: int = 0, **more: object) -> Note:
    """Written so many seconds after noon."""
    at = NOON + timedelta(seconds=number)
    made = Note(f"n-{number}", at, "Ana", ABOUT_17, f"note {number}")
    return replace(made, **more)


def ids(found: tuple[Note, ...]) -> list[str]:
    return [one.id for one in found]


@pytest.mark.parametrize(
    ("about", "told"),
    [
        (ABOUT_17, {"connection": 17}),
        (About(What.NODE, "redis"), {"node": "redis"}),
        (About(What.INCIDENT, "2026-11-25-1042-k7qd"), {"incident": "2026-11-25-1042-k7qd"}),
        (About(What.MOMENT, "2026-11-25T10:42:00.000Z"), {"moment": "2026-11-25T10:42:00.000Z"}),
    ],
)  # fmt: skip
def test_a_note_is_told_with_what_it_is_about(about: About, told: dict) -> None:
    assert encode(note(1, about=about, text="**up**", pinned=True)) == {
        "id": "n-1",
        "at": "2026-11-25T12:00:01.000Z",
        "by": "Ana",
        "about": told,
        "text": "**up**",
        "html": "<p><strong>up</strong></p>",
        "pinned": True,
    }


def test_the_newest_are_shown_and_the_pinned_one_however_old_it_is() -> None:
    every = [note(number) for number in range(SHOWN + 9)]
    assert ids(shown(every)) == [f"n-{n}" for n in range(SHOWN + 8, 8, -1)]
    every[3] = note(3, pinned=True)
    found = shown(every)
    assert len(found) == SHOWN
    assert (found[0].id, found[-2].id, found[-1].id) == ("n-58", "n-10", "n-3")


def test_one_that_was_deleted_is_shown_no_longer() -> None:
    gone = note(1, pinned=True).deleted()
    assert (gone.gone, gone.pinned) == (True, False)
    assert shown([note(0), gone]) == (note(0),)
    assert listed([note(0), gone], Wanted()).notes == (note(0),)


def test_a_list_is_of_what_is_wanted_and_tells_whether_there_is_more() -> None:
    redis = note(1, about=About(What.NODE, "redis"))
    every = [note(0), redis, note(2), note(3)]
    found = listed(every, Wanted(ABOUT_17, limit=2))
    assert (ids(found.notes), found.more) == (["n-3", "n-2"], True)
    found = listed(every, Wanted(ABOUT_17, note(2).place, limit=2), "no disk")
    assert (ids(found.notes), found.more, found.trouble) == (["n-0"], False, "no disk")
    assert ids(listed(every, Wanted()).notes) == ["n-3", "n-2", "n-1", "n-0"]


def test_only_one_is_pinned_at_a_time() -> None:
    old, new = note(0, pinned=True), note(1)
    changed = pinned_in([old, new, note(2)], new, True)
    assert [(one.id, one.pinned) for one in changed] == [("n-0", False), ("n-1", True)]
    assert pinned_in([old, new], old, True) == [old]
    assert pinned_in([old, new], old, False) == [replace(old, pinned=False)]
    assert pinned_in([old], new, False) == [new]


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("one line", True),
        ("two\n\n\tlines: ü · 更新", True),
        ("", False),
        (" \n\t", False),
        ("bell\x07", False),
        ("turned \u202e round", False),
        ("half \ud800", False),
        ("carriage\rreturn", False),
    ],
)
def test_a_note_is_lines_of_words(text: str, fine: bool) -> None:
    assert is_text(text) is fine


made = st.builds(
    note,
    st.integers(0, 7),
    text=st.sampled_from(["a", "b"]),
    pinned=st.booleans(),
)
several = st.lists(made, max_size=6, unique_by=lambda one: one.id)


@given(several, several)
def test_what_a_reader_learns_leads_from_the_old_to_the_new(
    old: list[Note], new: list[Note]
) -> None:
    before = [encode(one) for one in shown(old)]
    after = [encode(one) for one in shown(new)]
    news = notes.news(before, after)
    assert notes.merged(before, news) == after
    known = {one["id"]: one for one in before}
    assert all(known.get(one["id"]) != one for one in news), "nothing is told twice"


def test_a_note_is_news_by_itself_and_no_more_than_it_is_told(scene: Scene) -> None:
    calm = scene.look()
    first = replace(calm, talk=Talk((note(0),)))
    second = replace(calm, talk=Talk((note(1), note(0))))
    third = replace(calm, talk=Talk((note(1),)))
    before = (first, wire.encode(first, scene.topology))
    after = wire.encode(second, scene.topology, before)
    assert after == wire.encode(second, scene.topology)
    news = wire.delta(before[1], after)
    assert news is not None
    assert set(news) == {"deployment", "version", "at", "notes"}
    assert [one["id"] for one in news["notes"]] == ["n-1"]
    assert wire.apply(before[1], news) == after
    last = wire.encode(third, scene.topology)
    news = wire.delta(after, last)
    assert news is not None
    assert news["notes"] == [{"id": "n-0", "gone": True}]
    assert wire.apply(after, news) == last
