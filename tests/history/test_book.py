"""What is written of what was seen, and what is read of it then."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.rollups import Ask
from app.domain.status import Status
from app.history.book import Book, SetBack
from app.history.file import File
from app.history.reading import millis
from tests.history.stage import BEGIN, entry, opened, picture, reader

STATUSES = list(Status)
SECOND = timedelta(seconds=1)


def see(
    book: Book, *shown: tuple[float, dict[int | str, str]], **numbers: float
) -> None:
    """At so many seconds after `BEGIN`."""
    book.keep(
        entry(picture(BEGIN + at * SECOND, statuses, **numbers))
        for at, statuses in shown
    )


def spent(path: Path, subject: int | str, status: Status, until_s: float) -> float:
    ask = Ask(BEGIN - timedelta(days=1), BEGIN + until_s * SECOND, 60)
    found = reader(path).series("demo", ask).statuses
    return float(found[subject].seconds[:, STATUSES.index(status)].sum())


def test_only_what_turns_is_a_turn(file: Path) -> None:
    _, book = opened(file)
    see(book, (0, {}), (5, {}), (7, {17: "failing"}), (9, {17: "failing"}), (12, {}))
    found = reader(file).turns("demo", BEGIN + SECOND, BEGIN + 60 * SECOND)
    told = [((one.at - BEGIN) / SECOND, one.subject, one.status) for one in found]
    assert told == [(7, 17, Status.FAILING), (12, 17, Status.OK)]


def test_numbers_hold_until_others_are_seen(file: Path) -> None:
    _, book = opened(file)
    see(book, (0, {}), request_rate=2.5)
    see(book, (40, {}), request_rate=None, redis_memory=3 * 2**30)
    see(book, (61, {}))
    found = reader(file).series("demo", Ask(BEGIN, BEGIN + 60 * SECOND, 15))
    rate = found.columns[17, "request_rate"]
    assert ((rate.at - BEGIN.timestamp()).tolist(), rate.last.tolist()) == (
        [0, 15],
        [2.5, 2.5],
    )
    assert found.columns["redis", "memory"].last.tolist() == [3 * 2**30] * 2
    assert found.columns["redis", "ready"].last.tolist() == [3] * 4
    assert found.since == BEGIN and found.whole


def test_a_restart_leaves_a_gap_that_counts_nowhere(file: Path) -> None:
    first, book = opened(file)
    see(book, (0, {17: "failing"}), (30, {17: "failing"}))
    book.leave()
    first.close()
    _, book = opened(file)
    see(book, (100, {17: "failing"}), (110, {}))
    assert spent(file, 17, Status.FAILING, 120) == 40
    assert [
        one.at
        for one in reader(file).turns("demo", BEGIN + SECOND, BEGIN + 200 * SECOND)
    ] == [BEGIN + 110 * SECOND]


def test_what_nobody_saw_for_long_counts_nowhere(file: Path) -> None:
    """The machine slept, or its clock jumped ahead."""
    _, book = opened(file)
    see(book, (0, {}), (60, {}), (7200, {}), (7260, {}))
    assert spent(file, 17, Status.OK, 9000) == 120
    column = (
        reader(file)
        .series("demo", Ask(BEGIN, BEGIN + 9000 * SECOND, 15))
        .columns["redis", "ready"]
    )
    assert len(column.at) == 5 + 4


def test_a_connection_that_is_configured_no_more_is_in_no_status(file: Path) -> None:
    _, book = opened(file)
    see(book, (0, {}))
    less = picture(BEGIN + 30 * SECOND)
    less["connections"] = less["connections"][:1]
    book.keep([entry(less), entry(less | {"at": picture(BEGIN + 60 * SECOND)["at"]})])
    assert spent(file, 17, Status.OK, 120) == 30
    assert spent(file, 1, Status.OK, 120) == 60


def test_pictures_are_those_that_turned_and_one_a_minute(file: Path) -> None:
    _, book = opened(file)
    for second in range(0, 180, 10):
        shown = picture(BEGIN + second * SECOND, request_rate=second / 3)
        book.keep([entry(shown, turned=second == 70)])
    found = reader(file).moments("demo", BEGIN, BEGIN + 180 * SECOND)
    assert [((at - BEGIN) / SECOND, turned) for at, turned in found] == [
        (0, False), (60, False), (70, True), (120, False),
    ]  # fmt: skip
    whole = reader(file).picture("demo", BEGIN + 100 * SECOND)
    assert whole == picture(BEGIN + 70 * SECOND, request_rate=70 / 3)
    many = reader(file).pictures(
        "demo", BEGIN, BEGIN + 180 * SECOND, timedelta(minutes=2), 9
    )
    assert [one["at"][14:19] for one in many] == ["00:00", "01:10", "02:00"]
    assert reader(file).first("demo") == BEGIN
    assert reader(file).picture("demo", BEGIN - SECOND) is None


def test_deployments_share_a_file_and_nothing_else(file: Path) -> None:
    _, book = opened(file)
    book.keep(
        [
            entry(picture(BEGIN, {17: "failing"})),
            entry(picture(BEGIN), deployment="other"),
        ]
    )
    assert reader(file).turns("other", BEGIN, BEGIN)[1].status is Status.OK
    assert reader(file).first("nobody") is None
    assert reader(file).series("nobody", Ask(BEGIN, BEGIN, 60)).since is None
    assert list(reader(file).pictures("nobody", BEGIN, BEGIN, SECOND, 1)) == []
    with pytest.raises(ValueError, match="7 s"):
        reader(file).series("demo", Ask(BEGIN, BEGIN, 7))


def test_a_clock_that_is_set_back_a_little_lets_go_of_what_it_made_the_future(
    file: Path,
) -> None:
    _, book = opened(file)
    see(book, (0, {}), (250, {}), (500, {}), (600, {17: "failing"}))
    back = pytest.raises(SetBack, see, book, (550, {})).value
    assert book.cut(back)
    see(book, (550, {}), (720, {}))
    assert spent(file, 17, Status.OK, 3600) == 720
    assert spent(file, 17, Status.FAILING, 3600) == 0


def test_one_that_is_set_back_far_lets_go_of_nothing(file: Path) -> None:
    _, book = opened(file)
    see(book, *((at, {}) for at in range(0, 8000, 60)))
    back = pytest.raises(SetBack, see, book, (10, {})).value
    assert not book.cut(back)
    assert spent(file, 17, Status.OK, 9000) == 7980


def test_a_jump_ahead_and_back_costs_what_was_seen_meanwhile(file: Path) -> None:
    day = 86400
    _, book = opened(file)
    see(book, *((at, {}) for at in range(0, 8000, 60)))
    see(book, (day, {}), (day + 60, {}))
    back = pytest.raises(SetBack, see, book, (8000, {})).value
    assert (back.at, back.until) == (
        millis(BEGIN) + 8_000_000,
        millis(BEGIN) + (day + 60) * 1000,
    )
    assert book.cut(back)
    see(book, (8000, {}), (8010, {}))
    assert spent(file, 17, Status.OK, 2 * day) == 7980 + 10


def test_moments_that_come_a_little_out_of_order_are_taken_in_order(file: Path) -> None:
    _, book = opened(file)
    see(book, (0, {}), (10, {}), (9, {17: "failing"}), (20, {}))
    assert spent(file, 17, Status.FAILING, 60) == 10


def test_a_file_of_ours_is_opened_again_and_goes_on(file: Path) -> None:
    for at in (0, 10, 20):
        held = File(file)
        held.open()
        book = Book(held)
        see(book, (at, {}))
        book.leave()
        held.close()
    assert len(reader(file).turns("demo", BEGIN, BEGIN + 60 * SECOND)) == 3
