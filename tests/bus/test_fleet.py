"""The fleet is one more channel of the bus: folded, numbered, resumed and bounded."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime

import orjson
import pytest

from app.bus.fleet import FLEET, Fleet
from app.bus.memory import MemoryBus
from app.domain import fleet as small
from app.domain.fleet import Member
from tests.bus.contract import Listener

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
NAMES = ("east", "west")


def snapshot(name: str, version: int, status: str = "ok", heard: str = "10:00:00"):
    source = {
        "name": "kubernetes",
        "status": "ok",
        "last_success": f"2026-11-24T{heard}Z",
        "error": None,
    }
    return {
        "deployment": name,
        "version": version,
        "at": "t",
        "status": status,
        "connections": [],
        "nodes": [],
        "sources": [source],
        "suspects": [],
        "incidents": [],
    }


class Many:
    """Two deployments whose snapshots a test publishes."""

    def __init__(self, gather_s: float = 0.01, names: tuple[str, ...] = NAMES) -> None:
        self.bus = MemoryBus("epoch", heartbeat_s=0.1)
        self.waits = "for all"
        members = [(Member(n, n.title()), lambda: self.waits) for n in names]
        self.fleet = Fleet(members, self.bus, lambda: NOW, gather_s)
        self.versions = dict.fromkeys(names, 0)

    def publish(self, name: str, status: str = "ok", **more: str) -> None:
        self.versions[name] += 1
        version = self.versions[name]
        told = None if version == 1 else {"version": version}
        self.bus.publish(snapshot(name, version, status, **more), told)

    def statuses(self) -> dict[str, str]:
        return statuses(self.fleet.latest().snapshot)


def statuses(whole) -> dict[str, str]:
    return {card["id"]: card["status"] for card in whole["deployments"]}


def run(test: Callable[[Many], Awaitable[None]], **options: float) -> None:
    asyncio.run(test(Many(**options)))


def test_all_are_there_from_the_beginning_in_the_order_given() -> None:
    many = Many()
    whole = many.fleet.latest().snapshot
    assert list(statuses(whole).items()) == [("east", "no_data"), ("west", "no_data")]
    assert whole["deployments"][0]["waiting"] == "for all"
    assert (whole["deployment"], whole["version"]) == (FLEET, 1)


def test_what_is_waited_for_is_told_anew_although_nothing_was_published() -> None:
    many = Many()
    many.fleet.latest()
    many.waits = "for one"
    assert many.fleet.latest().snapshot["deployments"][1]["waiting"] == "for one"


def test_asking_twice_while_nothing_happens_gives_the_same_bytes() -> None:
    many = Many()
    many.publish("east")
    many.publish("west")
    assert many.fleet.latest().body is many.fleet.latest().body


def test_a_viewer_hears_all_and_then_what_changed() -> None:
    async def test(many: Many) -> None:
        many.publish("east")
        async with aclosing(many.fleet.subscribe(None)) as stream:
            listener = Listener(stream)
            ((name, event_id, data),) = await listener.hear(1)
            assert (name, event_id) == ("snapshot", "epoch-1")
            assert statuses(data) == {"east": "ok", "west": "no_data"}
            await asyncio.to_thread(many.publish, "west", "failing")
            _, (name, _, told) = await listener.hear(2)
            assert name == "delta"
            assert [card["id"] for card in told["deployments"]] == ["west"]
            assert statuses(small.apply(data, told)) == {
                "east": "ok",
                "west": "failing",
            }

    run(test)


def test_news_of_several_that_comes_together_is_told_together() -> None:
    async def test(many: Many) -> None:
        async with aclosing(many.fleet.subscribe(None)) as stream:
            listener = Listener(stream)
            await listener.hear(1)
            for name in NAMES:
                many.publish(name, "degraded")
            _, (_, _, told) = await listener.hear(2)
            assert {card["id"] for card in told["deployments"]} == {*NAMES}

    run(test, gather_s=0.05)


def test_that_a_source_spoke_again_a_second_later_is_no_news() -> None:
    many = Many()
    many.publish("east")
    before = many.fleet.latest()
    many.publish("east", heard="10:00:01")
    assert many.fleet.latest() is before
    many.publish("east", heard="10:00:06")
    assert many.fleet.latest().snapshot["version"] == before.snapshot["version"] + 1


def test_a_viewer_resumes_where_it_left_off() -> None:
    async def test(many: Many) -> None:
        many.publish("east")
        async with aclosing(many.fleet.subscribe(None)) as stream:
            ((_, last_id, data),) = await Listener(stream).hear(1)
        many.publish("east", "failing")  # while nobody watches
        many.publish("west", "ok")
        async with aclosing(many.fleet.subscribe(last_id)) as stream:
            ((name, _, told),) = await Listener(stream).hear(1)
            assert name == "delta"
            assert statuses(small.apply(data, told)) == {
                "east": "failing",
                "west": "ok",
            }

    run(test)


def test_while_nobody_watches_nothing_is_folded() -> None:
    async def test(many: Many) -> None:
        async with aclosing(many.fleet.subscribe(None)) as stream:
            await Listener(stream).hear(1)
        version = many.bus.latest(FLEET).snapshot["version"]
        for status in ("failing", "ok", "degraded"):
            many.publish("east", status)
            await asyncio.sleep(0.03)
        assert many.bus.latest(FLEET).snapshot["version"] == version
        assert many.statuses()["east"] == "degraded"

    run(test)


def test_a_viewer_that_comes_after_the_others_left_is_told_of_changes_again() -> None:
    async def test(many: Many) -> None:
        for status in ("ok", "failing", "degraded"):
            async with aclosing(many.fleet.subscribe(None)) as stream:
                listener = Listener(stream)
                await listener.hear(1)
                await asyncio.to_thread(many.publish, "east", status)
                _, (_, _, told) = await listener.hear(2)
                assert told["deployments"][0]["status"] == status
            many.publish("west", status)
            await asyncio.sleep(0.03)

    run(test)


def test_a_slow_viewer_is_given_a_new_snapshot() -> None:
    async def test(many: Many) -> None:
        async with (
            aclosing(many.fleet.subscribe(None)) as slow_stream,
            aclosing(many.fleet.subscribe(None)) as quick_stream,
        ):
            slow, quick = Listener(slow_stream), Listener(quick_stream)
            await slow.hear(1)
            await quick.hear(1)
            for count in range(100):
                status = "failing" if count % 2 else "ok"
                many.publish("east", status)
                await quick.hear(count + 2)
            await slow.until(lambda: slow.versions[-1] == quick.versions[-1])
            assert slow.heard[1][0] == "snapshot"
            assert len(slow.heard) < 100

    run(test, gather_s=0.0)


def test_a_quiet_stream_gives_signs_of_life() -> None:
    async def test(many: Many) -> None:
        async with aclosing(many.fleet.subscribe(None)) as stream:
            listener = Listener(stream)
            await listener.until(lambda: len(listener.chunks) == 3)
            assert listener.chunks[2].startswith(b":")

    run(test)


def test_publishers_in_many_threads_lose_nothing() -> None:
    names = tuple(f"d{n}" for n in range(20))

    async def test(many: Many) -> None:
        async with aclosing(many.fleet.subscribe(None)) as stream:
            listener = Listener(stream)
            ((_, _, shown),) = await listener.hear(1)
            threads = [threading.Thread(target=publish, args=(many, n)) for n in names]
            for thread in threads:
                thread.start()

            def told() -> dict[str, str]:
                whole = shown
                for _, _, news in listener.heard[1:]:
                    whole = small.apply(whole, news)
                return statuses(whole)

            await listener.until(lambda: set(told().values()) == {"failing"})
            for thread in threads:
                thread.join()

    def publish(many: Many, name: str) -> None:
        for status in (*("ok", "degraded") * 10, "failing"):
            many.publish(name, status)

    asyncio.run(test(Many(gather_s=0.001, names=names)))


def test_publishing_after_the_loop_has_ended_harms_nobody() -> None:
    many = Many()

    async def watch() -> None:
        async with aclosing(many.fleet.subscribe(None)) as stream:
            await anext(stream)
            many.publish("west")  # its news will never be gathered

    asyncio.run(watch())
    many.publish("east", "failing")
    assert many.statuses() == {"east": "failing", "west": "ok"}
    asyncio.run(watch())


def test_a_bus_that_forgets_is_a_bug_that_is_told() -> None:
    class Forgetful(MemoryBus):
        def latest(self, deployment: str) -> None:
            return None

    fleet = Fleet([], Forgetful("epoch"), lambda: NOW)
    with pytest.raises(LookupError):
        fleet.latest()


def test_one_serialisation_is_for_everybody() -> None:
    many = Many()
    many.publish("east")
    latest = many.fleet.latest()
    assert orjson.loads(latest.body) == latest.snapshot
