"""When a change was sent is when the first watcher was told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.simulator.sent import Sent

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def test_the_first_word_of_each_change_counts() -> None:
    seconds = iter(range(100))
    sent = Sent(lambda: NOON + timedelta(seconds=next(seconds)))
    sent.expect()
    assert sent.at == NOON + timedelta(seconds=1), "nobody watches"
    sent.note()
    sent.note()
    assert sent.at == NOON + timedelta(seconds=2)
    sent.expect()
    assert sent.at == NOON + timedelta(seconds=3)
