"""How far a store's replicas are behind: told of the store's box, never of its callers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import rules_replicas
from app.domain.facts_stores import ClientsFact, Follower, StoreFact
from app.domain.limits import DEFAULT, customise
from app.domain.reading import Feed
from app.domain.stored import stored
from app.domain.subject import NodeId
from app.domain.view import Seen, View
from tests.domain.scene import NOW, Scene

FEED = Feed("postgresql", "sessions", 45)
POSTGRESQL, SETTING = NodeId("postgresql"), NodeId("setting")
MIB = 2**20


def server(*followers: Follower, **more: object) -> StoreFact:
    plain: dict[str, object] = {"clients": 20, "most_clients": 100, "role": "primary"}
    return StoreFact(
        POSTGRESQL, "db:5432", "15.3", followers=followers, **(plain | more)
    )  # type: ignore[arg-type]


def twice(scene: Scene, *facts: StoreFact | ClientsFact) -> None:
    """Heard again and again, until it may colour."""
    for _ in range(2):
        scene.hear(FEED, *facts)
        scene.look(scene.limits.enter + 1)


@pytest.mark.parametrize(
    ("follower", "text"),
    [
        (Follower("10.0.0.5", 45.0, 3 * MIB), "replica 10.0.0.5 is 45 s, 3 MiB behind"),
        (Follower("10.0.0.5", 45.0, None), "replica 10.0.0.5 is 45 s behind"),
        (Follower("b", None, 200 * MIB), "replica b is 200 MiB behind"),
        (Follower("", 45.0, 3 * MIB), "45 s, 3 MiB behind its primary"),
        (
            Follower("slot", None, 9 * MIB, False),
            "replica slot is not there, 9 MiB are kept for it",
        ),
        (Follower("slot", None, 0, False), "replica slot is not there"),
        (
            Follower("", 90.0, 0, False),
            "receives nothing from its primary, the newest is 90 s old",
        ),
        (
            Follower("", None, 300 * MIB, False),
            "receives nothing from its primary",
        ),
    ],
)
def test_a_replica_that_is_behind_degrades_its_box_alone(
    scene: Scene, follower: Follower, text: str
) -> None:
    twice(scene, server(follower))
    box = scene.node("postgresql")
    assert box.status == "degraded"
    assert text in [reason.text for reason in box.reasons]
    assert scene.off() == {}


@pytest.mark.parametrize(
    ("followers", "text"),
    [
        ((), "answers, 20 clients, version 15.3"),
        (
            (Follower("a", 0.2, 4),),
            "answers, 20 clients, version 15.3, 1 replica in step",
        ),
        (
            (Follower("a", 0.2, 4), Follower("b", 12.4, 900)),
            "answers, 20 clients, version 15.3, 2 replicas 12 s behind",
        ),
        (
            (Follower("a", None, MIB), Follower("b", 0.0, 0)),
            "answers, 20 clients, version 15.3, 2 replicas",
        ),
        ((Follower("", 0.0, 0),), "answers, 20 clients, version 15.3, in step"),
        ((Follower("", None, None),), "answers, 20 clients, version 15.3, a replica"),
        (
            (Follower("", 20.0, 0, False),),
            "answers, 20 clients, version 15.3, 20 s behind",
        ),
    ],
)
def test_replicas_that_are_well_are_told_in_the_stores_word(
    scene: Scene, followers: tuple[Follower, ...], text: str
) -> None:
    twice(scene, server(*followers))
    marks = {m.witness: m for m in scene.node("postgresql").witnesses}
    assert marks["backend"].text == text
    assert marks["backend"].status == "ok"


def test_a_site_may_let_it_fail(scene: Scene) -> None:
    scene.limits, problems = customise(
        scene.limits, {"replication_lag_s": {"failing": 60}}
    )
    assert problems == ()
    twice(scene, server(Follower("a", 61.0, 1)))
    assert scene.node("postgresql").status == "failing"
    assert scene.off() == {}


lags = st.one_of(st.none(), st.floats(0, 1e6))
sizes = st.one_of(st.none(), st.integers(0, 2**40))
some = st.builds(Follower, st.sampled_from(["", "a", "b"]), lags, sizes, st.booleans())


@given(some, st.floats(0, 1e6), st.integers(0, 2**40))
def test_to_be_further_behind_is_never_better(
    follower: Follower, more_s: float, more_bytes: int
) -> None:
    def bad(one: Follower) -> bool:
        found = rules_replicas.findings(Seen(server(one), NOW, fresh=True), DEFAULT)
        assert all(finding.node_only and finding.sampled for finding in found)
        return bool(found)

    worse = replace(
        follower,
        lag_s=(follower.lag_s or 0.0) + more_s,
        lag_bytes=(follower.lag_bytes or 0) + more_bytes,
    )
    assert bad(worse) or not bad(follower)


def of(*facts: StoreFact) -> View:
    made = View()
    made.seen[StoreFact] = [Seen(fact, NOW, fresh=True) for fact in facts]
    return made


def test_what_is_shown_is_the_replica_that_is_furthest_behind() -> None:
    first = server(
        Follower("a", 0.4, 4), Follower("b", 12.9, 9), Follower("c", None, 1)
    )
    other = replace(server(Follower("", 3.0, 1)), target="db2:5432")
    assert stored([of(first, other)]).lag_s == 12
    assert stored([of(server())]).lag_s is None


def test_the_databases_that_a_caller_uses_are_named(scene: Scene) -> None:
    clients = [
        ClientsFact(POSTGRESQL, "db:5432", SETTING, 4, 1, 7_200, ("gws",)),
        ClientsFact(POSTGRESQL, "db2:5432", SETTING, 1, 1, 60, ("gws", "other")),
    ]
    scene.hear(FEED, server(), replace(server(), target="db2:5432"), *clients)
    marks = {m.witness: m.text for m in scene.connection(9).witnesses}
    label = scene.topology.box(SETTING).label
    assert marks["backend"] == (
        f"5 connections from {label} to gws, other, 2 active, the oldest for 2 h"
    )
