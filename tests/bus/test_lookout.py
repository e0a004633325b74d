"""Whether anybody looks at a deployment, as web replicas see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from app.bus.redis_line import BusAddress
from app.bus.redis_watch import QUIET_AFTER, Lookout, last_looked_at

THEN = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Looking:
    def __init__(self) -> None:
        self.now = THEN
        self.lookout = Lookout(BusAddress("redis://redis.example"), lambda: self.now)
        self.told = 0

    def hear(self, after: timedelta = SECOND, leads: bool = True, **state) -> None:
        self.now += after
        self.told += 1
        said = {"at": self.now.isoformat(), "told": self.told, **state}
        self.lookout.see(b"1" if leads else None, orjson.dumps(said))


@pytest.fixture
def looking() -> Looking:
    made = Looking()
    made.hear()
    return made


def test_who_leads_and_has_a_picture_looks(looking):
    assert looking.lookout.unseen("demo") is None
    assert not looking.lookout.quiet("demo")
    assert looking.lookout.seen_at("demo") == looking.now


def test_it_is_watched_until_now_while_somebody_looks(looking):
    """Between two words of the leader's too: nobody would call that unwatched."""
    heard = looking.now
    looking.now += SECOND / 2
    assert looking.lookout.watched_until("demo") == looking.now
    looking.hear(leads=False)
    assert looking.lookout.watched_until("demo") < looking.now
    assert looking.lookout.watched_until("demo") >= heard


def test_who_leads_and_waits_for_its_sources_does_not_look_yet(looking):
    """The age of what is shown grows on, as if nobody led."""
    seen = looking.now
    waits = {"looked": {"demo": seen.isoformat()}, "unheard": {"demo": ["consul"]}}
    looking.hear(QUIET_AFTER, **waits)
    assert looking.lookout.up
    assert looking.lookout.seen_at("demo") == seen
    assert not looking.lookout.quiet("demo")
    looking.hear(**waits)
    assert looking.lookout.quiet("demo")
    assert looking.lookout.unseen("demo") == (
        "Redis at redis.example:6379: the collector that leads waits for consul"
    )
    assert not looking.lookout.quiet("other")
    looking.hear()
    assert not looking.lookout.quiet("demo")


def test_who_died_while_it_waited_never_looked(looking):
    seen = looking.now
    waits = {"looked": {"demo": seen.isoformat()}, "unheard": {"demo": ["consul"]}}
    looking.hear(**waits)
    looking.hear(leads=False, **waits)
    assert looking.lookout.seen_at("demo") == seen
    assert looking.lookout.seen_at("other") > seen
    assert "no collector leads" in looking.lookout.unseen("demo")


def test_whoever_takes_over_knows_until_when_it_was_looked():
    picture = {"deployment": "demo", "at": THEN.isoformat()}
    earlier = (THEN - SECOND).isoformat()
    said = {"at": (THEN + SECOND).isoformat()}
    assert last_looked_at({}, picture) == THEN
    assert last_looked_at(said, picture) == THEN + SECOND
    waited = said | {"looked": {"demo": earlier}}
    assert last_looked_at(waited, picture) == THEN - SECOND
