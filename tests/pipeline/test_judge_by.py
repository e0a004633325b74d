"""Limits that change while a pipeline runs: judged anew by them, nothing forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from time import time

from app.domain.evaluate import Deployment, evaluate
from app.domain.facts_traffic import TrafficFact
from app.domain.instants import instant
from app.domain.limits import DEFAULT, customise
from app.domain.reading import Feed, Reading
from app.domain.snapshot import SourceState
from app.domain.status import Status
from app.domain.topology import standard

MEAN_MS = 300
SLOW = {"latency_p95_ms": {"degraded": 100}}


def measured(*numbers: int) -> Reading:
    """Each of these connections answers in 300 ms, as of now."""
    facts = tuple(
        TrafficFact(
            number, "ws-1:8080", 15.0, requests=300, errors=0, client_errors=0,
            duration_sum_s=300 * MEAN_MS / 1000, duration_count=300,
        )
        for number in numbers
    )  # fmt: skip
    feed = Feed("scrape", "ws-1:8080", max_age_s=45)
    return Reading(feed, datetime.fromtimestamp(time(), UTC), facts)


def limited(**limits: object) -> Deployment:
    """As it would be read from a changed file, whose picture and sources differ too."""
    changed, problems = customise(DEFAULT, limits)
    assert not problems
    elsewhere = standard({"gws": "elsewhere"})
    return Deployment("demo", elsewhere, changed, ("consul", "prometheus"))


def connection(snapshot: dict, number: int) -> dict:
    return next(c for c in snapshot["connections"] if c["number"] == number)


def status_of(number: int, status: str) -> Callable[[dict], bool]:
    return lambda snapshot: connection(snapshot, number)["status"] == status


def limit_of(pipeline, number: int) -> float:
    told = pipeline.explained(number)["measured"]
    return next(m["degraded"] for m in told if m["name"] == "latency_p95_ms")


def test_a_limit_of_one_connection_is_held_against_it_alone(running, bus):
    with running() as pipeline:
        pipeline.report(measured(10, 17))
        bus.wait(status_of(17, "ok"))
        assert limit_of(pipeline, 17) == 1000
        pipeline.judge_by(limited(enter=0, connections={17: SLOW}))
        bus.wait(lambda s: "limit 100 ms" in str(connection(s, 17)["reasons"]))
        pipeline.report(measured(10, 17))
        found = bus.wait(status_of(17, "degraded"))
        assert (limit_of(pipeline, 17), limit_of(pipeline, 10)) == (100, 1000)
    assert connection(found, 10)["status"] == "ok"
    assert "limit 100 ms" in connection(found, 17)["reasons"][0]["text"]


def test_what_needs_a_new_start_stays_as_it_is(running, bus):
    with running() as pipeline:
        bus.wait(lambda s: s["version"] == 1)
        before = pipeline.deployment
        pipeline.judge_by(limited(enter=1))
        pipeline.report(measured(17))
        bus.wait(status_of(17, "ok"))
        after = pipeline.deployment
    assert after == replace(before, limits=limited(enter=1).limits)
    assert after.topology is before.topology


def test_a_hold_that_has_begun_goes_on_under_the_new_limits(running, bus):
    """Nothing is measured after the change: what was waited for already counts."""
    with running() as pipeline:
        pipeline.judge_by(limited(enter=3600, **SLOW))
        pipeline.report(measured(17))
        bus.wait(lambda s: "limit 100 ms" in str(connection(s, 17)["reasons"]))
        second = measured(17)
        pipeline.report(second)
        bus.wait(lambda s: instant(second.at) in str(connection(s, 17)["reasons"]))
        assert connection(bus.published[-1][0], 17)["status"] == "ok"
        pipeline.judge_by(limited(enter=0, **SLOW))
        bus.wait(status_of(17, "degraded"))


def test_rules_that_fail_on_new_limits_leave_the_last_judgement_explained(running, bus):
    def rules(deployment, knowledge, memory, now):
        if deployment.limits is not DEFAULT:
            raise RuntimeError("a bug")
        return evaluate(deployment, knowledge, memory, now)

    with running(rules) as pipeline:
        pipeline.report(measured(17))
        bus.wait(status_of(17, "ok"))
        pipeline.judge_by(limited(connections={17: SLOW}))
        bus.wait(lambda s: any(one["name"] == "observatory" for one in s["sources"]))
        assert limit_of(pipeline, 17) == 1000


def test_what_this_process_says_of_itself_stands_among_the_sources(running, bus):
    said: list[SourceState] = []
    with running(beside=lambda: tuple(said)) as pipeline:
        first = bus.wait(lambda s: s["version"] == 1)
        assert [one["name"] for one in first["sources"]] == ["consul"]
        said.append(SourceState("config", Status.FAILING, None, "broken", 1, 1))
        pipeline.look_again()
        found = bus.wait(lambda s: len(s["sources"]) == 2)
    told = found["sources"][1]
    assert (told["name"], told["status"]) == ("config", "failing")
    assert told["error"] == "broken"
