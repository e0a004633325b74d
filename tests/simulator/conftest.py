"""What the simulator's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator.loopback import Loopback


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running
