"""Why a connection stands where it stands, fact by fact."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.evaluate import Deployment
from app.domain.explain import Effect, Explanation, explain
from app.domain.facts_alerts import Silence, SilenceFact
from app.domain.facts_traffic import TrafficFact
from app.domain.plain import plain
from app.domain.reading import Feed
from app.domain.subject import NodeId
from tests.domain.scene import NOW, Scene, k8s

POLLED = Feed("scrape", "pod-1", 45)


def explained(scene: Scene, number: int, after: float = 0.0) -> Explanation:
    scene.look(after)
    deployment = Deployment("demo", scene.topology, scene.limits, scene.sources)
    found = explain(deployment, scene.knowledge, scene.memory, scene.now, number)
    assert found is not None
    return found


def slow(scene: Scene, number: int = 26) -> None:
    buckets = ((1.0, 0.0), (2.0, 100.0), (float("inf"), 100.0))
    fact = TrafficFact(number, "p", requests=100.0, buckets=buckets, window_s=15.0)
    scene.hear(POLLED, fact)


def effects(found: Explanation) -> dict[str, Effect]:
    return {one.rule: one.effect for one in found.rulings}


def test_before_the_first_judgement_there_is_nothing_to_explain() -> None:
    scene = Scene()
    deployment = Deployment("demo", scene.topology, scene.limits)
    assert explain(deployment, scene.knowledge, scene.memory, NOW, 1) is None
    with pytest.raises(KeyError):
        explain(deployment, scene.knowledge, scene.memory, NOW, 99)


def test_each_fact_is_told_with_its_age_and_how_old_it_may_become(scene: Scene) -> None:
    slow(scene)
    found = explained(scene, 26, after=7)
    (counted,) = [one for one in found.evidence if one.source == "scrape"]
    assert (counted.about, counted.kind, counted.witness) == (26, "traffic", "traffic")
    assert (counted.age_s, counted.max_age_s, counted.fresh) == (7.0, 45.0, True)
    assert counted.told["requests"] == 100.0
    assert "errors" not in counted.told, "what nobody counted is not told"
    ends = [one.about for one in found.evidence]
    assert ends[0] == 26
    assert set(ends) == {26, "iwd", "workspace"}


def test_the_rule_that_decides_is_named_and_what_would_make_it_better(
    scene: Scene,
) -> None:
    scene.crash("iwd")
    found = explained(scene, 26)
    assert effects(found)["nothing-ready"] is Effect.DECIDES
    (better,) = found.would_change
    assert better.startswith("better 5 s after this no longer holds (kubernetes): no ")


def test_what_waits_tells_when_it_will_colour(scene: Scene) -> None:
    slow(scene)
    found = explained(scene, 26)
    assert effects(found)["latency"] is Effect.WAITS
    (waits,) = [one for one in found.rulings if one.effect is Effect.WAITS]
    assert waits.colours_at == NOW + timedelta(seconds=scene.limits.enter)
    assert found.would_change[0].startswith(
        "degraded from 10:00:10 UTC if it lasts: p95 1950 ms, limit 1000 ms"
    )
    (latency,) = [one for one in found.measured if one.name == "latency_p95_ms"]
    assert (latency.value, latency.degraded, latency.failing) == (1950, 1000, 5000)


def test_what_is_bad_beside_something_worse_counts(scene: Scene) -> None:
    for _ in range(2):
        slow(scene)
        scene.look(scene.limits.enter + 1)
    scene.crash("iwd")
    assert effects(explained(scene, 26))["latency"] is Effect.COUNTS


def test_a_colour_that_outlasts_its_cause_tells_until_when(scene: Scene) -> None:
    scene.crash("iwd")
    scene.look()
    scene.heal("iwd")
    found = explained(scene, 26, after=1)
    assert found.would_change == (
        "it is better already; shown until 10:00:06 UTC if it stays so",
    )


def test_well_tells_what_would_turn_it(scene: Scene) -> None:
    found = explained(scene, 26)
    assert set(effects(found).values()) == {Effect.WELL}
    assert found.would_change[0].startswith("at once: no ready endpoint")


def test_a_silence_overrules_every_finding(scene: Scene) -> None:
    silence = Silence("anna", "upgrade", NOW + timedelta(hours=1))
    scene.hear(
        Feed("alertmanager", "silences", 60), SilenceFact(NodeId("iwd"), "s1", silence)
    )
    found = explained(scene, 26)
    assert set(effects(found).values()) == {Effect.OVERRULED}
    assert found.would_change == ("the end of the maintenance",)


def test_nothing_heard_yet_is_said_so() -> None:
    scene = Scene()
    assert explained(scene, 26).would_change == (
        "the first fact about its destination",
    )


def test_a_watch_confirms_what_it_said(scene: Scene) -> None:
    scene.now += timedelta(seconds=60)
    scene.news(k8s("pods/iwd"))
    pods = [one for one in explained(scene, 26).evidence if one.feed == "pods/iwd"]
    assert {one.age_s for one in pods} == {0.0}


def test_it_is_told_in_plain_values(scene: Scene) -> None:
    scene.crash("iwd")
    told = plain(explained(scene, 26))
    assert told["since"] == "2026-11-24T10:00:00.000Z"
    assert told["rulings"][0]["effect"] == "decides"
    assert plain({"a": (timedelta(seconds=2), {3})}) == {"a": [2.0, [3]]}
