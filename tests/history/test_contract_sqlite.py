"""The contract on a file of SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.history.sqlite import SqliteHistory
from tests.history import contract, contract_pictures
from tests.history.contract import Can, Claim
from tests.history.story import EAST, LOOKS, WEST, at, story

NOW = at(LOOKS + 30)


CLAIMS = (*contract.CLAIMS, *contract_pictures.CLAIMS)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteHistory]:
    path = tmp_path_factory.mktemp("history") / "history.db"
    history = SqliteHistory(path, lambda: NOW, most_waiting=10_000)
    for deployment in (EAST, WEST):
        for told in story(deployment):
            history.note(deployment, told.picture, told.delta)
    history.start()
    history.stop()
    history.join(30)
    yield history


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_sqlite_keeps_history(claim: Claim, kept: SqliteHistory) -> None:
    claim(kept, Can(exact=True, buckets=True))
