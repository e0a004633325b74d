from __future__ import annotations

from app.bus.base import Bus
from app.bus.memory import MemoryBus
from tests.bus.contract import BusContract


class TestMemoryBus(BusContract):
    def make(self, **options: float) -> Bus:
        return MemoryBus("epoch", **options)
