"""A history that can't be read is said so, and is no reason to show something else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.history.recall import Recall
from tests.history.film import Film
from tests.web.conftest import Live, picture, start

WHY = "the disk does not answer"
NEVER = "2026-11-24T09:00:00Z"
BASE = "/api/v1/deployments/demo"


@pytest.fixture(scope="module")
def broken() -> Iterator[Live]:
    film = Film()
    film.trouble = WHY

    def past(live: Live) -> Recall:
        return Recall("demo", live.past, film)

    for live in start("demo", past=past):
        live.bus.publish(picture(), None)
        live.past.note(picture(), None)
        yield live


@pytest.mark.parametrize(
    "path",
    [
        f"{BASE}/snapshot?at={NEVER}",
        f"{BASE}/moments",
        f"{BASE}/pictures?from={NEVER}&to={NEVER}",
        f"{BASE}/replay",
        f"{BASE}/connections.csv?at={NEVER}",
    ],
)
def test_the_api_says_that_it_can_not_be_read_now(broken, path):
    answer = broken.get(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert answer.json()["error"]["code"] == "unreadable"
    assert answer.json()["error"]["message"] == f"the history can't be read: {WHY}"


@pytest.mark.parametrize("page", ["map", "connections", "wall", "compare"])
def test_a_page_says_so_too(broken, page):
    answer = broken.get(f"/{page}/demo?at={NEVER}")
    assert answer.status_code == 503
    assert WHY in answer.text


def test_what_memory_holds_is_told_all_the_same(broken):
    found = broken.get(f"{BASE}/snapshot?at=2026-11-24T10:00:01Z")
    assert found.json()["at"] == "2026-11-24T10:00:00.123Z"
