from __future__ import annotations

from contextlib import aclosing

import pytest

from app.bus.base import Bus
from app.bus.frames import event_id
from app.bus.memory import KEPT_BYTES, MemoryBus
from tests.bus.contract import BusContract, Listener, picture


class TestMemoryBus(BusContract):
    def make(self, **options: float) -> Bus:
        return MemoryBus("epoch", **options)

    @pytest.mark.parametrize(
        ("known", "heard"),
        [
            pytest.param(9, ["delta"], id="little"),
            pytest.param(1, ["snapshot"], id="more-than-is-kept"),
        ],
    )
    def test_who_comes_back_is_told_what_was_missed_unless_it_is_much(
        self, known: int, heard: list[str]
    ) -> None:
        async def test(bus: Bus) -> None:
            bus.publish(picture(1), None)
            for version in range(2, 11):
                delta = picture(version, text="x" * (KEPT_BYTES // 4))
                bus.publish(picture(version), delta)
            last = event_id("epoch", known)
            async with aclosing(bus.subscribe("demo", last)) as stream:
                listener = Listener(stream)
                await listener.hear(1)
                assert [name for name, _, _ in listener.heard] == heard
                assert listener.versions[-1] == 10

        self.run(test)
