"""Where nothing was kept, and where it only seems so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.gaps import COARSE, FINE, FINE_FOR, gaps
from app.domain.timeline_lanes import Span

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def every_minute(begin: datetime, end: datetime) -> list[datetime]:
    minutes = int((end - begin) / timedelta(minutes=1))
    return [begin + timedelta(minutes=i) for i in range(minutes + 1)]


def test_a_picture_a_minute_leaves_no_gap():
    begin = ago(hours=2)
    assert gaps(every_minute(begin, NOW), begin, NOW, NOW) == ()


def test_an_hour_without_a_picture_is_a_gap():
    down, up = ago(hours=3), ago(hours=2)
    kept = [*every_minute(ago(hours=4), down), *every_minute(up, NOW)]
    assert gaps(kept, ago(hours=4), NOW, NOW) == (Span(down, up),)


def test_before_the_first_and_after_the_last_nothing_was_kept():
    kept = every_minute(ago(hours=3), ago(hours=2))
    assert gaps(kept, ago(hours=4), NOW, NOW) == (
        Span(ago(hours=4), ago(hours=3)),
        Span(ago(hours=2), NOW),
    )
    assert gaps([], ago(hours=1), NOW, NOW) == (Span(ago(hours=1), NOW),)


def test_of_what_is_old_a_picture_in_ten_minutes_is_all_that_is_kept():
    begin, end = ago(days=30), ago(days=29)
    kept = [begin + timedelta(minutes=10 * i) for i in range(145)]
    assert gaps(kept, begin, end, NOW) == ()
    assert gaps([*kept[:50], *kept[60:]], begin, end, NOW) == (
        Span(kept[49], kept[60]),
    )


@given(st.lists(st.integers(0, int(timedelta(days=30).total_seconds())), max_size=30))
def test_a_gap_is_longer_than_usual_and_holds_no_picture(seconds):
    kept = sorted(ago(seconds=s) for s in seconds)
    found = gaps(kept, ago(days=30), NOW, NOW)
    for begin, end in found:
        assert end - begin > (FINE if NOW - begin <= FINE_FOR else COARSE)
        assert not [at for at in kept if begin < at < end]
