"""The bus over a real Redis keeps the contract of the one in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.bus.base import Bus
from tests.bus.contract import BusContract
from tests.bus.through_redis import ThroughRedis
from tests.real.redis_servers import RedisServer

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("bus")) as one:
        yield one


class TestRedisBus(BusContract):
    @pytest.fixture(autouse=True)
    def _server(self, server: RedisServer) -> Iterator[None]:
        self.url, self.made = server.url, []
        yield
        for one in self.made:
            one.end()

    def make(self, **options: float) -> Bus:
        self.made.append(ThroughRedis(self.url, **options))
        return self.made[-1]
