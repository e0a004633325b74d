"""Moments of the past: what was shown, never the present, and clear words for the rest."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.domain.instants import instant
from app.web import schema
from app.web.schema_moments import Moments
from tests.web.conftest import NOW, picture
from tests.web.test_callbacks import update

BASE = "/api/v1/deployments/demo"
THEN = "2026-11-24T10:00:00.123Z"
LATER = "2026-11-24T10:10:00.000Z"
NEVER = "2026-11-24T09:59:59Z"


@pytest.fixture(autouse=True)
def later(live):
    """Ten minutes on, redis is told of no more, and the clock has gone on."""
    newer = picture(version=2, readings=[]) | {"at": LATER}
    if len(live.past.between(NOW, NOW + timedelta(hours=1))) == 1:
        live.past.note(newer, {"status": newer["status"]})
    live.now[0] = NOW + timedelta(minutes=20)
    yield newer
    live.now[0] = NOW + timedelta(seconds=2)


def statuses(found: dict) -> list[str]:
    return [c["status"] for c in found["connections"]]


def test_a_snapshot_of_a_moment_is_what_was_shown_then(live, later):
    then = live.get(f"{BASE}/snapshot?at={THEN}").json()
    assert then["version"] == 1
    assert then["at"] == THEN
    schema.Snapshot.model_validate(then)
    assert statuses(then) == statuses(picture())
    assert statuses(then) != statuses(later)
    between = live.get(f"{BASE}/snapshot?at=2026-11-24T10:09:59.999Z").json()
    assert between == then
    after = live.get(f"{BASE}/snapshot?at=2026-11-24T11:15:00%2B01:00").json()
    assert statuses(after) == statuses(later)


def test_ages_are_told_as_of_then(live):
    then = live.get(f"{BASE}/snapshot?at={THEN}").json()
    ages = {s["name"]: s["age_s"] for s in then["sources"]}
    assert ages["kubernetes"] == 0.0
    assert ages["consul"] is None


def test_a_part_of_a_past_snapshot(live):
    whole = live.get(f"{BASE}/snapshot?at={THEN}").json()
    found = live.get(f"{BASE}/connections/17?at={THEN}").json()
    assert found == whole["connections"][16]
    redis = live.get(f"{BASE}/nodes/redis?at={THEN}").json()
    assert redis == next(n for n in whole["nodes"] if n["id"] == "redis")


@pytest.mark.parametrize(
    ("at", "code", "name", "words"),
    [
        (
            NEVER,
            404,
            "no_history",
            "pictures are kept from 2026-11-24T10:00:00.123Z on",
        ),
        ("2026-11-25T00:00:00Z", 404, "no_history", "not come yet"),
        ("yesterday", 422, "invalid", "RFC 3339"),
        ("2026-11-24", 422, "invalid", "RFC 3339"),
        ("1764000000", 422, "invalid", "RFC 3339"),
        ("2026-13-24T10:00:00Z", 422, "invalid", "at"),
        ("0001-01-01T00:00:00%2B23:59", 404, "no_history", "kept from"),
    ],
)
def test_what_can_not_be_told_is_said_so(at, code, name, words, live):
    for path in ("snapshot", "connections/17", "nodes/redis"):
        answer = live.get(f"{BASE}/{path}?at={at}")
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (code, name)
        assert error["field"] == "at"
        assert words.lower() in error["message"].lower()


def test_history_is_of_the_present_only(live):
    error = live.get(f"{BASE}/connections/17/history?at={THEN}").json()["error"]
    assert error["code"] == "no_history"
    assert "present" in error["message"]


def test_kept_moments_are_listed(live):
    found = live.get(f"{BASE}/moments").json()
    Moments.model_validate(found)
    assert found == {
        "first": THEN,
        "moments": [{"at": THEN, "turned": True}, {"at": LATER, "turned": True}],
    }
    some = live.get(f"{BASE}/moments?from=2026-11-24T10:05:00Z&turned=true").json()
    assert [one["at"] for one in some["moments"]] == [LATER]
    none = live.get(f"{BASE}/moments?to=2026-11-24T09:00:00Z").json()
    assert none == {"first": THEN, "moments": []}


def test_nothing_is_kept_before_the_first_picture(empty):
    base = "/api/v1/deployments/east"
    assert empty.get(f"{base}/moments").json() == {"first": None, "moments": []}
    answer = empty.get(f"{base}/snapshot?at={THEN}")
    assert "no picture is kept yet" in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/map/demo", "/connections/demo"])
def test_a_page_of_a_moment_is_painted_as_it_was(path, live):
    page = live.get(f"{path}?at=2026-11-24T10:03:00Z&c=17")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    shown = dict(re.findall(r'data-connection="(\d+)" data-status="(\w+)"', page.text))
    wanted = {str(c["number"]): c["status"] for c in picture()["connections"]}
    assert shown == wanted
    assert f'data-frozen="{THEN}"' in page.text
    assert 'data-version="1"' in page.text
    now = instant(NOW + timedelta(minutes=20))
    assert f'data-now="{now}"' in page.text
    assert "live is 20 min ahead" in page.text
    assert re.search(r"<title>10:00:00 UTC · \w+ · Demo", page.text)


def test_a_page_of_the_present_is_not_frozen(live):
    page = live.get("/map/demo").text
    assert "data-frozen=" not in page
    assert re.search(r"<section[^>]*data-frozen-bar hidden", page)


def test_a_page_of_a_moment_that_is_not_kept_says_from_when_on_and_leads_to_live(live):
    page = live.get(f"/map/demo?at={NEVER}&c=17")
    assert page.status_code == 404
    assert "pictures are kept from 2026-11-24T10:00:00.123Z on" in page.text
    assert '<a href="/map/demo?c=17">Show the present</a>' in page.text


@pytest.mark.parametrize("at", ["", "now", "%3Cscript%3E", "2026-11-24T25:00:00Z"])
def test_what_is_no_time_is_a_clear_page(at, live):
    page = live.get(f"/connections/demo?at={at}")
    assert page.status_code == 400
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "not an RFC 3339 time with its zone" in page.text
    assert '<a href="/connections/demo">Show the present</a>' in page.text
    assert "<script>" not in page.text


def test_home_leads_to_the_moment(live):
    answer = live.get(f"/?at={THEN}")
    assert answer.headers["location"] == f"/map/demo?at={THEN}"


def test_the_panel_is_of_the_moment_too(live):
    chosen = {"node": "redis", "version": 1, "at": THEN}
    panel = update(live, chosen).text
    assert "redis-0" in panel
    now = update(live, chosen | {"at": "2026-11-24T10:15:00Z"}).text
    assert "redis-0" not in now
    assert update(live, chosen | {"at": None}).status_code == 200


def test_the_panel_of_a_moment_offers_nothing_that_is_about_the_present(live):
    chosen = {"connection": 17, "version": 1, "at": THEN}
    panel = update(live, chosen).text
    assert "Why this colour?" in panel
    assert "data-maintain" not in panel
    assert "data-maintain" in update(live, chosen | {"at": None}).text


def test_the_panel_of_a_moment_that_is_gone_says_so(live):
    panel = update(live, {"connection": 17, "at": NEVER})
    assert "no longer kept" in panel.text


@pytest.mark.parametrize("at", [7, "x", [], {}, "2026-11-24"])
def test_a_choice_at_no_moment_breaks_nothing(at, live):
    assert update(live, {"connection": 17, "at": at}).status_code == 204
    assert live.get("/healthz").status_code == 200
