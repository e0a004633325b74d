"""The two Consuls that every contract test here runs against, and a PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.records.address import Address
from tests.real.consul_servers import RealConsul, SimulatedConsul
from tests.real.postgresql_servers import Server

AnyConsul = RealConsul | SimulatedConsul


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def address(server: Server) -> Address:
    """Of records that nobody has kept yet."""
    return Address(server.database())


@pytest.fixture(
    params=[pytest.param("real", marks=pytest.mark.real), pytest.param("simulated")]
)
def start_consul(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., AnyConsul]]:
    """Starts a Consul: `acl=True` denies by default, `servers=2` can lose its leader."""
    with ExitStack() as running:

        def start(*, acl: bool = False, servers: int = 1) -> AnyConsul:
            if request.param == "real":
                real = RealConsul(tmp_path, acl=acl, servers=servers)
                return running.enter_context(real)
            simulated = SimulatedConsul(acl=acl, servers=servers)
            return running.enter_context(simulated)

        yield start


@pytest.fixture
def consul(start_consul: Callable[..., AnyConsul]) -> AnyConsul:
    """One server, no ACLs."""
    return start_consul()
