"""What the dashboard tells of itself, as JSON, as a page and as series."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.inside import Asked, Inside
from app.domain.knowledge import FeedState
from app.domain.reading import Feed, Trouble
from app.domain.timings import Asks, Timings
from app.web.own import Store
from app.web.request_log import nobody
from app.web.schema_debug import Debug
from tests.web.conftest import NOW
from tests.web.test_metrics import of, samples

WATCHED = Feed("kubernetes", "pods/infra", 60, continuous=True)
REFUSED = Trouble("refused", "403 <b>token</b>")
INSIDE = Inside(
    (
        Asked(
            "kubernetes",
            Asks(lists=2, watches=3).answered(0.2).answered(0.4).troubled(NOW, "cut"),
            {"pods/infra": "4711"},
        ),
    ),
    (
        FeedState(WATCHED, NOW),
        FeedState(Feed("kubernetes", "events/infra", 60), NOW, REFUSED, NOW),
    ),
    Timings().timed(0.004),
    7,
)


@pytest.fixture
def busy(live):
    live.inside = INSIDE
    live.own |= {
        "stores": (Store("records", "sqlite", 3, "the disk is full", {"bytes": 9}),),
        "configuration": {"good": False, "problems": ["gws.yaml:3"], "in_force": {"a": 1}},
    }  # fmt: skip
    yield live
    live.inside = Inside()
    live.own.clear()


def test_the_whole_is_told_as_it_is_described(busy):
    told = busy.get("/api/v1/debug").json()
    Debug.model_validate(told)
    assert "demo" in [one["id"] for one in told["deployments"]]


def test_a_source_tells_its_asks_and_the_feeds_in_trouble(busy):
    told = busy.get("/api/v1/debug").json()["deployments"][0]
    (kubernetes,) = [one for one in told["sources"] if one["name"] == "kubernetes"]
    assert (kubernetes["asked"], kubernetes["failed"]) == (3, 1)
    assert kubernetes["timings"]["p95_s"] == 0.4
    assert kubernetes["last_trouble"]["text"] == "cut"
    assert [one["name"] for one in kubernetes["listed"]] == ["events/infra"]
    assert told["waiting"] == 7


def test_of_one_deployment_every_feed_is_told(busy):
    (told,) = busy.get("/api/v1/debug?deployment=demo").json()["deployments"]
    (kubernetes,) = [one for one in told["sources"] if one["name"] == "kubernetes"]
    versions = {one["name"]: one["version"] for one in kubernetes["listed"]}
    assert versions == {"pods/infra": "4711", "events/infra": None}


def test_the_page_says_the_same_and_nothing_in_it_is_markup(busy):
    for path in ("/debug", "/debug?deployment=demo"):
        answer = busy.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "403 &lt;b&gt;token&lt;/b&gt;" in answer.text
        assert "the disk is full" in answer.text


@pytest.mark.parametrize("path", ["/debug", "/api/v1/debug"])
def test_a_deployment_that_is_none_is_said_so(path, live):
    assert live.get(f"{path}?deployment=nosuch").status_code == 404


def test_before_the_first_picture_it_is_told_what_is_waited_for(empty):
    told = empty.get("/api/v1/debug").json()["deployments"]
    assert {one["at"] for one in told} == {None}
    assert empty.get("/debug").status_code == 200


def test_the_same_is_told_as_series(busy):
    found = samples(busy)
    ask = {"deployment": "demo", "source": "kubernetes"}
    name = "gws_observatory_source_ask_seconds"
    assert of(found[f"{name}_bucket"], **ask, le="0.25") == [1]
    assert of(found[f"{name}_bucket"], **ask, le="+Inf") == [2]
    assert of(found[f"{name}_sum"], **ask) == [pytest.approx(0.6)]
    assert of(found["gws_observatory_source_last_ask_seconds"], **ask) == [0.4]
    for suffix, count in (
        ("asks", 3),
        ("failed_asks", 1),
        ("lists", 2),
        ("watches", 3),
    ):
        assert of(found[f"gws_observatory_source_{suffix}_total"], **ask) == [count]
    feeds = found["gws_observatory_source_feeds"]
    assert of(feeds, **ask, state="well") == [1]
    assert of(feeds, **ask, state="troubled") == [1]
    queues = found["gws_observatory_queue_length"]
    assert of(queues, deployment="demo", queue="readings") == [7]
    assert of(queues, deployment="*", queue="records") == [3]
    turns = found["gws_observatory_turn_seconds_count"]
    assert of(turns, deployment="demo") == [1]


def test_what_was_never_timed_is_not_told(live):
    found = samples(live)
    assert "gws_observatory_source_ask_seconds_count" not in found
    assert "gws_observatory_source_last_ask_seconds" not in found


def test_the_process_tells_what_it_takes(live):
    live.get("/healthz")
    found = samples(live)
    assert of(found["gws_observatory_threads"])[0] >= 2
    assert of(found["gws_observatory_sockets"])[0] >= 1
    assert found["process_open_fds"][0].value >= 3
    answered = found["gws_observatory_http_request_seconds_count"]
    assert of(answered, code="2xx")[0] >= 1
    process = live.get("/api/v1/debug").json()["process"]
    assert process["handles"] > process["sockets"] > 0
    assert process["memory_bytes"] > 10_000_000
    assert process["uptime_s"] == pytest.approx(
        (live.now[0] - NOW) / timedelta(seconds=1)
    )


def test_how_late_the_event_loop_is_is_told_while_it_runs(live):
    while not live.exposition.lag.timings.count:
        live.get("/healthz")
    found = samples(live)
    assert of(found["gws_observatory_event_loop_lag_seconds_count"])[0] >= 1


def test_a_name_of_a_request_comes_from_who_is_trusted(live):
    headers = {"X-Request-ID": "edge-12345678"}
    live.trusting = lambda scope: True
    answer = live.get("/api/v1/deployments/nosuch/snapshot", headers=headers)
    live.trusting = nobody
    assert answer.headers["x-request-id"] == "edge-12345678"
    assert answer.json()["error"]["request_id"] == "edge-12345678"
    answer = live.get("/api/v1/deployments/nosuch/snapshot", headers=headers)
    assert answer.headers["x-request-id"] != "edge-12345678"
