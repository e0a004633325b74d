"""Killed at any moment, again and again: the file is whole, and so is what was told."""

from __future__ import annotations

import multiprocessing
import random
import signal
import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.instants import instant
from app.domain.rollups import Ask
from app.domain.status import Status
from tests.history.flat_out import STEP_S, status, write
from tests.history.stage import BEGIN, reader

FORK = multiprocessing.get_context("fork")
SECOND = timedelta(seconds=1)


def killed_after(file: Path, begin: int, times: int) -> int:
    """The last second of which the process said that it is in the file."""
    here, there = FORK.Pipe(duplex=False)
    child = FORK.Process(target=write, args=(file, begin, there))
    child.start()
    there.close()
    last = begin
    with here:
        for _ in range(times):
            last = here.recv()
        child.kill()
        with suppress(EOFError):
            while True:
                last = here.recv()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    return last


@pytest.mark.parametrize(
    "times",
    [
        pytest.param(10, id="ten-times"),
        pytest.param(
            100,
            id="a-hundred-times",
            marks=[pytest.mark.thorough, pytest.mark.timeout(300)],
        ),
    ],
)
def test_killed_while_it_writes_it_loses_at_most_what_it_was_writing(
    file: Path, times: int
) -> None:
    chance = random.Random(times)
    begin = last = 0
    for _ in range(times):
        last = killed_after(file, begin, chance.randrange(1, 200))
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        begin = last + STEP_S
    end = BEGIN + (last + 1) * SECOND
    found = reader(file).turns("demo", BEGIN, end)
    told = {one.at: one.status for one in found if one.subject == 17}
    for second in range(0, last + 1, STEP_S):
        if status(second) != status(second - STEP_S) and second:
            assert told[BEGIN + second * SECOND] is Status(status(second))
    series = reader(file).series("demo", Ask(BEGIN, end, 15))
    assert series.whole
    assert series.statuses[17].seconds.sum() == pytest.approx(
        last - STEP_S * (times - 1), abs=STEP_S * times
    )
    assert len(series.columns[17, "request_rate"].at) >= last // 15 - times
    kept = reader(file).moments("demo", BEGIN, end)
    whole = reader(file).pictures("demo", BEGIN, end, SECOND, len(kept))
    assert [one["at"] for one in whole] == [instant(at) for at, _ in kept]
