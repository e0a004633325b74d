"""What the simulator's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.living import Living
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


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Living]:
    with Living(tmp_path) as running:
        yield running
