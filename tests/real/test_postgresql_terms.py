"""Of several collectors the last that was elected keeps the records, and no other."""

from __future__ import annotations

import pytest

from app.records.address import Address
from app.records.store import Store
from app.records.trouble import Trouble
from tests.domain.story import FAILING, SUBJECTS, Story

pytestmark = pytest.mark.real
INCIDENT = Story().at(1, {next(iter(SUBJECTS)): FAILING}).changed[0]


def collector(address: Address, term: int | None) -> Store:
    return Store(address, ["demo", "other"], lambda: term)


def write(store: Store) -> None:
    store.write("demo", INCIDENT)


def test_a_later_term_takes_the_records_from_one_that_does_not_know_yet(address):
    old, new = collector(address, 5), collector(address, 6)
    old.open()
    write(old)
    new.open()
    with pytest.raises(Trouble):
        write(old)
    old.close()
    write(new)
    with pytest.raises(Trouble, match="another dashboard keeps its records here"):
        old.open()
    new.close()
    with pytest.raises(Trouble, match=r"elected later \(term 6, ours is 5\)"):
        old.open()
    again = collector(address, 7)
    again.open()
    write(again)
    again.close()


def test_a_term_that_is_over_writes_nothing(address):
    terms: list[int | None] = [5]
    store = Store(address, ["demo"], lambda: terms[0])
    store.open()
    write(store)
    terms[0] = None
    with pytest.raises(Trouble, match="does not lead"):
        write(store)
    assert store.mark(), "to look what others wrote takes none"
    store.close()
    with pytest.raises(Trouble, match="does not lead"):
        store.open()


def test_a_dashboard_that_was_never_elected_is_not_ended(address):
    """It is told as what it is: two that watch the same."""
    alone = Store(address, ["demo"])
    alone.open()
    with pytest.raises(Trouble, match="another dashboard keeps its records here"):
        collector(address, 9).open()
    write(alone)
    alone.close()
