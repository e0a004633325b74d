"""Verdicts on how late a probe is answered, who answers at all, and certificates."""

from __future__ import annotations

from datetime import timedelta

from app.domain.facts import ProbeFact, ProbeOutcome
from app.domain.reading import Feed
from app.domain.status import Status
from app.domain.subject import NodeId
from tests.domain.scene import Scene

PROBE = "probe"


def answers(scene: Scene, target: str, *milliseconds: float | None) -> None:
    outcomes = tuple(
        ProbeOutcome(scene.now, True, "answered", 0.001, ms and ms / 1000)
        for ms in milliseconds
    )
    fact = ProbeFact(NodeId("redis"), "tcp", target, outcomes)
    scene.hear(Feed(PROBE, target, 30), fact)


def slow(scene: Scene, *milliseconds: float | None, target: str = "a:1") -> None:
    answers(scene, target, *milliseconds)
    scene.look()
    scene.now += timedelta(seconds=10)
    answers(scene, target, *milliseconds)


def test_a_store_that_answers_late_every_time_is_slow(scene: Scene) -> None:
    slow(scene, 60, 200, 70)
    state = scene.connection(18)
    assert state.status is Status.FAILING
    assert state.reasons[0].text == (
        "first byte after 60 ms at best, limit 50 ms (tcp a:1, from the dashboard)"
    )


def test_one_quick_answer_of_three_excuses_two_late_ones(scene: Scene) -> None:
    slow(scene, 60, 1, 70)
    assert scene.connection(18).reasons == ()


def test_a_time_nobody_took_is_not_judged(scene: Scene) -> None:
    slow(scene, 60, None, 70)
    assert scene.connection(18).reasons == ()


def test_one_slow_target_among_quick_ones_only_degrades(scene: Scene) -> None:
    answers(scene, "b:1", 1, 1, 1)
    slow(scene, 60, 60, 60)
    answers(scene, "b:1", 1, 1, 1)
    state = scene.connection(18)
    assert state.status is Status.DEGRADED
    assert "limit 5 ms" in state.reasons[0].text


def web(scene: Scene, node: str, *oks: bool) -> None:
    outcomes = tuple(ProbeOutcome(scene.now, ok, "said") for ok in oks)
    fact = ProbeFact(NodeId(node), "http", f"{node}:80", outcomes)
    scene.hear(Feed(PROBE, f"{node}:80", 30), fact)


def test_the_first_of_many_to_fail_is_blamed_only_when_another_answers_after_it(
    scene: Scene,
) -> None:
    for node in ("iwd", "voice", "statistics", "setting"):
        web(scene, node, True)
    scene.look(after=1)
    web(scene, "iwd", False, False, False)
    assert scene.off() == {}
    scene.now += timedelta(seconds=1)
    web(scene, "voice", True)
    assert scene.off() == {26: "failing"}


def test_a_certificate_near_its_end_is_told_with_its_days(scene: Scene) -> None:
    def certificate(days: float) -> Status:
        outcomes = (ProbeOutcome(scene.now, True, "handshake done", 0.01),)
        fact = ProbeFact(NodeId("service-proxy"), "tls", "gws:443", outcomes, days)
        scene.hear(Feed(PROBE, "gws:443", 30), fact)
        return scene.connection(1, after=6).status

    assert certificate(90) is Status.OK
    assert certificate(13) is Status.DEGRADED
    assert certificate(1) is Status.FAILING
    assert certificate(-1) is Status.FAILING
    texts = [reason.text for reason in scene.connection(1).reasons]
    assert "certificate of gws:443 has expired" in texts
