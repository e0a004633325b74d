"""All deployments at once, over HTTP: the API, its stream, and the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.bus.fleet import FLEET
from app.domain.fleet import BOXES, NUMBERS
from app.domain.instants import instant
from app.web import schema_fleet
from tests.web.conftest import NOW, Live, picture, start
from tests.web.test_stream import blocks, told

API = "/api/v1/fleet"
THEN = "2026-11-24T10:00:00.123Z"


@pytest.fixture
def many() -> Iterator[Live]:
    """Three deployments; of one there is no picture yet."""
    for running in start("east", "west", "north", unheard=("consul",)):
        for name in ("east", "west"):
            running.bus.publish(picture(name), None)
        yield running


def become(running: Live, name: str, version: int, status: str) -> None:
    """The deployment as a whole has that status from now on."""
    whole = picture(name, version) | {"status": status}
    running.bus.publish(whole, {"version": version})


def test_the_fleet_is_what_its_description_says(many):
    answer = many.get(API)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    found = schema_fleet.Fleet.model_validate(answer.json())
    assert [one.id for one in found.deployments] == ["east", "west", "north"]
    assert (found.connections, found.nodes) == ([*NUMBERS], [*BOXES])
    east, _, north = found.deployments
    snapshot = picture("east")
    letters = "".join(c["status"][0] for c in snapshot["connections"])
    assert (east.status, east.connections) == (snapshot["status"], letters)
    assert east.sight == "partial"
    assert [one.name for one in east.sources] == ["consul"]
    assert (north.status, north.sight) == ("no_data", "waiting")
    assert north.waiting == "waiting for the first answer of consul"


def test_the_past_is_told_as_it_was(many):
    missing = many.get(f"{API}?at={THEN}")
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "no_history"
    many.past.note(picture("east"), None)
    many.now[0] = NOW + timedelta(minutes=9)
    become(many, "east", 2, "maintenance")
    told = schema_fleet.Fleet.model_validate(many.get(f"{API}?at={THEN}").json())
    assert told.deployments[0].status == picture("east")["status"]
    assert instant(told.at) == THEN
    odd = many.get(f"{API}?at=0001-01-01T00:00:00%2B23:59")
    assert odd.json()["error"]["code"] == "no_history"


def test_one_stream_tells_of_all(many):
    with many.get(f"{API}/stream", stream=True) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert "no-transform" in response.headers["cache-control"]
        assert response.headers["x-accel-buffering"] == "no"
        read = blocks(response)
        ((name, event_id, whole),) = told(read, 1)
        assert (name, whole["deployment"]) == ("snapshot", FLEET)
        assert len(whole["deployments"]) == 3
        become(many, "west", 2, "maintenance")
        ((name, _, news),) = told(read, 1)
        assert (name, news["version"]) == ("delta", whole["version"] + 1)
        (card,) = news["deployments"]
        assert (card["id"], card["status"]) == ("west", "maintenance")
        assert "name" not in card
    with many.get(
        f"{API}/stream", stream=True, headers={"Last-Event-ID": event_id}
    ) as response:
        ((name, _, again),) = told(blocks(response), 1)
        assert (name, again) == ("delta", news)


def test_an_id_of_another_process_gets_a_snapshot(many):
    headers = {"Last-Event-ID": "older-1"}
    with many.get(f"{API}/stream", stream=True, headers=headers) as response:
        assert told(blocks(response), 1)[0][0] == "snapshot"


def test_head_gives_the_headers_alone(many):
    for path in (API, f"{API}/stream", "/fleet"):
        head = many.ask("HEAD", path)
        assert (head.status_code, head.content) == (200, b""), path


def test_home_of_several_is_the_fleet_and_keeps_what_was_asked(many):
    answer = many.get("/?q=east")
    assert (answer.status_code, answer.headers["location"]) == (307, "/fleet?q=east")


def shown(page: str) -> list[str]:
    """The cards that are not hidden, as they stand."""
    items = re.findall(r'<li data-card="(\w+)"[^>]*>', page)
    hidden = re.findall(r'<li data-card="(\w+)"[^>]* hidden>', page)
    return [one for one in items if one not in hidden]


def test_the_page_is_painted_before_any_script_has_run(many):
    become(many, "west", 2, "failing")
    become(many, "east", 2, "ok")
    page = many.get("/fleet")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert shown(page.text) == ["west", "north", "east"]
    assert "No picture yet: waiting for the first answer of consul" in page.text
    assert 'href="/map/west"' in page.text


def test_the_address_says_what_is_shown(many):
    become(many, "east", 2, "failing")
    assert shown(many.get("/fleet?q=we").text) == ["west"]
    assert shown(many.get("/fleet?q=we&trouble=1&by=nonsense&size=x").text) == ["west"]
    assert shown(many.get("/fleet?q=nobody").text) == []
    assert "No deployment is called so." in many.get("/fleet?q=nobody").text


def test_what_is_searched_for_is_escaped(many):
    page = many.get("/fleet", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page


@pytest.mark.parametrize("page", ["map", "connections", "timeline"])
def test_every_page_of_one_deployment_leads_back_to_all(many, page):
    assert '<a href="/fleet">Fleet</a>' in many.get(f"/{page}/east").text


def test_a_tv_is_let_in_from_here_as_well(many):
    page = many.get("/fleet").text
    assert "data-let-in>" in page
    assert "<dialog" in page[: page.index("data-let-in-form")]


def test_the_page_of_a_moment_stands_still_and_leads_to_the_maps_of_it(many):
    many.past.note(picture("east"), None)
    many.now[0] = NOW + timedelta(minutes=9)
    page = many.get(f"/fleet?at={THEN}&by=region")
    assert page.status_code == 200
    assert f'data-frozen="{THEN}"' in page.text
    assert "live is 9 min ahead" in page.text
    assert f'href="/map/east?at={THEN}"' in page.text
    assert 'href="/fleet?by=region"' in page.text


@pytest.mark.parametrize(
    ("at", "code", "words"),
    [
        ("2026-11-24T09:00:00Z", 404, "No picture"),
        ("yesterday", 400, "not an RFC 3339 time"),
    ],
)
def test_the_page_of_what_was_not_kept_says_so(many, at, code, words):
    page = many.get(f"/fleet?at={at}")
    assert page.status_code == code
    assert words in page.text
    assert '<a href="/fleet">Show the present</a>' in page.text


def test_the_page_follows_every_change(many):
    for version, status in ((2, "failing"), (3, "ok"), (4, "degraded")):
        become(many, "east", version, status)
        page = many.get("/fleet").text
        assert f'data-card="east" data-status="{status}"' in page


def test_what_the_page_loads_is_there_and_is_ours(many):
    page = many.get("/fleet").text
    loaded = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert len(loaded) >= 4
    assert all(many.get(path).status_code == 200 for path in loaded)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "react" not in page


def test_the_map_leads_to_the_fleet_where_there_is_one(many, live):
    assert 'href="/fleet"' in many.get("/map/east").text
    assert 'href="/fleet"' not in live.get("/map/demo").text
    assert live.get("/fleet").status_code == 200
