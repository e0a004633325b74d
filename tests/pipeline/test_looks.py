"""When a pipeline looks: at news at once and alone, at measurements together."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.evaluate import Deployment, evaluate
from app.domain.facts_traffic import TrafficFact
from app.domain.limits import DEFAULT
from app.domain.reading import Feed, Reading
from app.domain.subject import NodeId
from app.domain.topology import standard
from app.pipeline.pipeline import LOOK, Pipeline


def measured(target: str, value: float) -> Reading:
    feed = Feed("scrape", target, 45)
    fact = TrafficFact(NodeId("redis"), target, 15, value)
    return Reading(feed, datetime.fromtimestamp(time.time(), UTC), (fact,))


def rate_of_18(expected: float):
    return lambda s: s["connections"][17]["metrics"]["request_rate"] == expected


def test_measurements_are_judged_together_within_a_second(running, bus):
    looks = []

    def rules(deployment, knowledge, memory, now):
        looks.append(now)
        return evaluate(deployment, knowledge, memory, now)

    with running(rules) as pipeline:
        for target in "abcdefgh":
            pipeline.report(measured(target, 15))
        bus.wait(rate_of_18(8))
        first = len(looks)
        for target in "abcdefgh":
            pipeline.report(measured(target, 30))
        bus.wait(rate_of_18(16))
    assert len(looks) == first + 1


def test_news_is_judged_without_the_measurements_that_wait(running, bus, talk):
    with running(look=3 * LOOK) as pipeline:
        pipeline.report(talk.said(talk.check()))
        pipeline.report(measured("a", 15))
        bus.wait(rate_of_18(1))
        pipeline.report(measured("a", 30))
        pipeline.report(talk.said(talk.check(status="critical")))
        told = bus.wait(lambda s: s["status"] == "failing")
        assert rate_of_18(1)(told)
        bus.wait(rate_of_18(2))


def test_measurements_are_judged_though_there_is_news_all_the_time(running, bus, talk):
    with running() as pipeline:
        pipeline.report(talk.said(talk.check()))
        pipeline.report(measured("a", 15))
        bus.wait(rate_of_18(1))
        pipeline.report(measured("a", 30))
        statuses = itertools.cycle(("critical", "passing"))
        end = time.perf_counter() + 30
        while not any(rate_of_18(2)(told) for told, _, _ in bus.published):
            assert time.perf_counter() < end
            pipeline.report(talk.said(talk.check(status=next(statuses))))
            pipeline.join(0.005)


def test_a_clock_that_is_set_back_puts_no_measurement_off(bus):
    lag = timedelta()
    deployment = Deployment("demo", standard(), DEFAULT, ("scrape",))
    pipeline = Pipeline(
        deployment,
        evaluate,
        bus,
        lambda: datetime.fromtimestamp(time.time(), UTC) - lag,
    )
    pipeline.start()
    try:
        pipeline.report(measured("a", 15))
        bus.wait(rate_of_18(1))
        pipeline.report(measured("a", 30))
        lag = timedelta(hours=1)
        back = measured("b", 15)
        pipeline.report(replace(back, at=back.at - lag))
        bus.wait(rate_of_18(3))
    finally:
        pipeline.stop()
        pipeline.join(30)


def test_not_all_deployments_are_shown_anew_at_one_moment(bus):
    deployments = [Deployment(f"d{n}", standard(), DEFAULT) for n in range(10)]
    now = datetime.fromtimestamp(time.time(), UTC)
    begun = [Pipeline(one, evaluate, bus, lambda: now) for one in deployments]
    assert len({one.knowledge.grid for one in begun}) == len(begun)
