"""What must hold whatever the witnesses say, in whatever order, at whatever time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import (
    CheckFact,
    ConsulClusterFact,
    Fact,
    PodFact,
    ProbeFact,
    ProbeOutcome,
    RevisionFact,
    ServiceFact,
)
from app.domain.facts_traffic import MeasureFact, TrafficFact
from app.domain.finding import Finding
from app.domain.hearing import Hearing
from app.domain.knowledge import learn
from app.domain.limits import DEFAULT
from app.domain.reading import Feed, Reading
from app.domain.rules_traffic import POOLS
from app.domain.status import RANK, Status, worst
from app.domain.subject import NodeId, Witness
from app.domain.suspects import explained
from app.domain.topology import standard
from app.domain.verdict import LEVELS, Track, step
from tests.domain.scene import NOW, Scene, k8s
from tests.examples import dear

NODES = ("redis", "voice", "workspace", "consul", "authentication", "iwd", "setting")
SLOW = dear()

pytestmark = pytest.mark.timeout(180)


def pod(node: str, ready: bool, index: int) -> tuple[Feed, Fact]:
    box = standard().box(NodeId(node))
    work = box.workloads[0]
    space = standard().namespace_of(work.role)
    name = f"{work.names[0]}-{index}"
    fact = PodFact(box.id, work.names[0], space, name, "Running", ready, 0, False)
    return k8s(f"pods/{space}"), fact


def check(node: str, status: str, index: int) -> tuple[Feed, Fact]:
    feed = Feed("consul", "checks", 90, continuous=True)
    return feed, CheckFact(
        NodeId(node), node, f"{node}-{index}", "n", f"{index}", status
    )


def probe(node: str, oks: list[bool]) -> tuple[Feed, Fact]:
    outcomes = tuple(ProbeOutcome(NOW, ok, "text") for ok in oks)
    return Feed("probe", node, 30), ProbeFact(NodeId(node), "tcp", node, outcomes)


def traffic(node: str, requests: float, errors: float) -> tuple[Feed, Fact]:
    fact = TrafficFact(NodeId(node), "t", 15, requests, min(errors, requests))
    return Feed("scrape", node, 45), fact


def leader(known: bool) -> tuple[Feed, Fact]:
    feed = Feed("consul", "cluster", 10)
    return feed, ConsulClusterFact("10.0.0.1:8300" if known else "", 3)


def pool(node: str, value: float) -> tuple[Feed, Fact]:
    fact = MeasureFact(NodeId(node), "t", "pool_saturation", value)
    return Feed("scrape", f"{node}-pool", 45), fact


node_names = st.sampled_from(NODES)
spoken = st.one_of(
    st.builds(pod, node_names, st.booleans(), st.integers(0, 2)),
    st.builds(
        check,
        node_names,
        st.sampled_from(["passing", "warning", "critical"]),
        st.integers(0, 2),
    ),
    st.builds(probe, node_names, st.lists(st.booleans(), min_size=1, max_size=3)),
    st.builds(traffic, node_names, st.floats(0, 100), st.floats(0, 100)),
    st.builds(leader, st.booleans()),
    st.builds(pool, node_names, st.floats(0, 1)),
)
stories = st.lists(st.tuples(spoken, st.floats(0, 40)), max_size=25)


def tell(story: list[tuple[tuple[Feed, Fact], float]]) -> Scene:
    scene = Scene()
    for (feed, fact), pause in story:
        scene.news(feed, fact)
        scene.look(after=pause)
    return scene


@pytest.mark.untraced
@SLOW
@given(stories, st.floats(0, 200))
def test_never_ok_without_a_fresh_fact(
    story: list[tuple[tuple[Feed, Fact], float]], later: float
) -> None:
    scene = tell(story)
    snapshot = scene.look(after=later)
    hearing = Hearing(scene.knowledge, scene.now)
    fresh = {
        held.subject
        for held in scene.knowledge.held.values()
        if hearing.sighting(held).until >= scene.now
    }
    for state in snapshot.connections:
        if state.status is Status.OK:
            row = scene.topology.connection(state.number)
            box = scene.topology.box(row.destination)
            pool = {node for node, n in POOLS.items() if n == state.number}
            assert fresh & {box.id, *box.members, *pool}


@pytest.mark.untraced
@SLOW
@given(stories)
def test_a_verdict_is_a_function_of_facts_and_time_only(
    story: list[tuple[tuple[Feed, Fact], float]],
) -> None:
    assert tell(story).look() == tell(story).look()


@pytest.mark.untraced
@SLOW
@given(st.lists(spoken, max_size=12))
def test_the_order_in_which_news_of_one_moment_arrives_does_not_matter(
    said: list[tuple[Feed, Fact]],
) -> None:
    newest = {fact.key: (feed, fact) for feed, fact in said}
    forth, back = Scene(), Scene()
    for feed, fact in newest.values():
        forth.news(feed, fact)
    for feed, fact in reversed(newest.values()):
        back.news(feed, fact)
    assert [s.status for s in forth.look().connections] == [
        s.status for s in back.look().connections
    ]


@pytest.mark.untraced
@SLOW
@given(stories, node_names)
def test_a_hard_bad_fact_more_never_makes_anything_better(
    story: list[tuple[tuple[Feed, Fact], float]], node: str
) -> None:
    without, more = tell(story), tell(story)
    before = {c.number: c for c in without.look().connections}
    for index in range(3):
        more.news(*pod(node, False, index))
    into = {c.number for c in more.topology.connections if c.destination == node}
    for state in more.look().connections:
        source = more.topology.connection(state.number).source
        if state.number in into and source != node and state.status is not Status.IDLE:
            assert RANK[state.status] >= RANK[before[state.number].status]


def finding(status: Status, hard: bool, by: Witness, at: datetime) -> Finding:
    return Finding(f"{by}", by, status, "text", at, hard=hard, sampled=not hard)


findings = st.lists(
    st.tuples(
        st.sampled_from([Status.OK, Status.DEGRADED, Status.FAILING]),
        st.booleans(),
        st.sampled_from(list(Witness)),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda item: item[2],
)
tales = st.lists(st.tuples(st.floats(0.1, 30), findings), min_size=1, max_size=40)
Tale = list[tuple[float, list[tuple[Status, bool, Witness]]]]


def walk(tale: Tale) -> list[tuple[datetime, Track, list[Finding]]]:
    now, track, steps = NOW, None, []
    for pause, said in tale:
        now += timedelta(seconds=pause)
        found = [finding(status, hard, by, now) for status, hard, by in said]
        track = step(track, found, DEFAULT, now).track
        steps.append((now, track, found))
    return steps


@given(tales)
def test_nothing_gets_better_faster_than_the_holds_allow(tale: Tale) -> None:
    steps = walk(tale)
    for (_, before, _), (now, after, _) in zip(steps, steps[1:], strict=False):
        if before.status in LEVELS and after.status.rank < before.status.rank:
            bad = [
                at
                for at, _, found in steps
                if at < now and any(f.hard and f.status is before.status for f in found)
            ]
            if bad:
                assert now - max(bad) >= timedelta(seconds=DEFAULT.leave_hard)


@given(tales)
def test_soft_evidence_never_colours_before_it_has_lasted(tale: Tale) -> None:
    steps = walk([(pause, [(s, False, w) for s, _, w in said]) for pause, said in tale])
    for i, (now, track, _) in enumerate(steps):
        if track.status in LEVELS and (i == 0 or steps[i - 1][1].status is Status.OK):
            since = [at for at, _, found in steps[: i + 1] if any(f.bad for f in found)]
            assert now - min(since) >= timedelta(seconds=DEFAULT.enter)


@pytest.mark.untraced
@SLOW
@given(st.sets(st.sampled_from(NODES), max_size=4))
def test_suspects_explain_and_none_is_superfluous(broken: set[str]) -> None:
    scene = Scene()
    scene.staff()
    scene.look()
    for node in sorted(broken):
        scene.crash(node)
        scene.look(after=1)
    snapshot = scene.look()
    bad = {c.number: c.since for c in snapshot.connections if c.status in LEVELS}
    every = [set(s.explains) for s in snapshot.suspects]
    assert set().union(*every) == set(bad)
    for i, one in enumerate(every):
        rest = set().union(*every[:i], *every[i + 1 :])
        assert one - rest
    for suspect in snapshot.suspects:
        assert suspect.node in broken
        assert set(suspect.explains) == explained(scene.topology, [suspect.node], bad)


def test_facts_that_are_only_shown_judge_nothing() -> None:
    scene = Scene()
    node = NodeId("iwd")
    scene.hear(
        k8s("services/iwd"),
        ServiceFact(node, "iwd", "iwd", "iwd", "10.0.0.1", ()),
        RevisionFact(node, "iwd", "iwd", "iwd-1", 1, 2, 2),
    )
    assert scene.connection(26).status is Status.NO_DATA


def test_statuses_are_ordered_as_the_contract_says() -> None:
    order = "failing degraded stale no_data maintenance idle ok absent".split()
    assert [status.value for status in sorted(Status, key=lambda s: -s.rank)] == order
    assert worst([Status.OK, Status.STALE]) is Status.STALE
    assert worst([]) is Status.NO_DATA


def test_a_later_reading_of_the_same_feed_wins_even_if_it_comes_first() -> None:
    scene = Scene()
    feed, fact = pod("iwd", True, 0)
    newer = Reading(feed, NOW + timedelta(seconds=1), (replace(fact, ready=False),))
    scene.knowledge = learn(scene.knowledge, newer)
    scene.hear(feed, fact)
    assert scene.connection(26, after=2).status is Status.FAILING
