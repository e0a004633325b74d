"""What `doctor` says of the records."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.doctor_records import line
from app.cli.main import World, main
from app.records.address import Address
from app.records.examination import Examined
from app.records.store import Store
from tests.domain.story import FAILING, Story

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
OLDEST = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FOUND = Examined("/r.db", None, True, "0007", "0007", 12, OLDEST)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            FOUND,
            "/r.db: can be written, schema 0007, 12 incidents, the oldest of which began "
            "2026-01-02 03:04 UTC",
        ),
        (
            replace(FOUND, revision="0001", incidents=1),
            "/r.db: can be written, schema 0001 (serve will bring it to 0007), "
            "1 incident, which began 2026-01-02 03:04 UTC",
        ),
        (
            replace(FOUND, incidents=0, oldest=None),
            "/r.db: can be written, schema 0007, no incidents",
        ),
        (Examined("/r.db"), "/r.db: nothing is there yet; it can be made"),
        (Examined("/r.db", "/r.db: why"), "CAN'T BE KEPT: /r.db: why"),
        (
            Examined("memory", lasting=False),
            "in memory until the process ends; storage.records keeps them",
        ),
    ],
)
def test_the_records_are_told_in_a_line(found: Examined, said: str) -> None:
    assert line(found) == f"records: {said}"


def doctor(configuration: Path, *options: str) -> str:
    out = io.StringIO()
    world = World({}, lambda: NOW, out, io.StringIO())
    main(["doctor", *options, "--config", str(configuration)], world)
    return out.getvalue()


@pytest.fixture
def recorded(lonely: Path) -> Path:
    with lonely.open("a") as file:
        file.write("storage: {records: records.db}\n")
    return lonely


def test_programs_are_told_what_is_there(recorded: Path) -> None:
    file = recorded.with_name("records.db")
    store, story = Store(Address(f"sqlite://{file}"), ["demo"]), Story()
    store.open()
    store.write("demo", story.at(0, {12: FAILING}).only)
    store.close()
    assert json.loads(doctor(recorded, "--json"))["records"] == {
        "place": str(file),
        "trouble": None,
        "lasting": True,
        "revision": "0007",
        "newest": "0007",
        "incidents": 1,
        "oldest": "2026-11-25T12:00:00Z",
    }


def test_people_are_told_in_the_end(recorded: Path) -> None:
    assert (
        doctor(recorded)
        .splitlines()[-2]
        .endswith("nothing is there yet; it can be made")
    )
    assert not recorded.with_name("records.db").exists()
    recorded.with_name("records.db").write_text("nothing of ours" * 99)
    assert "CAN'T BE KEPT: " in doctor(recorded).splitlines()[-2]
