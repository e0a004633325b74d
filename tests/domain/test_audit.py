"""Who did what."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.audit import (
    FIELDS,
    Entry,
    Listed,
    Outcome,
    Wanted,
    encode,
    listed,
    outcome,
    sheet,
)

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)


def act(seconds: int = 0, **more: object) -> Entry:
    made = Entry(
        f"a-{seconds:03}", NOW + timedelta(seconds=seconds), "ana", "Ana", "note written",
        Outcome.DONE, "10.0.0.1", "east", "n-1",
    )  # fmt: skip
    return replace(made, **more)


@pytest.mark.parametrize(
    ("status", "found"),
    [(200, "done"), (201, "done"), (303, "done"), (401, "refused"), (403, "refused"),
     (429, "refused"), (404, "failed"), (422, "failed"), (500, "failed")],
)  # fmt: skip
def test_the_status_of_an_answer_says_how_it_went(status, found):
    assert outcome(status) == found


def test_what_is_wanted_is_listed_newest_first():
    every = [
        act(n, outcome=Outcome.REFUSED if n % 2 else Outcome.DONE) for n in range(6)
    ]
    assert listed(every, Wanted()) == Listed(tuple(every[::-1]))
    page = listed(every, Wanted(limit=2))
    assert (page.entries, page.more) == ((every[5], every[4]), True)
    page = listed(every, Wanted(limit=9, before=every[2].place), "lost")
    assert page == Listed((every[1], every[0]), False, "lost")
    refused = listed(every, Wanted(outcome=Outcome.REFUSED))
    assert refused.entries == (every[5], every[3], every[1])
    for asked in (Wanted(who="ben"), Wanted(what="x"), Wanted(deployment="west")):
        assert listed(every, asked).entries == ()
    same = Wanted("ana", "note written", "east", Outcome.DONE)
    assert listed(every, same).entries == (every[4], every[2], every[0])


def test_the_sheet_has_every_field_and_no_formula():
    odd = act(name='=HYPERLINK("http://x")', about='a "b", c\nd', deployment=None)
    (row,) = csv.DictReader(io.StringIO(sheet([odd]), newline=""))
    assert tuple(row) == FIELDS
    assert row["name"] == '\'=HYPERLINK("http://x")'
    assert row["about"] == 'a "b", c\nd'
    assert row["deployment"] == ""
    assert row["at"] == encode(odd)["at"] == "2026-11-27T10:00:00.000Z"
    assert set(encode(odd)) == set(FIELDS)
