"""What every database must do with notes and with who has an incident in hand; run
against SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

from app.domain.care import Care
from app.domain.notes import About, Note, Wanted, What
from app.records.store import Store
from tests.domain.story import FAILING, OK, Story, after
from tests.records.contract import told, write

ABOUT_17 = About(What.CONNECTION, "17")


def note(seconds: float, about: About = ABOUT_17, **more: object) -> Note:
    made = Note(f"n-{seconds:g}", after(seconds), "Ana", about, "**up** again")
    return replace(made, **more)


def of(incident: str) -> About:
    return About(What.INCIDENT, incident)


def names(store: Store, deployment: str = "demo") -> list[str]:
    return [one.id for one in store.notes(deployment, Wanted(limit=99))]


def notes_are_read_as_they_were_written(store: Store) -> None:
    every = [
        note(1),
        note(2, About(What.NODE, "redis"), pinned=True),
        note(3, of("i-1"), text="a\n\n\tb ü 更新"),
        note(4, About(What.MOMENT, "2026-11-25T12:00:00.000Z")),
    ]
    for one in every:
        store.say("demo", one)
    assert store.notes("demo", Wanted()) == every[::-1]
    assert store.pinned("demo") == [every[1]]
    assert store.said("demo", "n-3") == every[2]
    assert store.said("east", "n-3") is None
    assert store.notes("east", Wanted()) == store.pinned("east") == []


def a_note_that_was_pinned_or_deleted_replaces_itself(store: Store) -> None:
    store.say("demo", note(1))
    store.say("demo", note(1, pinned=True))
    assert store.notes("demo", Wanted()) == [note(1, pinned=True)]
    store.say("demo", note(1).deleted())
    store.say("demo", note(2).deleted())
    assert store.notes("demo", Wanted()) == []


def asking_for_notes_gives_what_is_wanted(store: Store) -> None:
    redis = About(What.NODE, "redis")
    for number in range(6):
        store.say("demo", note(number, redis if number % 2 else ABOUT_17))
    found = store.notes("demo", Wanted(redis, limit=1))
    assert [one.id for one in found] == ["n-5", "n-3"], "one more than was asked for"
    found = store.notes("demo", Wanted(redis, note(5).place))
    assert [one.id for one in found] == ["n-3", "n-1"]
    same = [replace(note(9), id=name) for name in ("a", "b", "c")]
    for one in same:
        store.say("demo", one)
    found = store.notes("demo", Wanted(ABOUT_17, same[1].place, limit=1))
    assert [one.id for one in found] == ["a", "n-4"]


def odd_words_of_a_note_are_taken(store: Store) -> None:
    store.say("demo", note(1, text="nul \0", by="half \ud800"))
    (found,) = store.notes("demo", Wanted())
    assert (found.text, found.by) == ("nul ?", "half ?")


def who_has_an_incident_is_read_as_it_was_written(store: Store) -> None:
    seen = Care("i-1", after(0)).acknowledge("Ana", after(1))
    given = Care("i-2", after(0)).assign("Ben", after(2))
    for one in (seen, given, seen.assign("Eva \0", after(3))):
        store.tend("demo", one)
    found = {one.incident: one for one in store.cares("demo", ["i-1", "i-2", "i-3"])}
    assert found == {"i-1": seen.assign("Eva ?", after(3)), "i-2": given}
    assert store.cares("demo", ["i-2"]) == [given]
    assert store.cares("demo", []) == store.cares("east", ["i-1"]) == []


def what_people_said_goes_with_its_incident(store: Store) -> None:
    story = told()
    write(store, story)
    ended = [one for one in story.kept.values() if one.end and one.end < after(1000)]
    (gone,), (kept, *_) = ended, story.book.open
    for name in (gone.id, kept.id):
        store.say("demo", note(5, of(name), id=f"early-{name}"))
        store.say("demo", note(5000, of(name), id=f"late-{name}"))
        store.say("east", note(5, of(name), id=f"early-{name}"))
        store.tend("demo", Care(name, after(5)).acknowledge("Ana", after(5)))
    assert store.prune("demo", after(1000), 9) == 1
    assert names(store) == [f"late-{kept.id}", f"early-{kept.id}"]
    assert len(names(store, "east")) == 2
    assert [one.incident for one in store.cares("demo", [gone.id, kept.id])] == [
        kept.id
    ]


def other_old_notes_go_and_the_pinned_one_stays(store: Store) -> None:
    every = (note(1), note(2, pinned=True), note(3, of("nobody knows")), note(50))
    for one in every:
        store.say("demo", one)
    store.tend("demo", Care("nobody knows", after(3)).assign("Ben", after(3)))
    store.prune("demo", after(40), 9)
    assert names(store) == ["n-50", "n-2"]
    assert store.cares("demo", ["nobody knows"]) == []


def an_open_incident_keeps_what_was_said_of_it(store: Store) -> None:
    story = Story().at(0, {12: FAILING}).at(4, {12: OK}).at(9, {12: FAILING})
    write(store, story)
    store.say("demo", note(5, of(story.only.id)))
    store.tend("demo", Care(story.only.id, after(5)).assign("Ben", after(5)))
    store.prune("demo", after(99_999), 9)
    assert names(store) == ["n-5"]
    assert len(store.cares("demo", [story.only.id])) == 1


CLAIMS = (
    notes_are_read_as_they_were_written,
    a_note_that_was_pinned_or_deleted_replaces_itself,
    asking_for_notes_gives_what_is_wanted,
    odd_words_of_a_note_are_taken,
    who_has_an_incident_is_read_as_it_was_written,
    what_people_said_goes_with_its_incident,
    other_old_notes_go_and_the_pinned_one_stays,
    an_open_incident_keeps_what_was_said_of_it,
)
