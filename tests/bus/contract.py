"""What every bus must do. A test class inherits this and says how one is made:

class TestMemoryBus(BusContract):
    def make(self, **options) -> Bus: ...
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing

import orjson
import pytest

from app.bus.base import Bus


def picture(version: int, deployment: str = "demo", **more: object) -> dict:
    """Empty, but for what every picture has."""
    parts: dict = {"connections": [], "nodes": [], "sources": [], "notes": []}
    return {"deployment": deployment, "version": version, "at": "t", **parts, **more}


def events(chunk: bytes) -> list[tuple[str, str, dict]]:
    """Name, id and data of each whole event in a chunk; comments are left out."""
    found = []
    for block in chunk.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in lines:
            found.append((lines["event"], lines["id"], orjson.loads(lines["data"])))
    return found


class Listener:
    """Reads a stream as a viewer would, keeping what it was told."""

    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self.heard: list[tuple[str, str, dict]] = []
        self.chunks: list[bytes] = []
        self._stream = stream

    async def until(self, enough: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not enough():
                chunk = await anext(self._stream)
                self.chunks.append(chunk)
                self.heard += events(chunk)

    async def hear(self, count: int) -> list[tuple[str, str, dict]]:
        await self.until(lambda: len(self.heard) >= count)
        return self.heard

    @property
    def versions(self) -> list[int]:
        return [data["version"] for _name, _id, data in self.heard]


def fill(bus: Bus, versions: range) -> None:
    for version in versions:
        bus.publish(
            picture(version, body="x" * 10), None if version == 1 else picture(version)
        )


class BusContract:
    def make(self, **options: object) -> Bus:
        raise NotImplementedError

    def run(self, test: Callable[[Bus], Awaitable[None]], **options: object) -> None:
        bus = self.make(**options)
        asyncio.run(test(bus))

    def test_the_latest_snapshot_is_known_at_once_and_from_any_thread(self) -> None:
        bus = self.make()
        assert bus.latest("demo") is None
        thread = threading.Thread(target=fill, args=(bus, range(1, 4)))
        thread.start()
        thread.join()
        latest = bus.latest("demo")
        assert latest is not None
        assert latest.snapshot["version"] == 3
        assert orjson.loads(latest.body) == latest.snapshot

    def test_a_viewer_hears_the_snapshot_and_then_every_delta_in_order(self) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 3))
            async with aclosing(bus.subscribe("demo", None)) as stream:
                listener = Listener(stream)
                await listener.hear(1)
                await asyncio.to_thread(fill, bus, range(3, 40))
                await listener.until(lambda: listener.versions[-1] == 39)
                assert listener.versions == [2, *range(3, 40)]
                assert [name for name, _, _ in listener.heard] == ["snapshot"] + [
                    "delta"
                ] * 37

        self.run(test)

    def test_a_stream_begins_by_telling_how_soon_to_come_back(self) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 2))
            async with aclosing(bus.subscribe("demo", None)) as stream:
                assert (await anext(stream)).startswith(b"retry: ")

        self.run(test)

    def test_a_viewer_that_came_before_the_first_snapshot_hears_it(self) -> None:
        async def test(bus: Bus) -> None:
            async with aclosing(bus.subscribe("demo", None)) as stream:
                listener = Listener(stream)
                await listener.until(lambda: bool(listener.chunks))
                await asyncio.to_thread(fill, bus, range(1, 3))
                heard = await listener.hear(2)
                assert [name for name, _, _ in heard] == ["snapshot", "delta"]

        self.run(test)

    def test_a_viewer_resumes_where_it_left_off(self) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 5))
            async with aclosing(bus.subscribe("demo", None)) as stream:
                (_, last_id, _), *_ = await Listener(stream).hear(1)
            fill(bus, range(5, 9))
            async with aclosing(bus.subscribe("demo", last_id)) as stream:
                listener = Listener(stream)
                await listener.hear(4)
                assert listener.versions == [5, 6, 7, 8]
                assert {name for name, _, _ in listener.heard} == {"delta"}

        self.run(test)

    def test_a_viewer_that_missed_nothing_is_told_nothing(self) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 5))
            last_id = bus.latest("demo").event_id
            async with aclosing(bus.subscribe("demo", last_id)) as stream:
                listener = Listener(stream)
                await listener.until(lambda: bool(listener.chunks))
                assert listener.heard == []
                await asyncio.to_thread(fill, bus, range(5, 6))
                await listener.hear(1)
                assert listener.versions == [5]

        self.run(test)

    @pytest.mark.parametrize(
        "last_id",
        [
            "",
            "7",
            "another-4",
            "-4",
            "x-",
            "a-b-c",
            "٣-٣",
            "another-99999999999999999999",
        ],
    )
    def test_an_id_that_is_not_ours_gets_a_snapshot(self, last_id: str) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 5))
            async with aclosing(bus.subscribe("demo", last_id)) as stream:
                ((name, _, data),) = await Listener(stream).hear(1)
                assert (name, data["version"]) == ("snapshot", 4)

        self.run(test)

    def test_an_id_of_the_future_gets_a_snapshot(self) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 5))
            last_id = bus.latest("demo").event_id[:-1] + "9"
            async with aclosing(bus.subscribe("demo", last_id)) as stream:
                ((name, _, _),) = await Listener(stream).hear(1)
                assert name == "snapshot"

        self.run(test)

    def test_an_id_too_old_to_resume_from_gets_a_snapshot(self) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 2))
            first_id = bus.latest("demo").event_id
            fill(bus, range(2, 2000))
            async with aclosing(bus.subscribe("demo", first_id)) as stream:
                ((name, _, data),) = await Listener(stream).hear(1)
                assert (name, data["version"]) == ("snapshot", 1999)

        self.run(test)

    def test_a_slow_viewer_is_given_a_new_snapshot_and_delays_nobody(self) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 2))
            async with (
                aclosing(bus.subscribe("demo", None)) as slow_stream,
                aclosing(bus.subscribe("demo", None)) as quick_stream,
            ):
                slow, quick = Listener(slow_stream), Listener(quick_stream)
                await slow.hear(1)
                await quick.hear(1)
                for start in range(2, 402, 20):
                    await asyncio.to_thread(fill, bus, range(start, start + 20))
                    await quick.until(lambda: quick.versions[-1] == start + 19)  # noqa: B023
                assert quick.versions == list(range(1, 402))
                await slow.until(lambda: slow.versions[-1] == 401)
                assert slow.heard[1][0] == "snapshot"
                assert len(slow.heard) < 10

        self.run(test)

    def test_a_quiet_stream_gives_signs_of_life(self) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 2))
            async with aclosing(bus.subscribe("demo", None)) as stream:
                listener = Listener(stream)
                await listener.until(lambda: len(listener.chunks) == 3)
                assert listener.chunks[2].startswith(b":")
                assert len(listener.heard) == 1

        self.run(test, heartbeat_s=0.05)

    def test_deployments_do_not_hear_each_other(self) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 3))
            bus.publish(picture(1, "other"), None)
            async with aclosing(bus.subscribe("other", None)) as stream:
                listener = Listener(stream)
                await listener.hear(1)
                fill(bus, range(3, 5))
                bus.publish(picture(2, "other"), picture(2, "other"))
                await listener.hear(2)
                assert {data["deployment"] for _, _, data in listener.heard} == {
                    "other"
                }

        self.run(test)

    def test_viewers_are_counted_while_they_watch(self) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 2))
            async with (
                aclosing(bus.subscribe("demo", None)) as one,
                aclosing(bus.subscribe("demo", None)) as two,
            ):
                await anext(one)
                await anext(two)
                assert bus.viewers("demo") == 2
            assert bus.viewers("demo") == 0
            assert bus.viewers("other") == 0

        self.run(test)

    def test_closing_ends_every_stream_at_once(self) -> None:
        async def test(bus: Bus) -> None:
            fill(bus, range(1, 2))

            async def watch() -> None:
                async for _ in bus.subscribe("demo", None):
                    pass

            watching = [asyncio.create_task(watch()) for _ in range(20)]
            while bus.viewers("demo") < 20:
                await asyncio.sleep(0)
            bus.close()
            async with asyncio.timeout(1):
                await asyncio.gather(*watching)
            assert bus.viewers("demo") == 0

        self.run(test)

    def test_publishing_after_the_loop_has_ended_harms_nobody(self) -> None:
        bus = self.make()

        async def watch() -> None:
            async with aclosing(bus.subscribe("demo", None)) as stream:
                await anext(stream)

        fill(bus, range(1, 2))
        asyncio.run(watch())
        fill(bus, range(2, 4))
        assert bus.latest("demo").snapshot["version"] == 3

    def test_who_listens_is_told_of_every_publication_once_it_is_the_latest(
        self,
    ) -> None:
        bus, heard = self.make(), []
        bus.listen(lambda name: heard.append((name, bus.latest(name).snapshot)))
        bus.publish(picture(1), None)
        bus.publish(picture(1, "other"), None)
        bus.publish(picture(2), picture(2))
        assert [(name, shown["version"]) for name, shown in heard] == [
            ("demo", 1),
            ("other", 1),
            ("demo", 2),
        ]
