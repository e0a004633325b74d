"""Records on SQLite, in a folder of their own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.records.address import Address
from app.records.keeper import Keeper
from app.records.store import Store


def until(what: str, done: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, what
        time.sleep(0.005)


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
def address(file: Path) -> Address:
    return Address(f"sqlite://{file}")


@pytest.fixture
def store(address: Address) -> Iterator[Store]:
    made = Store(address, ["demo"])
    made.open()
    yield made
    made.close()


@pytest.fixture
def keep(address: Address) -> Iterator[Callable[..., Keeper]]:
    """Starts a keeper; whatever is left of them is ended."""
    begun: list[Keeper] = []

    def _keep(store: Store | None = None, *deployments: str) -> Keeper:
        names = deployments or ("demo",)
        made = Keeper(
            store or Store(address, names), names, now, retry_s=0.05, settle_s=0
        )
        begun.append(made)
        made.start()
        return made

    yield _keep
    for keeper in begun:
        keeper.stop()
        keeper.join(30)
        assert not keeper.running()
