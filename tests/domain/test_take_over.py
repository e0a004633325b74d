"""Another process goes on from a picture while its witnesses speak one after another:
nothing turns that did not, and what did is shown at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import wire
from app.domain.evaluate import Memory
from app.domain.facts import CheckFact
from app.domain.knowledge import learn
from app.domain.reading import Feed, FeedName, Reading
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.taken_up import WAITS, taken_up, tracks
from tests.domain.scene import Scene, k8s
from tests.domain.test_properties import check, pod
from tests.examples import dear

pytestmark = [pytest.mark.timeout(180), pytest.mark.untraced]
CHECKS = Feed("consul", "checks", 90, continuous=True)
WAITS_S = WAITS.total_seconds()


def checked(scene: Scene, status: str = "passing") -> None:
    """Consul speaks of all boxes, and of Redis in particular."""
    facts = [
        CheckFact(box.id, box.id, f"{box.id}-0", "n", box.id, "passing")
        for box in scene.topology.boxes
        if box.workloads and box.id != "redis"
    ]
    redis = CheckFact(NodeId("redis"), "redis", "redis-0", "n", "redis", status)
    scene.hear(CHECKS, *facts, redis)


def successor(scene: Scene) -> Scene:
    """It has taken up what was shown, and heard nobody yet."""
    assert scene.snapshot is not None
    picture = wire.encode(scene.snapshot, scene.topology)
    other = Scene(now=scene.now, sources=scene.sources)
    left = taken_up(picture, other.now + WAITS)
    other.memory = Memory(tracks=tracks(picture), left=left)
    return other


def told(scene: Scene) -> dict:
    """Each status, and since when."""
    assert scene.snapshot is not None
    nodes = {one.id: (one.status, one.since) for one in scene.snapshot.nodes}
    rows = {one.number: (one.status, one.since) for one in scene.snapshot.connections}
    return nodes | rows


def speaks(other: Scene, scene: Scene, name: FeedName) -> None:
    """A feed says to one what it last said to the other."""
    held = [one.fact for one in scene.knowledge.held.values() if one.feed == name]
    feed = scene.knowledge.feeds[name].feed
    reading = Reading(feed, other.now, tuple(held))
    other.knowledge = learn(other.knowledge, reading)


def test_what_nobody_speaks_of_stands_for_a_while_and_is_then_out_of_sight(scene):
    scene.crash("redis")
    scene.look(after=60)
    other = successor(scene)
    other.look(after=1)
    assert told(other) == told(scene)
    assert other.wake_at == other.memory.left.until
    assert set(other.statuses(after=WAITS_S).values()) == {"stale"}


def test_once_every_source_has_spoken_the_silent_have_nothing_to_say(scene):
    other = successor(scene)
    other.sources = ("consul",)
    other.hear(CHECKS)
    assert set(other.statuses(after=WAITS_S).values()) == {"no_data"}


def test_by_half_of_the_witnesses_nothing_bad_seems_well(scene):
    checked(scene, "critical")
    scene.look()
    other = successor(scene)
    other.staff()
    other.look(after=3)
    assert told(other) == told(scene)
    assert "redis" in other.memory.left.waiting
    checked(other, "critical")
    other.look(after=1)
    assert told(other) == told(scene)
    assert "redis" not in other.memory.left.waiting


def test_what_is_worse_is_shown_though_others_have_not_spoken(scene):
    checked(scene)
    scene.look()
    other = successor(scene)
    other.staff()
    other.crash("redis")
    other.look(after=1)
    assert other.node("redis").status is Status.FAILING
    assert "voice" in other.memory.left.waiting


def test_who_is_waited_for_in_vain_was_not_needed(scene):
    """It goes on, by those who speak."""
    checked(scene)
    scene.look()
    other = successor(scene)
    other.staff()
    other.look(after=1)
    assert "redis" in other.memory.left.waiting
    other.look(after=WAITS_S)
    assert other.memory.left.waiting == frozenset()
    assert told(other) == told(scene)


def test_what_is_not_installed_is_absent_before_all_lists_are_read():
    scene = Scene()
    scene.staff(without=("iwd",))
    assert scene.node("iwd").status is Status.ABSENT
    other = successor(scene)
    spaces = other.topology.watched_namespaces()
    other.hear(k8s(f"pods/{spaces[0]}"))
    assert other.node("iwd", after=1).status is Status.ABSENT


def test_who_calls_nobody_since_it_is_down_is_not_said_to_be_well(scene):
    """Of its callee everybody has spoken; of itself nobody."""
    checked(scene)
    scene.crash("workspace")
    checked(scene)
    scene.look()
    other = successor(scene)
    before = {n for n, (status, _) in told(scene).items() if status is Status.IDLE}
    assert before
    checked(other)
    for name in scene.knowledge.feeds:
        if not name[1].startswith("pods/"):
            speaks(other, scene, name)
    other.look(after=1)
    assert {n: told(other)[n] for n in before} == {n: told(scene)[n] for n in before}
    for name in scene.knowledge.feeds:
        speaks(other, scene, name)
    other.look(after=1)
    assert told(other) == told(scene)


spoken = st.one_of(
    st.builds(
        pod,
        st.sampled_from(["redis", "voice", "workspace", "iwd"]),
        st.booleans(),
        st.integers(0, 1),
    ),
    st.builds(
        check,
        st.sampled_from(["redis", "voice", "workspace", "consul"]),
        st.sampled_from(["passing", "warning", "critical"]),
        st.integers(0, 1),
    ),
)


@dear()
@given(st.lists(spoken, max_size=8), st.randoms(use_true_random=False))
def test_in_whatever_order_they_speak_nothing_turns(said, order):
    """Who says again what was said."""
    scene = Scene()
    scene.staff()
    for feed, fact in said:
        scene.news(feed, fact)
        scene.look(after=20)
    scene.look(after=70)
    for name in scene.knowledge.feeds:
        speaks(scene, scene, name)
    scene.look()
    other = successor(scene)
    feeds = [*scene.knowledge.feeds]
    order.shuffle(feeds)
    pause = WAITS_S / (len(feeds) + 1)
    for name in feeds:
        speaks(other, scene, name)
        other.look(after=pause)
        assert told(other) == told(scene)
