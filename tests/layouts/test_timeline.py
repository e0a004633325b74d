"""The timeline as it is painted: which lanes, what in them, and the same in words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.domain.status import Status
from app.domain.timeline import Kind, Lane, Told, Turn, Watch, What
from app.domain.timeline_lanes import Segment, Span, lanes
from app.domain.topology import standard
from layouts.timeline import timeline
from layouts.timeline_chart import MOST_TICKS, ticks
from layouts.timeline_lines import called
from layouts.timeline_list import MOST
from layouts.timeline_marks import Mark, clusters
from layouts.timeline_rows import bars, groups
from layouts.timeline_view import Seen, View, moment, usual
from tests.domain.film import CONSUL, NINE, REDIS, TWELVE, Film
from tests.domain.story import DEGRADED, FAILING, OK, Story, after, redis
from tests.layouts.test_pages import Reader

TOPOLOGY = standard()
GONE = Lane(Kind.NODE, "no-longer-there")


def film() -> Film:
    shown = Film().at(0).at(10, {NINE: DEGRADED}).at(20, {TWELVE: FAILING})
    return shown.at(30, {TWELVE: OK}).at(60)


def view(begin: float = 0, end: float = 60, **more: object) -> View:
    given: dict[str, object] = {"length": "1h"}
    return View("demo", after(begin), after(end), after(end), **given | more)


def paint(seen: Seen, shown: View | None = None) -> str:
    return str(timeline(TOPOLOGY, seen, shown or view()))


def rows(text: str) -> list[str]:
    return [one["data-lane"] for one in Reader(text).having("data-lane")]


def story() -> Story:
    return Story().at(20, {12: FAILING}, redis(12)).at(30, {12: OK})


def test_lanes_that_turned_are_shown_worst_first_and_the_others_are_folded() -> None:
    text = paint(Seen(film().told))
    assert rows(text) == ["connection 12", "connection 9"]
    assert "1 component was well all the time" in text
    assert "1 source was well all the time" in text


def test_by_number_and_unfolded() -> None:
    text = paint(Seen(film().told), view(worst_first=False, open=True))
    assert rows(text) == [
        "connection 9",
        "connection 12",
        "node redis",
        "source consul",
    ]


def test_the_worst_of_the_same_status_is_the_longest() -> None:
    shown = (
        Film().at(0).at(10, {NINE: FAILING, TWELVE: FAILING}).at(20, {NINE: OK}).at(60)
    )
    (found, *_) = groups(lanes(shown.told, after(0), after(60)), [], worst_first=True)
    assert [row.lane for row in found.rows] == [TWELVE, NINE]


def test_what_was_simply_not_there_is_folded_by_its_own_words() -> None:
    shown = Film().at(0, {NINE: Status.ABSENT, TWELVE: Status.IDLE}).at(9, {TWELVE: OK})
    (found, *_) = groups(lanes(shown.told, after(0), after(9)), [], worst_first=True)
    assert found.folded == "1 connection was well all the time; 1 not installed"
    watched = lanes(
        Told(film().told.turns, (Watch(after(0), after(9)),)), after(0), after(60)
    )
    (found, *_) = groups(watched, [], worst_first=True)
    assert found.folded == "2 connections were well while watched"
    (found, *_) = groups(
        {NINE: (Segment(after(0), after(9), None),)}, [], worst_first=True
    )
    assert found.folded == "1 not watched"


def test_a_bar_lies_where_its_time_does_and_what_goes_on_goes_beyond_now() -> None:
    text = paint(Seen(film().told))
    assert re.search(r'left:0\.000%;width:16\.667%" data-status="ok"', text)
    assert re.search(r'left:16\.667%;width:98\.333%" data-status="degraded"', text)
    fixed = paint(Seen(film().told), view(length=None))
    assert re.search(r'left:16\.667%;width:83\.333%" data-status="degraded"', fixed)


def test_where_nobody_looked_is_shown_as_that() -> None:
    text = paint(Seen(film().told), view(-60, 60))
    assert 'data-status="unwatched"' in text
    assert "not watched" in text


def test_many_short_segments_are_one_bar_of_the_worst() -> None:
    shown = Film().at(0)
    for second in range(1000, 1020):
        shown.at(second, {NINE: FAILING if second % 2 else OK})
    shown.at(36_000)
    found = lanes(shown.told, after(0), after(36_000))[NINE]
    drawn = bars(found, Span(after(0), after(36_000)))
    assert [(bar.worst.status, bar.count) for bar in drawn] == [
        (OK, 1), (FAILING, 18), (FAILING, 1),
    ]  # fmt: skip
    assert (drawn[0].begin, drawn[-1].end) == (after(0), after(36_000))
    assert all(a.end == b.begin for a, b in zip(drawn, drawn[1:], strict=False))


def test_marks_that_are_near_to_each_other_stand_as_one() -> None:
    marks = [Mark(after(at), What.RESTART, f"r{at}", "#") for at in (30, 10, 10.1)]
    found = clusters(marks, Span(after(0), after(60)))
    assert [[mark.text for mark in one.marks] for one in found] == [
        ["r10", "r10.1"],
        ["r30"],
    ]
    assert found[0].title == "r10\nr10.1"
    many = clusters([marks[0]] * 10, Span(after(0), after(60)))
    assert many[0].title.endswith("r30\nand 2 more")


def test_what_happened_is_marked_in_its_lane_and_above_all() -> None:
    restart = Turn(after(15), 9, REDIS, What.RESTART, text="redis-0 restarted")
    told = film().told
    text = paint(Seen(Told((*told.turns, restart), told.watches)))
    assert "node redis" in rows(text)
    assert text.count('title="Redis: restart, redis-0 restarted"') == 2
    assert (
        text.count('href="/map/demo?at=2026-11-25T12:00:15.000Z&amp;node=redis"') == 3
    )


def test_incidents_are_brackets_bands_and_words() -> None:
    one = story().over
    text = paint(Seen(film().told, (one,)))
    assert text.count(f'title="{one.id}: Redis"') == 1
    assert 'class="tl-shade" style="left:33.333%;width:16.667%"' in text
    assert "outage" not in text and "blip, 1 connection" in text
    assert "Look at: Redis" in text


def test_incidents_that_overlap_stand_above_one_another_and_no_more_than_four() -> None:
    begun = [Story().at(at, {12: FAILING}).only for at in range(10, 16)]
    text = paint(Seen(film().told, begun))
    assert sorted(set(re.findall(r"--level:(\d)", text))) == ["0", "1", "2", "3"]
    assert text.count("--levels:4") == 2
    apart = [Story().at(0, {12: FAILING}).at(9, {12: OK}).over, story().over]
    assert "--levels:1" in paint(Seen(film().told, apart))


def test_every_turn_is_a_row_the_newest_first_that_leads_to_its_moment() -> None:
    text = paint(Seen(film().told))
    body = text.split("data-tl-rows")[1].split("</tbody>")[0]
    assert len(re.findall("<tr", body)) == 3
    assert body.index("failing to ok") < body.index("ok to failing")
    assert "/map/demo?at=2026-11-25T12:00:20.000Z&amp;c=12" in body


def test_what_was_found_after_a_gap_says_so() -> None:
    again = Film(film().left, began=500).at(500, {TWELVE: FAILING}).at(560)
    text = paint(Seen(again.told), view(500, 560))
    assert "(found then)" in text
    assert "data-found" in text


def test_of_very_many_turns_the_newest_are_listed() -> None:
    shown = Film().at(0)
    for second in range(1, MOST + 60):
        shown.at(second, {NINE: FAILING if second % 2 else OK})
    text = paint(Seen(shown.told), view(0, MOST + 60))
    assert f"The newest {MOST} of {MOST + 59} turns" in text
    assert text.split("data-tl-rows")[1].count("<tr") == MOST


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (Seen(Told()), "Nobody watched in this span"),
        (Seen(Film().at(0).at(60).told), "Nothing turned in this span."),
        (Seen(Told(trouble="disk full")), "in memory is shown: disk full"),
        (
            Seen(Told(film().told.turns, film().told.watches, after(5))),
            "Too much turned",
        ),
    ],
)
def test_other_faces_say_what_there_is_to_say(seen: Seen, words: str) -> None:
    assert words in paint(seen)


def test_an_address_holds_what_is_shown() -> None:
    assert view().address() == "/timeline/demo?span=1h"
    shown = view(length=None, worst_first=False, open=True, at=after(5), back="6h")
    assert shown.address() == (
        "/timeline/demo?span=6h&from=2026-11-25T12:00:00.000Z&to=2026-11-25T12:01:00.000Z"
        "&at=2026-11-25T12:00:05.000Z&order=number&open=1"
    )
    assert shown.of_length("7d") == "/timeline/demo?span=7d&order=number&open=1"
    assert "Back to all" in paint(Seen(film().told), shown)
    assert "tl-at" in paint(Seen(film().told), shown)


def test_a_moment_is_a_picture_with_the_lane_chosen() -> None:
    at = "/map/demo?at=2026-11-25T12:00:00.000Z"
    assert moment("demo", after(0)) == at
    assert moment("demo", after(0), NINE) == f"{at}&c=9"
    assert moment("demo", after(0), REDIS) == f"{at}&node=redis"
    assert moment("demo", after(0), CONSUL) == at


def test_the_usual_span_holds_all_that_was_watched_and_is_a_day_at_the_most() -> None:
    for seconds, length in ((0, "15m"), (900, "15m"), (901, "1h"), (9e5, "24h")):
        told = Told((), (Watch(after(0), after(1)),))
        assert usual(told, after(seconds)) == length
    assert usual(Told(), after(0)) == "15m"


@pytest.mark.parametrize(
    "length", [10, 60, 900, 3600, 86_400, 14 * 86_400, 31 * 86_400]
)
def test_ticks_are_round_moments_and_not_too_many(length: float) -> None:
    found = ticks(view(17.3, 17.3 + length))
    assert 2 <= len(found) <= MOST_TICKS + 4
    steps = {b - a for a, b in zip(found, found[1:], strict=False)}
    assert len(steps) == 1
    assert all(after(17.3) <= at <= after(17.3 + length) for at in found)
    (step,) = steps
    assert found[0].timestamp() % step.total_seconds() == 0


def test_lanes_are_called_by_name_also_when_the_picture_has_them_no_more() -> None:
    assert called(TOPOLOGY, TWELVE).startswith("12, GWS Data Collector Service to")
    assert called(TOPOLOGY, REDIS) == "Redis"
    assert called(TOPOLOGY, CONSUL) == "Consul"
    assert called(TOPOLOGY, GONE) == "no-longer-there"
    assert called(TOPOLOGY, Lane(Kind.CONNECTION, "99")) == "99"
    shown = Film().at(0).at(10)
    lost = Turn(after(1), 0, GONE, status=FAILING, was=OK)
    text = paint(Seen(Told((*shown.turns, lost), (Watch(after(0), after(60)),))))
    assert "node no-longer-there" in rows(text)


def test_texts_from_outside_are_escaped() -> None:
    turn = Turn(after(5), 0, REDIS, What.ALERT, text="<script>x</script>")
    note = {"at": "2026-11-25T12:00:30.000Z", "by": "<b>", "text": "</script>"}
    shown = film().told
    seen = Seen(Told((*shown.turns, turn), shown.watches), (), (note,))
    text = paint(seen)
    assert "<script>x" not in text
    assert "&lt;b&gt;: &lt;/script&gt;" in text


def test_a_day_of_everything_turning_is_painted_within_reason() -> None:
    shown = Film().at(0)
    for minute in range(1, 1440):
        status = FAILING if minute % 2 else OK
        shown.at(60 * minute, {NINE: status, TWELVE: status})
    text = paint(Seen(shown.told), view(0, timedelta(days=1).total_seconds()))
    assert len(text) < 900_000
