"""What `doctor` finds at the place of the records, and that it changes nothing there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.records.address import MEMORY, Address
from app.records.examination import Examined, examine
from app.records.store import Store
from app.records.upgrade import NEWEST
from tests.domain.story import DEGRADED, FAILING, Story, after, redis
from tests.records import contract


def listing(folder: Path) -> dict[str, bytes]:
    """Every file with its content; not that through which a WAL is shared."""
    files = (one for one in folder.iterdir() if not one.name.endswith("-shm"))
    return {one.name: one.read_bytes() for one in files}


def test_what_is_there_is_told_and_stays_as_it_is(
    store: Store, address: Address, file: Path
) -> None:
    story = contract.told()
    contract.write(store, story)
    contract.write(store, Story().at(-900, {4: FAILING}), "east")
    store.close()
    before = listing(file.parent)
    found = examine(address, ["demo"])
    listed = [one for one in story.kept.values() if one.into is None]
    assert found == Examined(
        str(file),
        None,
        True,
        NEWEST,
        NEWEST,
        len(listed),
        min(one.start for one in listed),
    )
    assert examine(address, ["demo", "east"]).oldest == after(-900)
    assert examine(address, ["west"]) == replace(found, incidents=0, oldest=None)
    assert listing(file.parent) == before


def test_what_became_part_of_another_is_not_counted(
    store: Store, address: Address
) -> None:
    story = Story().at(0, {9: FAILING}).at(10, {14: FAILING}).at(20, {31: DEGRADED})
    contract.write(store, story.at(30, {}, redis(9, 14, 31)))
    assert len(story.kept) > 1
    assert examine(address, ["demo"]).incidents == 1


def test_it_may_be_done_beside_a_dashboard_that_writes(
    store: Store, address: Address
) -> None:
    contract.write(store, Story().at(0, {12: FAILING}))
    found = examine(address, ["demo"])
    assert (found.trouble, found.incidents) == (None, 1)
    contract.write(store, Story().at(50, {4: FAILING}))
    assert examine(address, ["demo"]).incidents == 2


def test_an_older_schema_is_told_and_stays_old(
    store: Store, address: Address, file: Path
) -> None:
    contract.write(store, Story().at(0, {12: FAILING}))
    contract.as_at_first(store)
    for _ in range(2):
        found = examine(address, ["demo"])
        assert (found.trouble, found.revision, found.newest) == (None, "0001", NEWEST)
        assert found.incidents == 1
    with closing(sqlite3.connect(file)) as reader:
        tables = reader.execute("SELECT name FROM sqlite_master").fetchall()
    assert ("habits",) not in tables


def test_a_newer_schema_is_told(store: Store, address: Address) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    trouble = examine(address, ["demo"]).trouble
    assert trouble is not None
    assert "a newer version of this program wrote it" in trouble


def test_a_file_of_something_else_is_told_and_left_alone(
    address: Address, file: Path
) -> None:
    file.write_text("deployments: []\n" * 100)
    before = listing(file.parent)
    trouble = examine(address, ["demo"]).trouble
    assert trouble is not None
    assert trouble.startswith(f"{file}: ")
    assert "it is not SQLite's, or the file is damaged" in trouble
    assert listing(file.parent) == before


def test_a_file_that_is_not_there_is_not_made(address: Address, file: Path) -> None:
    assert examine(address, ["demo"]) == Examined(str(file))
    assert listing(file.parent) == {}


@pytest.mark.parametrize("folder", ["gone", "records.db"])
def test_a_folder_that_is_none_is_told(folder: str, file: Path) -> None:
    file.touch()
    inside = Address(f"sqlite://{file.parent / folder}/records.db")
    trouble = examine(inside, ["demo"]).trouble
    assert trouble is not None
    assert str(file.parent / folder) in trouble
    assert "folder" in trouble


def test_a_folder_into_which_nothing_can_be_written_is_told() -> None:
    """Of the kernel's own, where nobody makes files."""
    trouble = examine(Address("sqlite:///sys/records.db"), ["demo"]).trouble
    assert trouble is not None
    assert "folder" in trouble and "/sys" in trouble


def test_a_file_that_somebody_else_has_locked_is_told(
    store: Store, address: Address, file: Path
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        trouble = examine(address, ["demo"]).trouble
    assert trouble is not None
    assert "another program holds it" in trouble


def test_memory_is_no_place(file: Path) -> None:
    found = examine(Address(MEMORY), ["demo"])
    assert (found.lasting, found.trouble) == (False, None)
