"""What a judgement takes over from the one before: never a difference, often the very
same objects. `Scene.look` judges each moment twice, once with nothing taken over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import CheckFact
from app.domain.facts_alerts import Silence, SilenceFact
from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.knowledge import learn
from app.domain.reading import Feed, Reading
from app.domain.subject import NodeId
from app.domain.windows import Window
from tests.domain.calling import OFFICE, counts
from tests.domain.scene import NOW, Scene, k8s
from tests.examples import dear

pytestmark = pytest.mark.timeout(180)
REDIS, IWD, VOICE = NodeId("redis"), NodeId("iwd"), NodeId("voice")
PODS = k8s("pods/gws")


def sign_of_life(scene: Scene) -> None:
    scene.news(PODS)


def crash(scene: Scene) -> None:
    scene.crash("voice", 1)


def heal(scene: Scene) -> None:
    scene.heal("voice")


def called(scene: Scene) -> None:
    counts(scene, IWD, 5.0)


def silent(scene: Scene) -> None:
    counts(scene, IWD, 0.0)


def mesh(scene: Scene) -> None:
    for number in (29, 30):
        counts(scene, number, 9.0, f"istio-{number}", by="istio")


def clients(scene: Scene) -> None:
    store = StoreFact(REDIS, "r", "7.0", "master", 20, 100)
    caller = ClientsFact(REDIS, "r", VOICE, 4, active=1, oldest_s=60)
    scene.hear(Feed("redis", "r", 45), store, caller)


def retired(scene: Scene) -> None:
    """A feed is no longer asked: of a connection that it alone counted nothing is
    left."""
    feed = Feed("scrape", "istio-29istio", 45)
    reading = Reading(feed, scene.now, retired=True)
    scene.knowledge = learn(scene.knowledge, reading)


def muted(scene: Scene) -> None:
    jane = Silence("jane", "", scene.now + timedelta(seconds=50))
    scene.hear(Feed("alertmanager", "alerts", 45), SilenceFact(REDIS, "s1", jane))


def listed_anew(scene: Scene) -> None:
    """A watch tells all that it told before, in another order."""
    held = scene.knowledge.held.values()
    facts = [one.fact for one in held if one.feed == PODS.key]
    scene.hear(PODS, *reversed(facts))


def well_seen(scene: Scene) -> None:
    scene.sight_kept()


def office(scene: Scene) -> None:
    scene.calendar = OFFICE


ACTS = (
    sign_of_life, crash, heal, called, silent, mesh, clients, retired, muted,
    listed_anew, well_seen, office,
)  # fmt: skip
PAUSES = (0.0, 0.5, 5.0, 20.0, 61.0, 301.0, 3700.0)
"""Shorter and longer than the grid, the holds, the ages, the lull and the watching."""


@dear()
@given(
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.sampled_from(PAUSES), st.booleans()),
        max_size=14,
    )
)
def test_a_judgement_is_the_same_with_nothing_taken_over(
    story: list[tuple[object, float, bool]],
) -> None:
    """The assertion is in `Scene.look`; some look once more, with no news, at the
    moment that was named."""
    scene = Scene(windows=(window(),))
    scene.staff()
    scene.look()
    for act, pause, waits in story:
        act(scene)  # type: ignore[operator]
        scene.look(after=pause)
        if waits and scene.wake_at is not None:
            scene.now = max(scene.now, scene.wake_at)
            scene.look()
            scene.look(after=0.001)


def window() -> Window:
    begins = NOW + timedelta(minutes=2)
    return Window("w1", begins, begins + timedelta(minutes=1), "", "jane", (VOICE,))


def test_where_nothing_is_new_all_is_the_very_same(scene: Scene) -> None:
    before = scene.snapshot
    assert before is not None
    sign_of_life(scene)
    after = scene.look(after=1)
    for one, other in (
        *zip(before.connections, after.connections, strict=True),
        *zip(before.nodes, after.nodes, strict=True),
    ):
        assert one is other


def test_only_who_is_near_to_news_is_looked_at_again(scene: Scene) -> None:
    scene.look(after=1)
    known = scene.memory.made.connections
    crash(scene)
    scene.look(after=1)
    made = scene.memory.made.connections
    taken = {n for n, one in made.settled.items() if one is known.settled[n]}
    around = scene.topology.around
    assert taken == {n for n in made.settled if VOICE not in around[n]}


def test_a_list_told_anew_remakes_only_the_views_that_it_changes(scene: Scene) -> None:
    """Consul tells all checks where one has changed, and others spoke since."""
    checks = Feed("consul", "checks", 90, continuous=True)
    told = [
        CheckFact(node, node, f"{node}-1", "n", f"{node}-1", "passing")
        for node in (IWD, REDIS, VOICE)
    ]
    scene.hear(checks, *told)
    for node in (IWD, REDIS, VOICE):
        counts(scene, node, 5.0, f"{node}-1")
    scene.look()
    before = scene.memory.made.heard.views
    scene.hear(checks, replace(told[0], status="critical"), *told[1:])
    scene.look()
    after = scene.memory.made.heard.views
    assert [node for node in after if after[node] is not before[node]] == [IWD]


def test_a_sign_of_life_leaves_the_facts_as_they_are(scene: Scene) -> None:
    held = scene.knowledge.held
    sign_of_life(scene)
    assert scene.knowledge.held is held


def test_news_that_add_nothing_to_the_past_leave_it_as_it_is(scene: Scene) -> None:
    past, pod = scene.memory.past, scene.pods("voice")[0]
    scene.news(PODS, replace(pod, restarts=pod.restarts + 1))
    scene.look(after=1)
    assert scene.memory.past is past
