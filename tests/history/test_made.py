"""A past that was made up lies behind what is kept as if it had been lived through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from app.domain.gaps import gaps
from app.domain.rollups import Ask
from app.domain.rollups_fold import quantile
from app.history.made import looked, numbers, pictured, put_numbers, put_pictures
from app.history.seal import due, seal
from app.history.sqlite import SqliteHistory
from app.simulator.past import past
from tests.history.stage import entry, opened, reader
from tests.simulator.test_past import END, measured

DAYS = 3
LATER = datetime.fromtimestamp(END, UTC)
SEEN = ((DAYS * 86_400, 150),)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> SqliteHistory:
    """Of which eight hours were lived through, and then three days were put before."""
    path: Path = tmp_path_factory.mktemp("made") / "history.db"
    file, book = opened(path)
    shown = measured()
    for minutes in range(0, 8 * 60, 2):
        at = LATER + timedelta(minutes=minutes)
        book.keep([entry(shown | {"at": at.isoformat()})])
    made = past(measured(), END, DAYS, seed=1)
    put_numbers(file, "demo", numbers(made, kept_s={15: 86_400, 60: 86_400}))
    put_pictures(file, "demo", pictured(made, looked(made, SEEN)))
    while found := due(file):
        seal(file, *found)
    file.close()
    return reader(path)


def of(kept: SqliteHistory, step_s: int) -> tuple[np.ndarray, float | None]:
    """Of the short steps a day was made up, of the others all."""
    begin = LATER - timedelta(days=1 if step_s < 600 else DAYS)
    ask = Ask(begin, LATER + timedelta(hours=8), step_s, (18,), ("request_rate",))
    column = kept.series("demo", ask).columns[18, "request_rate"]
    return column.at, quantile(column, 0.95)


@pytest.mark.parametrize("step_s", [600, 3600])
def test_its_numbers_have_no_seam(kept: SqliteHistory, step_s: int) -> None:
    at, high = of(kept, step_s)
    assert set(np.diff(at)) == {step_s}
    assert at[0] <= END - (DAYS - 1) * 86_400
    assert at[-1] >= END + 7 * 3600
    assert high is not None and 30 < high < 80


def test_of_short_steps_the_last_day_is_there(kept: SqliteHistory) -> None:
    at, _ = of(kept, 60)
    assert at[0] == END - 86_400
    assert set(np.diff(at[at < END])) == {60}


def test_its_pictures_have_no_gap_and_are_each_there(kept: SqliteHistory) -> None:
    begin, end = LATER - timedelta(days=DAYS - 1), LATER + timedelta(hours=7)
    moments = kept.moments("demo", begin, end)
    assert not gaps((one.at for one in moments), begin, end, end)
    shown = kept.picture("demo", LATER - timedelta(hours=26) + timedelta(minutes=2))
    assert shown is not None and shown["status"] == "failing"
    first = kept.first("demo")
    assert first is not None and first <= begin


def test_its_turns_stand_before_those_that_were_seen(kept: SqliteHistory) -> None:
    before = LATER - timedelta(seconds=1)
    turns = kept.turns("demo", before - timedelta(hours=27), before)
    failing = {one.subject for one in turns if one.status == "failing"}
    assert {"redis", 18, 25} <= failing
    assert turns[-1].at > LATER - timedelta(hours=6)
