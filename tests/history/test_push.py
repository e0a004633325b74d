"""Pushing looks to an engine: what is sent, what waits, and what is told of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from app.history.promql import PromqlHistory
from app.history.promql_talk import Engine
from app.history.push import Push, lines
from benchmarks.stage import free_port, wait_for
from collectors.prometheus import PrometheusAddress
from tests.history.fake_engine import Answer, serving
from tests.history.story import EAST, TOPOLOGY, at, story


class Watch:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = at(0)

    def __call__(self) -> datetime:
        return self.now


def taking(question: dict[str, str]) -> Answer:
    return 204, b""


def test_a_look_is_text_with_its_moment_and_the_ages_of_then() -> None:
    told = story()[0]
    moment = told.at + timedelta(seconds=20)
    text = "".join(lines([told.picture], round(moment.timestamp() * 1000)))
    found = {(s.name, *s.labels.values()): s for f in families(text) for s in f.samples}
    status = found["gws_connection_status", EAST, "17", "workspace", "voicemail", "ok"]
    assert (status.value, status.timestamp) == (1, pytest.approx(moment.timestamp()))
    assert found["gws_observatory_source_age_seconds", EAST, "scrape"].value == 24


def test_looks_are_taken_whether_there_is_news_or_not() -> None:
    watch = Watch()
    with serving(taking) as engine:
        push = Push(PrometheusAddress(engine.url), watch)
        push.look()
        assert engine.told == [], "there is nothing to be seen yet"
        push.note(EAST, story()[0].picture)
        for _ in range(3):
            watch.now += timedelta(seconds=15)
            push.look()
        push.join(0)
    moments = [text.rsplit(maxsplit=1)[-1] for text in engine.told]
    assert moments == [str(round(at(n).timestamp() * 1000)) for n in (1, 2, 3)]
    assert push.health().paused is None


def test_while_the_engine_is_away_looks_wait_and_come_in_order() -> None:
    watch, well, told = Watch(), [False], []

    def say(question: dict[str, str]) -> Answer:
        return (204, b"") if well[0] else (503, b"full")

    with serving(say) as engine:
        push = Push(PrometheusAddress(engine.url), watch, most=3)
        push.listen(lambda: told.append(push.health().paused))
        push.note(EAST, story()[0].picture)
        for _ in range(5):
            push.look()
            watch.now += timedelta(seconds=15)
        away = push.health()
        assert away.paused == f"can't be pushed to {engine.url}: HTTP 503: full"
        assert (away.lost_from, away.lost_until) == (at(0), None)
        assert len(engine.told) < 5, "it is not asked at every look"
        well[0] = True
        engine.told.clear()
        watch.now += timedelta(seconds=60)
        push.look()
        push.join(0)
    moments = [text.rsplit(maxsplit=1)[-1] for text in engine.told]
    assert moments == [str(round(at(n).timestamp() * 1000)) for n in (3, 4, 9)]
    back = push.health()
    assert (back.paused, back.lost_until) == (None, at(3))
    assert "was away for longer" in (back.remark or "")
    assert told[0] == away.paused
    assert told[-1] is None


def test_it_pushes_by_itself_until_it_is_ended() -> None:
    import time

    def now() -> datetime:
        return datetime.fromtimestamp(time.time()).astimezone()

    with serving(taking) as engine:
        address = PrometheusAddress(engine.url)
        push = Push(address, now, look_s=0.05)
        kept = PromqlHistory(Engine(address), {EAST: TOPOLOGY}, now, push=push)
        kept.start()
        kept.note(EAST, story()[0].picture, None)
        wait_for("two looks", lambda: len(engine.told) > 1, 30)
        assert kept.running()
        assert kept.health().paused is None
        kept.stop()
        kept.join(30)
        assert not kept.running()


def test_an_engine_that_is_down_is_told_of() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    push = Push(PrometheusAddress(url), Watch())
    push.note(EAST, story()[0].picture)
    push.look()
    push.join(0)
    assert push.health().paused == f"can't be pushed to {url}: connection refused"
