"""What happened in a box is told from two looks at it, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.snapshot import NodeState, Reason, WitnessMark
from app.domain.status import Status
from app.domain.subject import Witness
from app.domain.timeline import What
from app.domain.timeline_boxes import alerts, happened
from tests.domain.film import box, pod, reason
from tests.domain.story import FAILING, NOON, OK, after

A1, A2 = pod("redis-aaa-1"), pod("redis-aaa-2")
B1, B2 = pod("redis-bbb-1"), pod("redis-bbb-2")


def told(old: NodeState, new: NodeState) -> list[tuple[What, str]]:
    return [*happened(old, new, NOON)]


def kinds(old: NodeState, new: NodeState) -> list[What]:
    return [what for what, _ in told(old, new)]


def test_a_rollout_begins_with_new_pods_beside_the_old_and_ends_without_those() -> None:
    steps = [(A1, A2), (A1, A2, B1), (A2, B1), (A2, B1, B2), (B1, B2)]
    boxes = [box(pods=pods, version=f"v{n}") for n, pods in enumerate(steps)]
    found = [told(a, b) for a, b in zip(boxes, boxes[1:], strict=False)]
    assert [[what for what, _ in step] for step in found] == [
        [What.ROLLOUT_BEGUN],
        [What.VERSION],
        [What.VERSION],
        [What.ROLLOUT_ENDED],
    ]
    assert found[0][0][1] == "redis: new pods beside the old; runs v1"
    assert found[3][0][1] == "redis: all old pods are replaced; runs v4"


def test_all_at_once_it_has_ended() -> None:
    assert told(box(pods=(A1,)), box(pods=(B1,))) == [
        (What.ROLLOUT_ENDED, "redis: all old pods are replaced")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ((), (A1,)),
        ((A1,), ()),
        ((A1,), (A1, A2)),
        ((A1, A2), (A1,)),
        ((pod("redis-0"),), (pod("redis-0"), pod("redis-1"))),
        ((A1, replace(B1, phase="Failed")), (A1,)),
        ((A1,), (A1, replace(B1, workload="other"))),
    ],
)
def test_pods_that_come_and_go_are_no_rollout(old: tuple, new: tuple) -> None:
    assert kinds(box(pods=old), box(pods=new)) == []


def test_each_workload_of_a_box_rolls_by_itself() -> None:
    other = [replace(one, workload="sentinel") for one in (A1, B1)]
    old, new = box(pods=(A1, other[0])), box(pods=(A1, *other))
    assert told(old, new)[0][1].startswith("sentinel: new pods")


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("6.2.6", "6.2.7", "6.2.7 runs; 6.2.6 runs no longer"),
        ("6.2.6", "6.2.6, 6.2.7", "6.2.7 runs"),
        ("6.2.6, 6.2.7", "6.2.7", "6.2.6 runs no longer"),
        (None, "6.2.7", None),
        ("6.2.7", None, None),
        ("6.2.7", "6.2.7", None),
    ],
)
def test_another_version(old: str | None, new: str | None, text: str | None) -> None:
    found = told(box(version=old), box(version=new))
    assert found == ([(What.VERSION, text)] if text else [])


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (3, 5, "5 pods wanted, before 3"),
        (3, 0, "0 pods wanted, before 3"),
        (None, 5, None),
        (3, None, None),
        (3, 3, None),
    ],
)
def test_scaling(old: int | None, new: int | None, text: str | None) -> None:
    found = told(box(desired=old), box(desired=new))
    assert found == ([(What.SCALED, text)] if text else [])


def test_a_restart_says_which_how_often_and_how_it_ended() -> None:
    old = box(pods=(pod(), pod("redis-1", 3)))
    ended = pod("redis-1", 4, last_exit="OOMKilled (exit code 137)")
    new = box(pods=(pod("redis-0", 1), ended))
    assert told(old, new) == [
        (What.RESTART, "redis-0 restarted"),
        (What.RESTART, "redis-1 restarted, 4 times by now: OOMKilled (exit code 137)"),
    ]


def test_a_pod_that_is_another_of_the_same_name() -> None:
    new = box(pods=(pod(restarts=0, started_at=after(60)),))
    assert told(box(pods=(pod(restarts=2),)), new) == [
        (What.RESTART, "redis-0 was replaced by another of its name")
    ]


def test_no_restart() -> None:
    same, fewer, ended = pod(), pod(restarts=0), pod(restarts=5, phase="Failed")
    assert kinds(box(pods=(same,)), box(pods=(same, pod("redis-1", 7)))) == []
    assert kinds(box(pods=(pod(restarts=2),)), box(pods=(fewer,))) == []
    assert kinds(box(pods=(pod(restarts=2),)), box(pods=(ended,))) == []
    unknown = pod(started_at=None)
    assert kinds(box(pods=(unknown,)), box(pods=(same,))) == []


EVICTED = "redis: 1 of 2 pods ready, 1 evicted: node w2 is drained"


def marked(text: str) -> NodeState:
    return box(witnesses=(WitnessMark(Witness.KUBERNETES, OK, NOON, text),))


def test_an_eviction_is_told_by_what_is_said_of_the_box() -> None:
    assert told(box(), marked(EVICTED)) == [(What.EVICTED, EVICTED)]
    assert told(marked(EVICTED), marked(EVICTED + ", still")) == []
    assert told(marked(EVICTED), box()) == []
    bad = Reason(Witness.KUBERNETES, FAILING, EVICTED.replace("1 ev", "2 ev"), NOON)
    assert kinds(marked(EVICTED), box(reasons=(bad,))) == [What.EVICTED]


def test_an_eviction_is_told_by_an_event() -> None:
    event = (NOON, "Evicted", "redis-0: The node was low on memory")
    assert told(box(), box(events=(event,))) == [
        (What.EVICTED, "redis-0 was evicted: The node was low on memory")
    ]
    assert told(box(events=(event,)), box(events=(event,))) == []


@pytest.mark.parametrize(
    "event",
    [
        (NOON - timedelta(hours=1), "Evicted", "redis-0: long ago"),
        (NOON, "BackOff", "redis-0: again"),
        (NOON, "TaintManagerEviction", "redis-0: Cancelling deletion of Pod"),
    ],
)
def test_other_events_are_no_eviction(event: tuple) -> None:
    assert told(box(), box(events=(event,))) == []


def test_alerts_are_those_that_are_said_and_were_not() -> None:
    one, two = (reason(f"alert {n}", Witness.ALERTS) for n in "ab")
    assert [*alerts(box(reasons=(one,)), box(reasons=(two,)))] == [
        (What.ALERT, "alert b"),
        (What.ALERT_OVER, "alert a"),
    ]
    assert [*alerts(box(Status.OK), box(reasons=(reason(),)))] == []


def test_of_many_versions_a_rollout_names_none() -> None:
    old, new = box(pods=(A1,)), box(pods=(A1, B1), version="1, 2, 3, 4")
    assert told(old, new) == [(What.ROLLOUT_BEGUN, "redis: new pods beside the old")]
