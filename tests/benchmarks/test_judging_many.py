"""Many deployments are judged as one is: each by itself, in every way that is timed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from app.domain.evaluate import Deployment
from app.domain.facts import PodFact
from app.domain.status import Status
from benchmarks.judging_many import rounds, watched
from tests.domain.scene import Scene


@pytest.fixture
def scene() -> Scene:
    """All is well, seen by Kubernetes alone."""
    made = Scene()
    made.staff()
    return made


def test_every_round_judges_all_and_changes_as_many_as_it_says(scene: Scene) -> None:
    deployment = Deployment("one", scene.topology, scene.limits)
    before = scene.knowledge
    scene.crash("voice")
    moments = (scene.now + timedelta(milliseconds=n) for n in count())
    found = rounds(
        deployment, (before, scene.knowledge), moments, 3, lambda: None, many=6
    )
    assert [(one.deployments, one.changed, len(one.times_ms)) for one in found] == [
        (1, 1, 3), (1, 1, 3), (6, 6, 3), (6, 6, 3), (6, 5, 3), (6, 5, 3),
    ]  # fmt: skip


def test_a_change_is_seen_by_the_one_that_it_happened_to(scene: Scene) -> None:
    deployment = Deployment("one", scene.topology, scene.limits)
    pod, held = scene.knowledge.of(PodFact)[0]
    less = replace(held, fact=replace(pod, ready=False))
    after = replace(scene.knowledge, held={**scene.knowledge.held, pod.key: less})
    moments = (scene.now + timedelta(milliseconds=n) for n in count())
    first, second = watched(deployment, (scene.knowledge, after), moments, 2)
    first.change()
    for one in (first, second):
        one.judge(next(moments), anew=False)
    states = [one.memory.made.nodes.settled[pod.node].state for one in (first, second)]
    assert [state.reasons != () for state in states] == [True, False]
    assert {state.status for state in states} == {Status.OK}
