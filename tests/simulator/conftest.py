"""What the simulator's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.simulator.run_stores import StoreFront
from tests.real.postgresql_servers import Server as RealPostgresql
from tests.real.postgresql_servers import grant
from tests.simulator.living import Living
from tests.simulator.loopback import Loopback
from tests.simulator.postgresql_alone import POD, stores
from tests.simulator.simulated_api import Server


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


@pytest.fixture
def api(loopback: Loopback) -> Iterator[Server]:
    made = Server(loopback)
    yield made
    made.session.close()


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Living]:
    with Living(tmp_path) as running:
        yield running


@pytest.fixture
def simulated_postgresql(loopback: Loopback) -> int:
    """Its port, and likewise a real one's."""
    return loopback.opened(StoreFront.postgresql(stores(), POD))


@pytest.fixture(scope="module")
def real_postgresql() -> Iterator[int]:
    with RealPostgresql() as server:
        with server.admin() as admin:
            grant(admin)
        yield server.port
