"""What operators of the dashboard are told of its sources."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.inside import MOST_FEEDS, Asked, Inside, sources, timings
from app.domain.knowledge import FeedState
from app.domain.reading import Feed, Trouble
from app.domain.timings import Asks, Timings

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
AGO = NOW - timedelta(seconds=12)
REFUSED = Trouble("refused", "403: the Role lacks it")


def feed(name: str, trouble: Trouble | None = None, max_age_s: float = 60) -> FeedState:
    since = None if trouble is None else AGO
    asked = Feed("kubernetes", name, max_age_s, continuous=True)
    return FeedState(asked, AGO, trouble, since)


def shown(name: str = "kubernetes", status: str = "degraded") -> dict:
    return {
        "name": name,
        "status": status,
        "last_success": "2026-11-24T09:59:48.000Z",
        "age_s": 12.0,
        "error": "403",
        "more": "not told here",
    }


def told(*feeds: FeedState, whole: bool = False, asks: Asks | None = None) -> dict:
    asked = Asked("kubernetes", asks or Asks(), {"pods/gws": "4711"})
    (source,) = sources(Inside((asked,), feeds), [shown()], NOW, whole=whole)
    return source


def test_times_are_told_in_seconds_and_none_before_the_first():
    assert timings(Timings()) == {
        "count": 0, "last_s": None, "p50_s": None, "p95_s": None, "most_s": None,
    }  # fmt: skip
    assert timings(Timings().timed(0.12345678).timed(2)) == {
        "count": 2, "last_s": 2, "p50_s": 0.1235, "p95_s": 2, "most_s": 2,
    }  # fmt: skip


def test_a_source_tells_how_it_was_asked_and_what_was_wrong_last():
    asks = Asks(lists=2, watches=5).answered(0.5).troubled(AGO, "unreachable")
    source = told(asks=asks)
    assert (source["asked"], source["failed"]) == (2, 1)
    assert (source["lists"], source["watches"]) == (2, 5)
    assert source["last_trouble"] == {
        "at": "2026-11-24T09:59:48.000Z",
        "text": "unreachable",
    }
    assert "more" not in source


def test_feeds_in_trouble_are_told_and_all_when_asked_for():
    well, ill = feed("pods/gws"), feed("events/gws", REFUSED)
    source = told(well, ill)
    assert (source["feeds"], source["feeds_troubled"]) == (2, 1)
    assert [one["name"] for one in source["listed"]] == ["events/gws"]
    assert source["listed"][0]["trouble"] == REFUSED.text
    assert source["listed"][0]["trouble_since"] == "2026-11-24T09:59:48.000Z"
    assert [one["version"] for one in told(well, ill, whole=True)["listed"]] == [
        "4711",
        None,
    ]


def test_a_feed_that_fell_silent_is_in_trouble_though_nothing_was_refused():
    assert told(feed("pods/gws", max_age_s=5))["feeds_troubled"] == 1


def test_a_flood_of_troubles_is_cut():
    source = told(*(feed(f"f{n}", REFUSED) for n in range(MOST_FEEDS + 3)))
    assert source["feeds_troubled"] == MOST_FEEDS + 3
    assert len(source["listed"]) == MOST_FEEDS


@pytest.mark.parametrize("whole", [False, True])
def test_what_nobody_is_asked_for_has_nothing_more_to_tell(whole):
    (config,) = sources(Inside(), [shown("config")], NOW, whole=whole)
    assert (config["asked"], config["feeds"], config["listed"]) == (None, None, [])
    assert config.keys() == told().keys()
    assert config["error"] == "403"


def test_a_feed_that_never_answered_has_no_age():
    never = FeedState(Feed("kubernetes", "pods/gws", 60), None, REFUSED, AGO)
    (one,) = told(never)["listed"]
    assert (one["last_success"], one["age_s"]) == (None, None)
