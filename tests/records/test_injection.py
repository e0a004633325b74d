"""What people write is data to the database, whatever it looks like."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.notes import About, Wanted, What
from app.records.store import Store
from tests.records.contract_notes import note

EVIL = (
    "'; DROP TABLE note; --",
    "' OR '1'='1",
    '"; DELETE FROM incident WHERE 1=1; --',
    "x') UNION SELECT sql FROM sqlite_master --",
    "%s %(by)s :by ? $1 {by}",
    "\\'; SELECT pg_sleep(10); --",
)


@pytest.mark.parametrize("text", EVIL)
def test_what_is_written_is_data_to_the_database(store: Store, text: str) -> None:
    kept = note(1)
    store.say("demo", kept)
    evil = replace(note(2), id=text, by=text, text=text, about=About(What.NODE, text))
    store.say("demo", evil)
    assert store.said("demo", text) == evil
    assert store.notes("demo", Wanted(About(What.NODE, text))) == [evil]
    assert store.notes(text, Wanted()) == []
    assert store.one("demo", text) is None
    assert store.notes("demo", Wanted()) == [evil, kept]
