"""The contract on SQLite, and what only a file can do to us."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st

from app.domain.incidents import Book
from app.domain.status import Status
from app.records.address import MEMORY, Address
from app.records.store import Store
from app.records.trouble import Trouble
from app.records.upgrade import MIGRATIONS, NEWEST
from tests.domain.story import FAILING, Story
from tests.domain.test_incident_properties import Steps, stories
from tests.examples import dear
from tests.records import (
    contract,
    contract_acts,
    contract_notes,
    contract_retention,
    contract_timeline,
)

CLAIMS = (
    *contract.CLAIMS,
    *contract_retention.CLAIMS,
    *contract_notes.CLAIMS,
    *contract_timeline.CLAIMS,
    *contract_acts.CLAIMS,
)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_sqlite_keeps_incidents(claim: Callable[[Store], None], store: Store) -> None:
    claim(store)


def test_in_memory_it_does_the_same() -> None:
    for claim in CLAIMS:
        store = Store(Address(MEMORY), ["demo"])
        store.open()
        claim(store)
        store.close()


@dear()
@given(stories, st.integers(0, 13))
def test_the_book_comes_back_from_the_records_as_it_was(steps: Steps, cut: int) -> None:
    """Written, read and gone on with, at any point: the same incidents in the end."""
    store = Store(Address(MEMORY), ["demo"])
    store.open()
    whole, again, at = Story(), Story(), 0.0
    for number, (pause, turns, suspects) in enumerate(steps):
        at += pause
        if number == cut:
            again.book = Book(
                *(
                    tuple(
                        found
                        for one in part
                        if (found := store.one("demo", one.id)) is not None
                    )
                    for part in (again.book.open, again.book.ended)
                )
            )
        for story in (whole, again):
            story.at(at, turns, *suspects)
        for one in again.changed:
            store.write("demo", one)
        assert again.book == whole.book
    store.close()


def test_the_file_is_in_wal_mode_and_others_may_read_it(
    store: Store, file: Path
) -> None:
    contract.write(store, contract.told())
    with sqlite3.connect(file) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("SELECT count(*) FROM incidents").fetchone() == (4,)
    other.close()


def test_a_second_one_is_refused_with_what_to_do(
    store: Store, address: Address
) -> None:
    second = Store(address, ["demo"])
    with pytest.raises(Trouble, match=r"another dashboard .* \(process \d+\); give"):
        second.open()
    store.close()
    second.open()
    second.close()


def test_a_process_that_was_killed_leaves_no_lock(address: Address) -> None:
    script = (
        "import os, sys; from app.records.store import Store; "
        "from app.records.address import Address; "
        "Store(Address(sys.argv[1]), ['demo']).open(); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script, address.url], check=False)
    assert done.returncode == -9
    store = Store(address, ["demo"])
    store.open()
    store.close()


def test_a_damaged_file_is_told(file: Path, address: Address) -> None:
    file.write_bytes(b"this is no database" * 1000)
    store = Store(address, ["demo"])
    with pytest.raises(Trouble, match=r"records.db: .*or the file is damaged; move it"):
        store.open()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    store = Store(Address(f"sqlite://{tmp_path}/gone/records.db"), ["demo"])
    with pytest.raises(Trouble, match="No such file or directory"):
        store.open()


def test_a_file_that_may_not_be_written_is_told(store: Store) -> None:
    sa.event.listen(
        store.engine,
        "connect",
        lambda connection, _: connection.execute("PRAGMA query_only=ON"),
    )
    store.close()
    store.open()
    with pytest.raises(Trouble, match="it may not be written to"):
        contract.write(store, Story().at(0, {12: FAILING}))


def test_a_full_disk_is_told_and_what_was_written_stays(store: Store) -> None:
    contract.write(store, Story().at(0, {12: FAILING}))
    sa.event.listen(
        store.engine,
        "connect",
        lambda connection, _: connection.execute("PRAGMA max_page_count=1"),
    )
    store.close()
    store.open()
    many = Story()
    for number in range(200):
        many.at(number * 400, {12: Status.FAILING}).at(
            number * 400 + 1, {12: Status.OK}
        )
    with pytest.raises(Trouble, match=r"full \(no space is left\)"):
        contract.write(store, many)
    assert len(store.alive("demo", contract.after(-1))) >= 1


def test_a_file_that_was_moved_away_is_noticed(store: Store, file: Path) -> None:
    file.rename(file.with_name("aside.db"))
    with pytest.raises(Trouble, match="no longer the file that was opened"):
        contract.write(store, Story().at(0, {12: FAILING}))


def test_the_newest_step_is_the_last_one() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == NEWEST


def test_a_file_of_a_newer_version_is_told(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(Trouble, match="a newer version of this program wrote it"):
        store.open()


def test_a_file_of_the_version_before_is_brought_up_to_date(
    store: Store, file: Path
) -> None:
    contract.write(store, contract.told())
    contract.as_at_first(store)
    store.open()
    contract.what_is_usual_is_written_and_read(store)
    contract.windows_are_read_as_they_were_written(store)
    contract_notes.notes_are_read_as_they_were_written(store)
    assert len(store.alive("demo", contract.after(-1))) > 1


def test_what_is_closed_may_be_closed_again(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(Trouble):
        contract.write(store, Story().at(0, {12: FAILING}))
