"""What the simulator's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator.loopback import Loopback
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
