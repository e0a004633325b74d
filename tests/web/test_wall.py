"""The wall as it is sent, and the stream by which it knows what else there is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.web.wall import build_of
from tests.web.conftest import NOW, picture, start


def events(answer) -> Iterator[tuple[str, dict]]:
    """Name and data of each event that comes."""
    name = ""
    for line in answer.iter_lines(decode_unicode=True):
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


@pytest.fixture
def pair():
    """Two deployments, both with a picture."""
    for running in start("east", "west"):
        running.bus.publish(picture("east"), None)
        running.bus.publish(picture("west"), None)
        yield running


def test_a_wall_is_painted_before_any_script_has_run(live):
    page = live.get("/wall/demo")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    shown = dict(re.findall(r'data-connection="(\d+)" data-status="(\w+)"', page.text))
    wanted = {str(c["number"]): c["status"] for c in picture()["connections"]}
    assert shown == wanted
    assert f'data-build="{build_of("0.0.0")}"' in page.text
    assert "_dash" not in page.text


@pytest.mark.parametrize(
    ("asked", "theme"),
    [("", "dark"), ("?theme=light", "light"), ("?theme=contrast", "contrast"), ("?theme=%22x", "dark")],
)  # fmt: skip
def test_its_theme_stands_in_the_address(asked, theme, live):
    assert f'data-theme="{theme}"' in live.get(f"/wall/demo{asked}").text


def test_all_that_it_loads_is_there_and_kept_for_ever(live):
    for path in ("/wall/demo", "/wall"):
        loaded = re.findall(r'(?:src|href)="(/assets/[^"]+)"', live.get(path).text)
        assert len(loaded) > 5
        for file in loaded:
            answer = live.get(file)
            assert answer.status_code == 200, file
            assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/wall/nope", "/wall/%3Cscript%3E", "/wall/demo?at=2026-11-24T09:00:00Z"]
)
def test_a_wall_that_is_not_there_says_so(path, live):
    page = live.get(path)
    assert page.status_code == 404
    assert "<h1>" in page.text and "<script>" not in page.text


def test_a_wall_of_a_moment_stands_still_and_leads_to_the_present(live):
    page = live.get("/wall/demo?theme=light&at=2026-11-24T10:00:01Z").text
    assert 'data-frozen="2026-11-24T10:00:00.123Z"' in page
    assert 'href="/wall/demo?theme=light"' in page
    assert "live.js" not in page and "Live, under" not in page
    assert '"figures"' in page.partition('id="gws-words"')[2].partition("</script>")[0]
    assert live.get("/wall/demo?at=soon").status_code == 400


def test_a_release_has_a_name_of_its_own():
    assert build_of("1.0.0") == build_of("1.0.0") != build_of("1.0.1")


def test_the_stream_tells_how_those_in_turn_are_and_when_that_changes(pair):
    told = events(pair.get("/api/v1/wall/stream?of=east,west,west,gone", stream=True))
    name, news = next(told)
    assert name == "wall"
    assert news["build"] == build_of("0.0.0")
    assert [one["id"] for one in news["deployments"]] == ["east", "west"]
    assert news["deployments"][1]["name"] == "West"
    assert next(told) == ("beat", {"now": "2026-11-24T10:00:02.123Z"})
    incident = {"id": "i", "acknowledged": {"by": "jane", "at": "..."}}
    worse = picture("west", 2) | {"status": "failing", "incidents": [incident]}
    pair.bus.publish(worse, None)
    name, news = next(told)
    assert (name, news["deployments"][1]["status"]) == ("wall", "failing")
    assert [one["acknowledged"] for one in news["deployments"]] == [False, True]


def test_while_nothing_changes_the_stream_beats_by_the_servers_clock(pair):
    told = events(pair.get("/api/v1/wall/stream?of=east", stream=True))
    assert [next(told)[0], next(told)[0]] == ["wall", "beat"]
    pair.now[0] = NOW + timedelta(minutes=1)
    assert next(told) == ("beat", {"now": "2026-11-24T10:01:00.123Z"})
    pair.now[0] = NOW
    assert next(told) == ("beat", {"now": "2026-11-24T10:00:00.123Z"})


def test_a_deployment_without_a_picture_is_without_data(empty):
    told = events(empty.get("/api/v1/wall/stream?of=east", stream=True))
    _, news = next(told)
    assert news["deployments"] == [
        {"id": "east", "name": "East", "status": "no_data", "acknowledged": False}
    ]


def test_a_stream_of_nothing_is_refused(live):
    assert live.get("/api/v1/wall/stream?of=gone").status_code == 404
    assert live.get("/api/v1/wall/stream?of=,").status_code == 422
    many = ",".join(f"d{i}" for i in range(21))
    assert live.get(f"/api/v1/wall/stream?of={many}").status_code == 422
    assert live.get("/api/v1/wall/stream").status_code == 422


def test_who_asks_for_the_head_of_a_stream_gets_that(live):
    for path in ("/api/v1/wall/stream?of=demo", "/api/v1/wall/pairings/stream"):
        answer = live.ask("HEAD", path)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-type"].startswith("text/event-stream")
