"""A picture of which nobody makes the next one does not pass itself off as the present."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.unwatched import COLLECTOR, STALE_AFTER, unwatched

THEN = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def picture(*statuses: str) -> dict:
    items = [
        {"status": one, "since": "2026-11-26T10:00:00.000Z", "reasons": [{"text": "x"}]}
        for one in statuses
    ]
    return {
        "deployment": "demo",
        "version": 7,
        "status": "ok",
        "sources": [{"name": "consul", "status": "ok"}],
        "connections": [{"number": n, **one} for n, one in enumerate(items, 1)],
        "nodes": [{"id": f"n{n}", **one} for n, one in enumerate(items, 1)],
    }


def test_at_first_a_source_alone_says_since_when_nothing_is_heard():
    before = picture("ok", "failing")
    shown = unwatched(before, THEN, "no collector leads", THEN + STALE_AFTER - SECOND)
    *others, told = shown["sources"]
    assert others == before["sources"]
    assert (told["name"], told["status"]) == (COLLECTOR, "failing")
    assert told["error"] == "no collector leads"
    assert told["last_success"] == "2026-11-27T10:00:00.000Z"
    assert shown | {"sources": others} == before


@pytest.mark.parametrize("was", ["ok", "idle", "degraded", "failing"])
def test_what_nobody_has_looked_at_for_a_minute_is_stale_and_says_what_it_was(was):
    shown = unwatched(picture(was), THEN, "x", THEN + STALE_AFTER)
    for item in (*shown["connections"], *shown["nodes"]):
        assert item["status"] == "stale"
        assert item["since"] == "2026-11-27T10:01:00.000Z"
        first, second = item["reasons"]
        text = f"nobody has looked since 10:00:00 UTC; it was {was} then"
        assert (first["witness"], first["text"]) == (None, text)
        assert second == {"text": "x"}
    assert shown["status"] == "stale"


@pytest.mark.parametrize("was", ["absent", "maintenance", "no_data", "stale"])
def test_what_rests_on_no_sight_stays(was):
    before = picture(was)
    shown = unwatched(before, THEN, "x", THEN + 10 * STALE_AFTER)
    assert shown["connections"] == before["connections"]
    assert shown["status"] == was
