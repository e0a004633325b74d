"""History over an engine: what is asked, and what an operator is told when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.domain.rollups import Ask
from app.domain.status import Status
from app.history.base import Unreadable
from app.history.promql import PromqlHistory
from app.history.promql_picture import NOT_KEPT, UNSEEN, Look, picture
from app.history.promql_talk import Engine
from benchmarks.stage import free_port
from collectors.prometheus import PrometheusAddress
from collectors.telemetry import Series
from tests.history.fake_engine import Answer, matrix, serving, vector
from tests.history.story import EAST, TOPOLOGY, at

TEN = datetime.fromisoformat("2026-03-10T10:00:00Z")
NOW = TEN + timedelta(days=30)
FIRST = TEN.timestamp() - 3600


def history(address: PrometheusAddress) -> PromqlHistory:
    return PromqlHistory(Engine(address), {EAST: TOPOLOGY}, lambda: NOW)


@contextmanager
def asking(url: str, **more: str) -> Iterator[PromqlHistory]:
    kept = history(PrometheusAddress(url, **more))
    try:
        yield kept
    finally:
        kept.stop()
        kept.join(1)


def empty(question: dict[str, str]) -> Answer:
    """There has been something, and nothing of what is asked for."""
    if "min_over_time" in question["query"] and "time" in question:
        return 200, vector(({}, FIRST))
    kind = matrix() if "step" in question or "[" in question["query"] else vector()
    return 200, kind


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, b"who are you", r"HTTP 401, a sign-in .* storage\.history_token_file"),
        (404, b"no page", r"HTTP 404, is this Prometheus\? .* stands before /api/v1"),
        (422, b'{"error": "too many samples"}', "query is refused: too many samples"),
        (503, b"starting", "HTTP 503: starting"),
        (200, b"<p>hello", "not JSON"),
        (200, b'{"status": "success"}', "not an answer of a query API"),
        (200, vector(({"odd": "x"}, 1))[:-9], "not JSON"),
    ],
    ids=["signed-out", "elsewhere", "too-much", "starting", "html", "other", "cut"],
)
def test_a_failure_says_where_and_what_to_do(
    status: int, body: bytes, words: str
) -> None:
    with serving(lambda question: (status, body)) as engine:
        with asking(engine.url) as kept, pytest.raises(Unreadable, match=words) as told:
            kept.picture(EAST, TEN)
    assert engine.url in str(told.value)


def test_an_engine_that_is_down_is_named() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with asking(url) as kept:
        for ask in (
            lambda: kept.first(EAST),
            lambda: kept.moments(EAST, TEN, NOW),
            lambda: kept.turns(EAST, TEN, NOW),
            lambda: kept.series(EAST, Ask(TEN, NOW, 3600)),
        ):
            with pytest.raises(Unreadable, match=f"{url}: connection refused"):
                ask()


def test_a_token_is_sent_and_never_told(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("hush-hush")
    with serving(lambda question: (403, b"hush-hush is wrong")) as engine:
        with asking(engine.url, token_file=str(file)) as kept:
            with pytest.raises(Unreadable) as told:
                kept.first(EAST)
    assert engine.headers[0]["Authorization"] == "Bearer hush-hush"
    assert "hush-hush" not in str(told.value)


def test_a_password_belongs_to_a_user(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("secret")
    with serving(empty) as engine:
        with asking(engine.url, token_file=str(file), user="gws") as kept:
            assert kept.first(EAST) is not None
    assert engine.headers[0]["Authorization"] == "Basic Z3dzOnNlY3JldA=="


def test_all_subjects_are_asked_for_at_once() -> None:
    with serving(empty) as engine, asking(engine.url) as kept:
        answer = kept.series(EAST, Ask(TEN, TEN + timedelta(hours=24), 600))
    assert not answer.columns
    assert not answer.statuses
    ranges = [one for one in engine.asked if "step" in one]
    assert len(ranges) == 6, "five figures and the statuses"
    assert {one["path"] for one in ranges} == {"/api/v1/query_range"}
    assert all(one["nocache"] == "1" for one in engine.asked)


def test_a_long_span_is_asked_for_in_parts_that_follow_each_other() -> None:
    whole = Ask(TEN, TEN + timedelta(days=30), 60, (12,), ("request_rate",))
    with serving(empty) as engine, asking(engine.url) as kept:
        kept.series(EAST, whole)
    counts = [one for one in engine.asked if "count_over_time" in one["query"]]
    spans = [(int(one["start"]), int(one["end"])) for one in counts]
    assert len(spans) == 5
    assert all((end - begin) // 60 < 11_000 for begin, end in spans)
    assert spans[0][0] == TEN.timestamp() + 60, "a step is told at its end"
    assert spans[-1][1] == (TEN + timedelta(days=30)).timestamp()
    for (_, end), (begin, _) in zip(spans, spans[1:], strict=False):
        assert begin == end + 60


def test_what_nobody_can_have_is_not_asked_for() -> None:
    with serving(empty) as engine, asking(engine.url) as kept:
        answer = kept.series(EAST, Ask(TEN, NOW, 3600, ("redis",), ("request_rate",)))
        assert not answer.columns
        assert kept.picture("north", TEN) is None
    assert not [one for one in engine.asked if "request_rate" in one["query"]]


def test_the_first_picture_is_not_sought_again_at_once() -> None:
    with serving(empty) as engine, asking(engine.url) as kept:
        assert kept.first(EAST) == kept.first(EAST)
    assert len(engine.asked) == 1


def test_the_newest_is_sought_further_and_further_back() -> None:
    with serving(empty) as engine, asking(engine.url) as kept:
        assert kept.picture(EAST, TEN) is None
    windows = [one["query"].partition("[")[2].partition("]")[0] for one in engine.asked]
    assert windows == ["90000ms", "1d", "31d", "400d"]


def test_a_look_that_lacks_something_shows_that() -> None:
    since = at(0).timestamp()
    told = [
        series("gws_connection_status", 1, connection="17", status="failing"),
        series("gws_connection_status", 0, connection="17", status="ok"),
        series("gws_connection_status_since_timestamp_seconds", since, connection="17"),
        series("gws_observatory_source_status", 1, source="consul", status="failing"),
        series("gws_node_cpu_cores", 1.25, node="redis"),
        series("gws_node_pods_ready", 3, node="redis"),
    ]
    shown = picture(EAST, TOPOLOGY, at(4), at(4), Look(told))
    connections = {one["number"]: one for one in shown["connections"]}
    assert connections[17]["status"] == "failing"
    assert connections[17]["reasons"][0]["text"] == NOT_KEPT
    assert connections[12]["status"] == Status.NO_DATA
    assert connections[12]["reasons"][0]["text"] == UNSEEN
    assert set(connections[12]["metrics"].values()) == {None}
    (redis,) = [one for one in shown["nodes"] if one["id"] == "redis"]
    assert (redis["cpu"], redis["ready"], redis["desired"]) == (1.25, 3, None)
    (consul,) = shown["sources"]
    assert (consul["last_success"], consul["age_s"]) == (None, None)
    assert shown["status"] == "failing"


def series(name: str, value: float, **labels: str) -> Series:
    return Series({"__name__": name, "deployment": EAST, **labels}, value)


def test_a_clock_that_differs_hides_no_picture() -> None:
    """The engine's clock is ten seconds ahead of ours."""

    def say(question: dict[str, str]) -> Answer:
        if "picture_timestamp" not in question["query"]:
            return 200, vector()
        made = [(at(look).timestamp() + 10, at(look).timestamp()) for look in range(4)]
        return 200, matrix(({}, made))

    with serving(say) as engine, asking(engine.url) as kept:
        shown = kept.picture(EAST, at(2.1))
    assert shown is not None
    assert datetime.fromisoformat(shown["at"]) == at(2)
    assert float(engine.asked[-1]["time"]) == at(2).timestamp() + 10


def test_without_a_push_it_is_well_and_has_nothing_to_do() -> None:
    with asking("http://127.0.0.1:9") as kept:
        kept.start()
        kept.listen(lambda: None)
        kept.note(EAST, {}, None)
        assert kept.running()
        assert kept.health().paused is None
