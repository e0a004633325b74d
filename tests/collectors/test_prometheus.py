"""What may go wrong with a Prometheus, and how its answers are read."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.facts_traffic import TrafficFact
from app.domain.reading import Reading
from app.domain.telemetry import TITLES
from collectors.prometheus import PrometheusAddress, Wanted
from collectors.telemetry import filled
from collectors.telemetry_boxes import ALL, DIRECT
from tests.collectors.scripted_prometheus import (
    CALL,
    TRACES,
    Engine,
    asking,
    live,
    running_engine,
    vector,
)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with running_engine() as engine:
        yield engine


def hear(engine: Engine, wanted: Wanted = TRACES) -> Reading:
    collector = asking(PrometheusAddress(engine.url), wanted)
    try:
        return live(collector)[-1]
    finally:
        collector.stop()


def trouble(reading: Reading) -> tuple[str, str]:
    assert reading.trouble is not None and not reading.facts
    return reading.trouble.kind, reading.trouble.text


def test_every_kind_has_a_name_that_people_know() -> None:
    assert set(ALL) == set(TITLES)


def test_the_blanks_of_a_question_are_filled() -> None:
    ask = 'sum by (a) (increase(x{b="c",$M}[$W])) or y{$M}'
    assert filled(ask, 60, {}) == 'sum by (a) (increase(x{b="c"}[60s])) or y{}'
    assert filled(ask, 90.4, {"k": 'a"b\\c\n'}) == (
        'sum by (a) (increase(x{b="c",k="a\\"b\\\\c\\n"}[90s])) or y{k="a\\"b\\\\c\\n"}'
    )


def test_no_question_names_one_connection() -> None:
    """As many questions as there are kinds of numbers, whatever is drawn."""
    for kind in ALL.values():
        assert len(kind.asks) <= 8
        for ask in kind.asks.values():
            assert "gws-app" not in ask and "$S" not in ask


def test_a_site_s_labels_stand_in_every_question(engine: Engine) -> None:
    for kind in ALL:
        hear(engine, Wanted((kind,), labels={"cluster": "east"}))
    questions = [question for question, _ in engine.asked]
    assert len(questions) == sum(len(kind.asks) for kind in ALL.values())
    for question in questions:
        assert question.count('cluster="east"') >= question.count("{")


def test_what_is_asked_at_first_hand_is_not_discovered(engine: Engine) -> None:
    names = [({"__name__": mark}, 1.0) for kind in ALL.values() for mark in kind.marks]
    engine.answers["__name__"] = vector(*names)
    collector = asking(
        PrometheusAddress(engine.url), Wanted(without=frozenset(DIRECT.values()))
    )
    found = {reading.feed.name for reading in live(collector)}
    collector.stop()
    assert found == {"metric names", *ALL} - set(DIRECT.values())


def test_what_was_once_found_is_asked_for_though_it_went(engine: Engine) -> None:
    mark = ({"__name__": "traces_service_graph_request_total"}, 1.0)
    engine.answers["count by (__name__)"] = vector(mark)
    collector = asking(PrometheusAddress(engine.url), Wanted())
    assert [r.feed.name for r in live(collector)] == ["metric names", "otel"]
    engine.answers.clear()
    assert [r.feed.name for r in live(collector)] == ["metric names", "otel"]
    collector.stop()


@pytest.mark.parametrize(
    ("user", "header"),
    [
        (None, "Bearer s3cret"),
        ("jane", "Basic " + base64.b64encode(b"jane:s3cret").decode()),
    ],
)
def test_the_secret_travels_in_a_header_and_is_never_told(
    engine: Engine, tmp_path: Path, user: str | None, header: str
) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    engine.status = 401
    engine.answers["increase"] = b"no such token: s3cret"
    address = PrometheusAddress(engine.url, str(tmp_path / "secret"), user=user)
    collector = asking(address)
    (reading,) = collector.ask_once()
    collector.stop()
    assert {sent for _, sent in engine.asked} == {header}
    kind, text = trouble(reading)
    assert kind == "refused" and "s3cret" not in text
    assert text.startswith(f"Prometheus at {engine.url}, otel: HTTP 401")


def test_an_answer_in_part_is_not_learnt_from(engine: Engine) -> None:
    answer = vector((CALL, 600.0)) | {"warnings": ["store b: context deadline"]}
    engine.answers["increase"] = answer
    kind, text = trouble(hear(engine))
    assert kind == "misread" and "in part only: store b: context deadline" in text


def test_an_answer_that_says_it_is_partial_without_words(engine: Engine) -> None:
    engine.answers["increase"] = vector((CALL, 600.0)) | {"isPartial": True}
    assert "in part only" in trouble(hear(engine))[1]


def test_a_remark_on_the_question_is_no_trouble(engine: Engine) -> None:
    remark = {"warnings": ["PromQL info: metric might not be a counter"]}
    engine.answers["timestamp"] = vector((CALL, 7.0))
    engine.answers["request_total"] = vector((CALL, 600.0)) | remark
    (fact,) = hear(engine).facts
    assert isinstance(fact, TrafficFact)
    assert (fact.requests, fact.age_s) == (600, 7)


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (422, b'{"status":"error","error":"query timed out"}', "misread",
         "the query is refused: query timed out"),
        (400, b'{"error":"parse error"}', "misread", "the query is refused: parse error"),
        (503, b'{"error":"not ready"}', "unreachable", "HTTP 503: not ready"),
        (404, b"page not found", "misread", "is this Prometheus?"),
        (200, b"<html>", "misread", "not JSON"),
        (200, b"[]", "misread", "not an answer of a query API"),
        (200, b'{"data":{"resultType":"scalar","result":[1,"2"]}}', "misread",
         "a scalar where series were asked for"),
        (200, b'{"data":{"resultType":"vector","result":[{"metric":{}}]}}', "misread",
         "a series that can't be read"),
    ],
)  # fmt: skip
def test_bad_answers_are_named(
    engine: Engine, status: int, body: bytes, kind: str, words: str
) -> None:
    engine.status, engine.answers["increase"] = status, body
    assert trouble(hear(engine))[0] == kind
    assert words in trouble(hear(engine))[1]


def test_nobody_there() -> None:
    collector = asking(PrometheusAddress("http://127.0.0.1:9"))
    (reading,) = collector.ask_once()
    collector.stop()
    assert trouble(reading) == (
        "unreachable",
        "Prometheus at http://127.0.0.1:9, otel: connection refused",
    )


def test_a_window_with_fewer_than_two_scrapes_is_named(engine: Engine) -> None:
    engine.answers["timestamp"] = vector((CALL, 20.0))
    kind, text = trouble(hear(engine))
    assert kind == "empty" and "set prometheus.window to four times" in text


def test_values_that_are_no_numbers_count_for_nothing(engine: Engine) -> None:
    engine.answers["timestamp"] = vector((CALL, 7.0))
    engine.answers["request_failed_total"] = vector((CALL, float("nan")))
    engine.answers["request_total"] = vector((CALL, 600.0))
    engine.answers["le"] = vector(({**CALL, "le": "often"}, 5.0))
    (fact,) = hear(engine).facts
    assert isinstance(fact, TrafficFact)
    assert (fact.errors, fact.buckets) == (0, ())


def test_a_connection_that_is_not_told_any_more_stays_and_a_pod_goes(
    engine: Engine,
) -> None:
    pod = {"namespace": "infra", "pod": "infra-redis-redis-cluster-0"}
    engine.answers["redis_up"] = vector((pod, 1.0))
    engine.answers["timestamp"] = vector((CALL, 7.0))
    engine.answers["traces"] = vector((CALL, 600.0))
    wanted = Wanted(("otel", "redis-exporter"))
    collector = asking(PrometheusAddress(engine.url), wanted)
    calls, store = live(collector)
    (known,) = store.facts
    assert calls.facts and store.gone == ()
    engine.answers.clear()
    calls, store = live(collector)
    collector.stop()
    assert (calls.complete, calls.gone) == (False, ())
    assert store.gone == (known.key,)
