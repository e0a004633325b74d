"""Which history is begun, how it is told of, and that it can be copied."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.cli import doctor_history
from app.cli.history import Shown
from app.cli.main import World, main
from app.config.load import load
from app.config.models import Storage
from app.domain.status import Status
from app.history.base import Health
from tests.history.stage import BEGIN, entry, opened, picture

NOW = datetime(2026, 11, 27, 10, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    return World({}, lambda: NOW, io.StringIO(), io.StringIO())


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    file = tmp_path / "gws.yaml"
    file.write_text("storage: {records: records.db}\ndeployments: [{id: demo}]\n")
    return file


def test_it_is_kept_beside_the_records_unless_it_is_said(
    world: World, kept: Path
) -> None:
    main(["check-config", str(kept)], world)
    assert f"history: kept in {kept.with_name('history.db')}" in world.out.getvalue()


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ({"history": "sqlite:///srv/h.db"}, Path("/srv/h.db")),
        ({"history": "none", "records": "/r/records.db"}, None),
        ({"history": "prometheus+http://p:9090"}, None),
        ({"records": "postgresql://u@h/db"}, None),
        ({}, None),
    ],
)
def test_where_it_is_kept_is_where_it_is_said(
    written: dict[str, str], file: Path | None
) -> None:
    assert Storage.model_validate(written).history_file == file


def test_a_copy_can_be_made(world: World, kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.db"
    arguments = ["backup", "--config", str(kept), "--out", str(out)]
    assert main(arguments, world) == 1
    assert "there is no history yet" in world.err.getvalue()
    _, book = opened(kept.with_name("history.db"))
    book.keep([entry(picture(BEGIN))])
    assert main(arguments, world) == 0
    assert world.out.getvalue().startswith(f"{out}: 0.1 MB, whole")
    assert main(arguments, world) == 1


def test_without_a_history_there_is_nothing_to_copy(
    world: World, lonely: Path, tmp_path: Path
) -> None:
    arguments = ["backup", "--config", str(lonely), "--out", str(tmp_path / "x")]
    assert main(arguments, world) == 1
    assert "keeps no history in a file" in world.err.getvalue()


def test_the_doctor_says_what_is_there(kept: Path) -> None:
    def found() -> doctor_history.Examined | None:
        return doctor_history.examined(load(kept, {}), lambda: NOW)

    assert doctor_history.line(None).startswith("history: not kept")
    assert doctor_history.values(None) is None
    assert doctor_history.line(found()).endswith("nothing is there yet; it can be made")
    _, book = opened(kept.with_name("history.db"))
    assert "nothing in it yet" in doctor_history.line(found())
    book.keep([entry(picture(BEGIN))])
    span = "from 2026-03-02 06:00 UTC to 2026-03-02 06:00 UTC"
    assert span in doctor_history.line(found())
    told = doctor_history.values(found())
    assert told is not None and told["since"] == "2026-03-02T06:00:00Z"
    kept.write_text("storage: {history: gone/h.db}\ndeployments: [{id: demo}]\n")
    assert "CAN'T BE KEPT" in doctor_history.line(found())


def test_it_is_among_the_sources_once_there_was_something_to_tell() -> None:
    health = Health()
    shown = Shown(lambda: health)
    assert shown.sources() == ()
    health = Health("the disk is full", NOW - MINUTE)
    (source,) = shown.sources()
    assert (source.name, source.status) == ("history", Status.FAILING)
    assert source.error == (
        "history is paused: the disk is full; nothing is kept since 2026-11-27 10:03:00 UTC"
    )
    health = Health(None, NOW - MINUTE, NOW, "the disk was full")
    (source,) = shown.sources()
    assert source.status is Status.DEGRADED
    assert source.error == (
        "nothing was kept from 2026-11-27 10:03:00 UTC to 2026-11-27 10:04:00 UTC: "
        "the disk was full"
    )
    health = Health()
    assert [(one.status, one.error) for one in shown.sources()] == [(Status.OK, None)]
