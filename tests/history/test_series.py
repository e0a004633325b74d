"""Series are the same whether they are sealed or not, and a year later."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from app.domain.rollups import ERROR, STEPS, Answer, Ask
from app.domain.rollups_fold import measured, quantile
from app.domain.status import Status
from app.history.file import File
from app.history.reading import millis
from app.history.retention import Keep, prune
from app.history.seal import due, put, seal
from tests.history.stage import BEGIN, entry, opened, picture, reader

HOUR = timedelta(hours=1)
STATUSES = list(Status)


def asked(file: Path, step_s: int, hours: float = 20) -> Answer:
    return reader(file).series("demo", Ask(BEGIN, BEGIN + hours * HOUR, step_s))


def seal_all(file: File) -> int:
    times = 0
    while found := due(file):
        seal(file, *found)
        times += 1
    return times


@pytest.fixture
def day(file: Path) -> File:
    """Fourteen hours of a load that wanders, in rows."""
    held, book = opened(file)
    walk = np.random.default_rng(6).gamma(5, 20, 14 * 240)
    book.keep(
        entry(
            picture(
                BEGIN + n * timedelta(seconds=15),
                latency_p95_ms=round(float(ms), 4),
                error_ratio=0.0,
            )
        )
        for n, ms in enumerate(walk)
    )
    return held


def test_sealing_changes_nothing_of_what_is_told(day: File) -> None:
    before = {step_s: asked(day.path, step_s) for step_s in STEPS}
    assert seal_all(day) == 2
    for step_s, old in before.items():
        new = asked(day.path, step_s)
        assert new.columns.keys() == old.columns.keys()
        for key, was in old.columns.items():
            column = new.columns[key]
            assert (column.at == was.at).all() and (column.count == was.count).all()
            assert column.sum == pytest.approx(was.sum, rel=2e-4)
            assert column.max == pytest.approx(was.max, rel=2e-4)
            assert column.last == pytest.approx(was.last, rel=2e-4)
        assert new.statuses.keys() == old.statuses.keys()
        assert (new.statuses[17].seconds == old.statuses[17].seconds).all()
        assert (new.since, new.whole) == (old.since, True)


def test_sealing_that_was_broken_off_is_done_again(day: File) -> None:
    before = asked(day.path, 600)
    found = due(day)
    assert found is not None
    own, begin = found
    half = {"latency_p95_ms": measured(np.array([begin]), np.array([1.0]))}
    put(day, own, "17", half, begin)
    told = asked(day.path, 600).columns[17, "latency_p95_ms"]
    assert (told.count == before.columns[17, "latency_p95_ms"].count).all()
    seal_all(day)
    told = asked(day.path, 600).columns[17, "latency_p95_ms"]
    assert (told.count == before.columns[17, "latency_p95_ms"].count).all()


def test_quantiles_of_hours_are_within_the_error_of_those_of_values(day: File) -> None:
    raw = np.sort(asked(day.path, 15).columns[17, "latency_p95_ms"].last)
    seal_all(day)
    hours = asked(day.path, 3600).columns[17, "latency_p95_ms"]
    for share in (0.5, 0.95, 0.99):
        exact = raw[int(np.ceil(share * len(raw))) - 1]
        assert quantile(hours, share) == pytest.approx(exact, rel=ERROR * 1.01)


def test_only_what_was_asked_for_is_told(day: File) -> None:
    seal_all(day)
    ask = Ask(BEGIN + HOUR, BEGIN + 2 * HOUR, 60, (17,), ("error_ratio",))
    found = reader(day.path).series("demo", ask)
    assert list(found.columns) == [(17, "error_ratio")]
    assert list(found.statuses) == [17]
    at = found.columns[17, "error_ratio"].at
    assert (len(at), at[0]) == (60, (BEGIN + HOUR).timestamp())


def test_a_step_that_began_before_is_left_out(day: File) -> None:
    ask = Ask(BEGIN + timedelta(minutes=5), BEGIN + HOUR, 600)
    at = reader(day.path).series("demo", ask).columns[17, "error_ratio"].at
    assert at[0] == (BEGIN + timedelta(minutes=10)).timestamp()


def test_a_part_that_is_damaged_is_left_out_and_told(day: File) -> None:
    seal_all(day)
    with day.writing() as connection:
        packed = bytearray(
            connection.execute(
                "SELECT packed FROM chunk WHERE subject = '17' AND step_s = 60"
            ).fetchone()[0]
        )
        packed[-5] ^= 255
        connection.execute(
            "UPDATE chunk SET packed = ? WHERE subject = '17' AND step_s = 60",
            (bytes(packed),),
        )
        connection.execute(
            "UPDATE step SET packed = x'00' WHERE at = (SELECT max(at) FROM step)"
        )
    assert asked(day.path, 600).whole is False
    found = asked(day.path, 60)
    assert not found.whole and (1, "error_ratio") not in found.columns
    assert found.columns["redis", "ready"].count.sum() == 14 * 240 - 2


def test_an_outage_of_15_s_has_its_length_after_a_year(file: Path) -> None:
    held, book = opened(file)
    day = timedelta(days=1)
    second = timedelta(seconds=1)
    for n in range(0, 30 * 3600, 60):
        book.keep([entry(picture(BEGIN + n * second))])
        if n == 3600:
            book.keep(
                [entry(picture(BEGIN + (n + 7) * second, {17: "failing"}), turned=True)]
            )
            book.keep([entry(picture(BEGIN + (n + 22) * second), turned=True)])
    seal_all(held)
    book.keep([entry(picture(BEGIN + 360 * day))])
    assert prune(held, Keep(), BEGIN + 360 * day) is None
    assert asked(file, 60).columns == {}
    for step_s in (600, 3600):
        found = asked(file, step_s)
        outage = found.statuses[17].seconds[:, STATUSES.index(Status.FAILING)]
        assert outage.sum() == 15
        assert found.statuses[17].at[outage > 0].tolist() == [
            (BEGIN + HOUR).timestamp()
        ]
        assert len(found.columns[("redis", "ready")].at)
    shown = reader(file).picture("demo", BEGIN + HOUR + 10 * second)
    assert shown is not None and shown["connections"][1]["status"] == "failing"
    assert prune(held, Keep(), BEGIN + 380 * day) is None
    assert reader(file).first("demo") == BEGIN + 360 * day


def test_time_zones_and_their_nights_make_no_difference(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The night in which Berlin has the hour from two to three twice."""
    import time

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        _, book = opened(file)
        night = datetime.fromisoformat("2026-10-25T00:00:00+02:00")
        moments = [night + n * timedelta(minutes=1) for n in range(6 * 60)]
        book.keep(entry(picture(at)) for at in moments)
        ask = Ask(night, night + 6 * HOUR, 3600)
        found = reader(file).series("demo", ask)
        assert found.columns["redis", "ready"].count.tolist() == [240] * 5 + [236]
        assert found.statuses[17].seconds.sum() == 6 * 3600 - 60
        kept = reader(file).moments("demo", night, night + 6 * HOUR)
        assert [millis(at) for at, _ in kept] == [millis(at) for at in moments]
    finally:
        monkeypatch.undo()
        time.tzset()
