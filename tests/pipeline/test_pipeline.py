"""What a pipeline promises: at once, in order, numbered, and never silent about itself."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain import wire
from app.domain.evaluate import Deployment, Outcome, evaluate
from app.domain.limits import DEFAULT
from app.domain.topology import standard
from app.pipeline.pipeline import Pipeline

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def source(snapshot, name):
    return next((s for s in snapshot["sources"] if s["name"] == name), None)


def consul_is(status):
    return lambda snapshot: source(snapshot, "consul")["status"] == status


def test_versions_grow_by_one_and_deltas_lead_from_each_to_the_next(running, bus, talk):
    with running() as pipeline:
        bus.wait(lambda s: s["version"] == 1)
        pipeline.report(talk.said(talk.check()))
        bus.wait(consul_is("ok"))
        pipeline.report(talk.troubled())
        bus.wait(consul_is("failing"))
    snapshots = [s for s, _d, _t in bus.published]
    assert [s["version"] for s in snapshots] == list(range(1, len(snapshots) + 1))
    for before, (after, delta, _t) in zip(snapshots, bus.published[1:], strict=False):
        assert wire.apply(before, delta) == after | {
            "sources": wire.apply(before, delta)["sources"]
        }
        assert delta["version"] == after["version"]


def test_nothing_is_published_when_nothing_changed(running, bus, talk):
    asked = []

    def rules(deployment, knowledge, memory, now):
        asked.append(now)
        outcome = evaluate(deployment, knowledge, memory, now)
        return Outcome(
            outcome.snapshot, outcome.memory, now + timedelta(milliseconds=10)
        )

    with running(rules):
        bus.wait(lambda s: s["version"] == 1)
        deadline = time.monotonic() + 30
        while len(asked) < 10:
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)
    assert len(bus.published) == 1


def test_how_long_each_change_took_is_told(running, bus, talk):
    told = []
    with running(pushed=told.append) as pipeline:
        bus.wait(lambda s: s["version"] == 1)
        for turn in range(40):
            reading = talk.said(
                talk.check(status="critical" if turn % 2 else "passing")
            )
            seen = len(bus.published)
            pipeline.report(reading)
            bus.wait(lambda s, seen=seen: s["version"] > seen)
    assert len(told) == 40
    assert min(told) >= 0


def test_a_moment_that_was_named_is_kept(running, bus):
    """No reading comes: the pipeline wakes by itself when the verdict may change."""
    turns = []

    def rules(deployment, knowledge, memory, now):
        turns.append(now)
        outcome = evaluate(deployment, knowledge, memory, now)
        wake_at = now + timedelta(seconds=0.2) if len(turns) == 1 else None
        return Outcome(outcome.snapshot, outcome.memory, wake_at)

    with running(rules):
        deadline = time.monotonic() + 30
        while len(turns) < 2:
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)
    assert 0.19 < (turns[1] - turns[0]).total_seconds()


def test_a_moment_that_has_passed_does_not_make_the_thread_spin(running, bus):
    turns = []

    def rules(deployment, knowledge, memory, now):
        turns.append(now)
        outcome = evaluate(deployment, knowledge, memory, now)
        return Outcome(outcome.snapshot, outcome.memory, now - timedelta(seconds=1))

    with running(rules):
        threading.Event().wait(0.3)
    assert 2 <= len(turns) <= 80


def test_a_flood_from_many_threads_ends_in_the_newest_word_of_each_fact(
    running, bus, talk
):
    with running() as pipeline:

        def shout(thread):
            feed = replace(talk.feed, name=f"checks-{thread}")
            for turn in range(300):
                status = "passing" if turn < 299 else "critical"
                said = talk.said(talk.check(f"{thread}", status), complete=False)
                pipeline.report(replace(said, feed=feed))

        threads = [threading.Thread(target=shout, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        deadline = time.monotonic() + 30
        while [h.fact.status for h in pipeline.knowledge.held.values()] != [
            "critical"
        ] * 8:
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)


def test_reporting_does_not_wait_for_rules_that_are_slow(running, bus, talk):
    begun, let_go = threading.Event(), threading.Event()

    def rules(deployment, knowledge, memory, now):
        begun.set()
        let_go.wait(30)
        return evaluate(deployment, knowledge, memory, now)

    with running(rules) as pipeline:
        assert begun.wait(30)
        for _ in range(500):
            pipeline.report(talk.said(talk.check()))
        assert pipeline.knowledge.held == {}
        let_go.set()


def test_a_bug_in_the_rules_keeps_the_picture_and_is_told_until_it_is_over(
    running, bus, talk
):
    broken = threading.Event()

    def rules(deployment, knowledge, memory, now):
        if broken.is_set():
            raise RuntimeError("a bug")
        return evaluate(deployment, knowledge, memory, now)

    with running(rules) as pipeline:
        pipeline.report(talk.said(talk.check()))
        good = bus.wait(consul_is("ok"))
        broken.set()
        pipeline.report(talk.said(talk.check(status="critical")))
        told = bus.wait(lambda s: source(s, "observatory") is not None)
        assert source(told, "observatory")["status"] == "failing"
        assert "bug in the rules" in source(told, "observatory")["error"]
        assert told["connections"] == good["connections"]
        broken.clear()
        pipeline.report(talk.said(talk.check(status="critical")))
        bus.wait(lambda s: (source(s, "observatory") or {}).get("status") == "ok")


def test_rules_that_fail_from_the_start_still_give_a_picture(running, bus):
    def rules(deployment, knowledge, memory, now):
        raise RuntimeError("a bug")

    with running(rules):
        first = bus.wait(lambda s: s["version"] == 1)
    assert first["status"] == "no_data"
    assert source(first, "observatory")["status"] == "failing"


def test_the_first_picture_waits_for_the_sources_it_needs(running, bus, talk):
    with running(awaited=frozenset({"consul"})) as pipeline:
        threading.Event().wait(0.1)
        assert bus.published == []
        assert pipeline.unheard() == ("consul",)
        pipeline.report(talk.troubled())
        first = bus.wait(lambda s: s["version"] == 1)
    assert source(first, "consul")["status"] == "failing"


def test_the_first_picture_does_not_wait_for_ever(running, bus):
    with running(awaited=frozenset({"consul"})):
        first = bus.wait(lambda s: s["version"] == 1, seconds=8)
    assert source(first, "consul")["status"] == "no_data"


def test_news_does_not_wait_for_the_regular_look(running, bus, talk):
    with running(look=timedelta(hours=1)) as pipeline:
        pipeline.report(talk.said(talk.check()))
        bus.wait(consul_is("ok"))
        pipeline.report(talk.said(talk.check(status="critical")))
        bus.wait(lambda s: s["status"] == "failing")


def test_news_that_comes_while_its_opposite_is_judged_is_not_put_off(
    running, bus, talk
):
    judging, let_go = threading.Event(), threading.Event()

    def rules(deployment, knowledge, memory, now):
        if any(held.fact.status == "critical" for held in knowledge.held.values()):
            judging.set()
            let_go.wait(30)
        return evaluate(deployment, knowledge, memory, now)

    with running(rules, look=timedelta(hours=1)) as pipeline:
        pipeline.report(talk.said(talk.check()))
        bus.wait(consul_is("ok"))
        pipeline.report(talk.said(talk.check(status="critical")))
        assert judging.wait(30)
        pipeline.report(talk.said(talk.check()))
        let_go.set()
        bus.wait(lambda s: "better again" in str(s["connections"][17]["reasons"]))


def test_what_does_not_change_is_kept_once_a_minute_all_the_same(bus, talk):
    now, kept = [NOW], []
    deployment = Deployment("demo", standard(), DEFAULT, ("consul",))
    pipeline = Pipeline(
        deployment,
        evaluate,
        bus,
        lambda: now[0],
        remember=lambda *one: kept.append(one),
    )
    for seconds in (0, 30, 59, 61, 90, 122):
        now[0] = NOW + timedelta(seconds=seconds)
        pipeline.turn(())
    made = [picture["at"][14:19] for picture, _ in kept]
    assert made == ["00:00", "01:01", "02:02"]
    assert [delta for _, delta in kept] == [None, {}, {}]
    assert len(bus.published) == 1
