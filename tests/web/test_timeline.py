"""The timeline as a script asks for it, and its page before any script has run."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.domain.timeline import Told, Watch
from app.web import schema
from app.web.schema_timeline import Timeline
from tests.domain.film import NINE, Film
from tests.domain.story import FAILING, OK, Story, after, redis
from tests.web.conftest import NOW, picture

PATH = "/api/v1/deployments/demo/timeline"
PAGE = "/timeline/demo"
SPAN = {"from": "2026-11-25T11:59:00Z", "to": "2026-11-25T12:02:00Z"}


@pytest.fixture
def film(live):
    """A minute of which 20 s were failing; the clock stands an hour later."""
    shown = Film().at(0).at(10, {NINE: FAILING}).at(30, {NINE: OK}).at(60)
    live.film.told, live.film.asked = shown.told, []
    live.now[0] = after(3600)
    yield shown
    live.film.told = Told()
    live.now[0] = NOW + timedelta(seconds=2)


def test_it_is_told_as_described(live, film):
    answer = live.get(PATH, params=SPAN)
    assert answer.headers["cache-control"] == "no-store"
    found = Timeline.model_validate(answer.json())
    assert [turn.status for turn in found.turns] == ["failing", "ok"]
    nine = next(lane for lane in found.lanes if lane.connection == 9)
    assert [one.status for one in nine.segments] == [None, "ok", "failing", "ok", None]
    assert found.trouble is None


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ({}, (0, 3600)),
        ({"to": "2026-11-25T12:30:00Z"}, (-1800, 1800)),
        ({"from": "2026-11-25T13:30:00+01:00"}, (1800, 3600)),
        ({"to": "2099-01-01T00:00:00Z"}, (0, 3600)),
        ({"from": "2098-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z"}, (3600, 3600)),
    ],
)
def test_the_span_is_the_last_hour_unless_told(asked, span, live, film):
    assert live.get(PATH, params=asked).status_code == 200
    assert live.film.asked == [tuple(after(at) for at in span)]


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        (f"{PATH}?from=yesterday", 422, "invalid", "from"),
        (f"{PATH}?to=2026-11-25", 422, "invalid", "to"),
        (f"{PATH}?from=2026-11-25T12:00:00Z&to=2026-11-25T11:00:00Z", 422, "invalid", "from"),
        (f"{PATH}?from=2026-10-01T12:00:00Z&to=2026-11-25T11:00:00Z", 422, "invalid", "from"),
        (PATH.replace("demo", "nope"), 404, "unknown_deployment", "deployment"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_said_in_the_one_shape(
    path, status, code, field, live, film
):
    answer = live.get(path)
    assert answer.status_code == status
    error = schema.Error.model_validate(answer.json()).error
    assert (error.code, error.field) == (code, field)


def test_years_that_no_calendar_has_are_answered(live, film):
    for year in ("0001", "9999"):
        edge = f"{year}-01-01T00:00:00%2B14:00"
        assert live.get(f"{PATH}?from={edge}&to={edge}").status_code == 200


def test_a_cut_and_a_trouble_are_told(live, film):
    live.film.told = Told(film.told.turns, (film.watch,), after(20), "damaged")
    found = live.get(PATH, params=SPAN).json()
    assert (found["whole_from"], found["trouble"]) == (
        "2026-11-25T12:00:20.000Z",
        "damaged",
    )
    page = live.get(PAGE, params=SPAN).text
    assert "Too much turned to show it all" in page
    assert "only what waits in memory is shown: damaged" in page


def test_the_page_shows_lanes_and_turns_and_leads_to_their_moments(live, film):
    page = live.get(PAGE, params=SPAN)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert 'data-page="timeline"' in page.text
    at = "/map/demo?at=2026-11-25T12:00:10.000Z&amp;c=9"
    assert f'href="{at}"' in page.text
    assert re.search(r'data-lane="connection 9"', page.text)


def test_a_part_is_the_main_part_alone(live, film):
    part = live.get(PAGE, params=SPAN | {"part": "1"}).text
    assert part.startswith("<section")
    assert part in live.get(PAGE, params=SPAN).text


def test_without_a_span_it_is_the_shortest_that_holds_all_that_was_watched(live, film):
    def current() -> str:
        page = live.get(PAGE).text
        return re.search(
            r'href="[^"]*span=(\w+)" title="[^"]*" data-tl-go aria-current', page
        )[1]

    assert current() == "1h"
    for began, length in ((3500, "15m"), (-7200, "6h"), (-90_000, "24h")):
        live.film.told = Told(film.told.turns, (Watch(after(began), after(3600)),))
        assert current() == length, began


def test_an_address_that_cannot_be_read_shows_the_usual_and_says_so(live, film):
    for query in (
        "from=x&to=y",
        "span=3weeks",
        "at=soon",
        "from=9999-12-31T23:00:00-09:00",
    ):
        page = live.get(f"{PAGE}?{query}")
        assert page.status_code == 200
        assert "could not be read" in page.text, query


def test_a_moment_stands_in_the_middle(live, film):
    page = live.get(f"{PAGE}?at=2026-11-25T12:00:10Z").text
    assert 'data-begin="2026-11-25T11:30:10.000Z"' in page
    assert 'class="tl-at" style="left:50.000%"' in page


def test_a_span_too_long_or_turned_round_is_shown_as_far_as_it_goes(live, film):
    page = live.get(f"{PAGE}?from=2020-01-01T00:00:00Z&to=2026-11-25T12:30:00Z").text
    assert 'data-begin="2026-10-25T12:30:00.000Z"' in page
    page = live.get(f"{PAGE}?from=2026-11-25T12:30:00Z&to=2026-11-25T12:00:00Z").text
    assert 'data-begin="2026-11-25T11:59:50.000Z"' in page


def test_incidents_stand_over_the_lanes(live, film):
    story = Story().at(10, {12: FAILING}, redis(12)).at(60, {12: OK})
    live.records.incidents = [*story.kept.values()]
    page = live.get(PAGE, params=SPAN).text
    assert f"{story.over.id}: Redis" in page
    live.records.incidents = []


def test_a_deployment_that_is_not_there_says_so(live):
    page = live.get("/timeline/nope")
    assert page.status_code == 404
    assert "<h1>Not found</h1>" in page.text


def test_before_anything_is_known_it_is_a_page(empty):
    page = empty.get("/timeline/east")
    assert page.status_code == 200
    assert "Nobody watched in this span" in page.text


def test_notes_of_the_picture_are_marks(live, film):
    note = {
        "id": "n1", "at": "2026-11-25T12:00:30.000Z", "by": "jane", "about": {"connection": 9},
        "text": "the <switch> was changed", "html": "", "pinned": False,
    }  # fmt: skip
    live.bus.publish(picture(version=7) | {"notes": [note]}, None)
    page = live.get(PAGE, params=SPAN).text
    assert "jane: the &lt;switch&gt; was changed" in page
    live.bus.publish(picture(version=8), None)
