"""Whatever happens to Redis or to who leads: readers keep the last picture, say so, and
are right again by themselves; nobody who was deposed is heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis

from app.bus.base import NoAnswer
from app.bus.redis_errands import Answering, Errands
from app.bus.redis_follow import load
from app.bus.redis_line import LEADER, PREFIX, connect
from benchmarks.stage import wait_for
from tests.bus.contract import picture
from tests.bus.through_redis import Collector, Reader
from tests.real.redis_servers import RedisServer

pytestmark = pytest.mark.real


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Callable[..., RedisServer]]:
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(RedisServer(tmp_path, *options))


@pytest.fixture
def closing() -> Iterator[Callable]:
    with ExitStack() as stack:

        def kept(one):
            stack.callback(one.close)
            return one

        yield kept


def publish(collector: Collector, *versions: int, **more: object) -> None:
    for version in versions:
        whole = picture(version, **more)
        collector.publisher.publish(whole, None if version == 1 else whole)


def caught_up(reader: Reader, version: int) -> None:
    reader.wait(lambda one: one["version"] == version)


def settled(collector: Collector) -> None:
    wait_for("the publisher", lambda: not collector.publisher.waiting, 30)


def test_one_leads_and_another_does_once_it_leaves(begun, closing):
    server = begun()
    one, two = (closing(Collector(server.url)) for _ in range(2))
    assert one.lead() == 0
    assert two.lead() is None
    assert one.lease.holds() and not two.lease.holds()
    first = one.lease.term
    one.lease.release()
    assert two.lead() == first
    assert two.lease.term > first


def test_a_term_is_over_by_its_own_clock_before_anybody_else_has_one(begun, closing):
    server, now = begun(), [0.0]
    one = closing(Collector(server.url, clock=lambda: now[0]))
    one.lead()
    now[0] = 4.4
    assert one.lease.holds()
    now[0] = 4.6
    assert not one.lease.holds() and one.lease.fence() is None
    assert one.say()
    assert one.lease.holds()


def test_terms_grow_though_redis_forgets_everything(begun, closing):
    server = begun()
    one, two = (closing(Collector(server.url)) for _ in range(2))
    one.lead()
    with server.client() as client:
        client.flushall()
    assert not one.say()
    assert two.lead() == 0
    assert two.lease.term


def test_what_a_deposed_leader_publishes_is_refused(begun, closing):
    """It still believes to lead: its clock stands still."""
    server = begun()
    old = closing(Collector(server.url, clock=lambda: 0.0))
    reader = closing(Reader(server.url, "demo"))
    old.lead()
    publish(old, 1, 2)
    caught_up(reader, 2)
    with server.client() as client:
        client.delete(LEADER)
    new = closing(Collector(server.url))
    new.lead()
    known = load(new.client, "demo")
    new.publisher.begin_from("demo", known.id, known.picture["version"])
    assert old.lease.holds()
    publish(old, 3)
    publish(new, 3, status="new")
    reader.wait(lambda one: one.get("status") == "new")
    wait_for("a refusal", lambda: "DEPOSED" in str(old.publisher.trouble), 30)
    assert load(new.client, "demo").picture["status"] == "new"
    assert reader.bus.latest("demo").snapshot["version"] == 3


def test_a_change_of_leader_costs_no_viewer_a_whole_picture(begun, closing):
    server = begun()
    old, new = (closing(Collector(server.url)) for _ in range(2))
    reader = closing(Reader(server.url, "demo"))
    old.lead()
    publish(old, 1, 2, 3)
    caught_up(reader, 3)
    settled(old)
    before = reader.follower.resyncs
    old.lease.release()
    new.lead()
    known = load(new.client, "demo")
    assert known.picture["version"] == 3
    new.publisher.begin_from("demo", known.id, 3)
    publish(new, 4, 5)
    caught_up(reader, 5)
    assert reader.follower.resyncs == before


def test_a_restart_that_loses_all_is_made_good_by_the_leader(begun, closing):
    server = begun()
    collector, reader = (
        closing(Collector(server.url)),
        closing(Reader(server.url, "demo")),
    )
    collector.lead()
    publish(collector, 1, 2)
    caught_up(reader, 2)
    server.kill()
    publish(collector, 3, 4)
    wait_for("trouble", lambda: not reader.follower.lookout.up, 30)
    assert reader.bus.latest("demo").snapshot["version"] == 2
    server.start()
    assert not collector.say()
    assert collector.lead() == 0
    collector.publisher.again()
    caught_up(reader, 4)
    late = closing(Reader(server.url, "demo"))
    caught_up(late, 4)


def test_a_flush_is_made_good_though_nothing_is_news(begun, closing):
    server = begun()
    collector = closing(Collector(server.url))
    collector.lead()
    publish(collector, 1, 2)
    settled(collector)
    with server.client() as client:
        client.flushall()
    assert not collector.say()
    collector.lead()
    collector.publisher.again()
    caught_up(closing(Reader(server.url, "demo")), 2)


def test_a_full_redis_deposes_nobody_and_says_so(begun, closing):
    server = begun("--maxmemory-policy", "noeviction")
    collector = closing(Collector(server.url))
    reader = closing(Reader(server.url, "demo"))
    collector.lead()
    publish(collector, 1)
    caught_up(reader, 1)
    with server.client() as client:
        client.config_set("maxmemory", 1)
        with pytest.raises(redis.ResponseError, match="maxmemory"):
            client.set("other", b"x")
        publish(collector, 2, 3)
        wait_for("a trouble", lambda: collector.publisher.trouble is not None, 30)
        assert "maxmemory" in str(collector.publisher.trouble)
        assert "it is full" in collector.publisher.trouble
        assert collector.say(trouble="it is full")
        wait_for("it is told", lambda: reader.follower.lookout.why == "it is full", 30)
        assert reader.bus.latest("demo").snapshot["version"] == 1
        client.config_set("maxmemory", 0)
    caught_up(reader, 3)


def test_a_reader_that_was_away_goes_on_or_begins_anew(begun, closing):
    server = begun()
    collector, reader = (
        closing(Collector(server.url)),
        closing(Reader(server.url, "demo")),
    )
    collector.lead()
    publish(collector, 1)
    caught_up(reader, 1)
    server.freeze(True)
    publish(collector, *range(2, 20))
    server.freeze(False)
    caught_up(reader, 19)
    reader.follower.stop()
    reader.follower.join(10)
    publish(collector, *range(20, 600))
    settled(collector)
    other = closing(Reader(server.url, "demo"))
    caught_up(other, 599)


def test_what_could_not_be_sent_for_long_becomes_one_picture(begun, closing):
    server = begun()
    collector, reader = (
        closing(Collector(server.url)),
        closing(Reader(server.url, "demo")),
    )
    collector.lead()
    publish(collector, 1)
    caught_up(reader, 1)
    server.kill()
    publish(collector, *range(2, 900))
    assert collector.publisher.waiting <= 128
    server.start()
    collector.say()
    collector.lead()
    caught_up(reader, 899)


def test_all_keys_are_below_one_name(begun, closing):
    server = begun()
    collector = closing(Collector(server.url))
    collector.lead()
    collector.say()
    publish(collector, 1, 2)
    settled(collector)
    with server.client() as client:
        keys = {key.decode() for key in client.keys()}
    assert keys and all(key.startswith(PREFIX) for key in keys)


def test_what_a_deposed_leader_answers_reaches_nobody(begun, closing):
    """It took the question while it led, and was frozen over it."""
    server = begun()
    old, new = (closing(Collector(server.url, lives_s=600)) for _ in range(2))
    old.lead()
    asked = []

    def slowly(question: bytes) -> bytes:
        asked.append(question)
        old.lease.release()
        new.lead()
        return b"done"

    client = connect(old.address)
    answering = Answering(client, old.lease.fence, slowly)
    answering.start()
    with server.client() as admin:
        wait_for("it listens", lambda: admin.info("clients")["blocked_clients"], 30)
    with pytest.raises(NoAnswer):
        asyncio.run(Errands(old.address, patience_s=0.5).ask(b"note this"))
    assert asked == [b"note this"]
    answering.stop()
    answering.join(30)
    client.close()
