"""What a Consul agent counts of itself: beyond its limits it colours the box alone."""

from __future__ import annotations

import pytest

from app.domain.facts_stores import StoreFact, UnreadFact
from app.domain.knowledge import CONSUL
from app.domain.limits import BOUNDS
from app.domain.reading import Feed
from app.domain.rules_agent import TOLD
from app.domain.status import Status
from tests.domain.scene import Scene

FEED = Feed("consul", "agent", 30)
INTO_CONSUL = (3, 8, 19, 22)


def agent(**measures: float) -> StoreFact:
    return StoreFact(
        CONSUL, "agent n1", "", "agent n1, a server, version 1.8.7", None,
        names_callers=False, measures=tuple(measures.items()),
    )  # fmt: skip


def look(scene: Scene, fact: StoreFact | UnreadFact, times: int = 2) -> None:
    for _ in range(times):
        scene.hear(FEED, fact)
        scene.look(scene.limits.enter + 1)


def test_within_its_limits_it_is_a_witness_of_every_connection_into_consul(
    scene: Scene,
) -> None:
    look(scene, agent(consul_turned_away=0, consul_silence=0.02, unheard_of=9))
    for number in INTO_CONSUL:
        marks = {m.witness: m for m in scene.connection(number).witnesses}
        assert marks["backend"].status == "ok"
        assert marks["backend"].text == "answers, agent n1, a server, version 1.8.7"
        assert scene.connection(number).metrics.connections_active is None
    box = scene.node("consul")
    assert (box.version, box.memory, box.clients) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("consul_turned_away", 40, "40 requests turned away by its rate limit "
         "(limits.rpc_rate) in the last minute, limit 1 (agent n1)"),
        ("consul_silence", 0.9, "a server was silent for 90% of the time after which "
         "the leader steps down, limit 0.8 (agent n1)"),
        ("consul_commit_ms", 1500, "a change takes 1500 ms to be committed, limit 1000"),
        ("consul_elections", 3, "stood for leader 3 times in the last minute, limit 2"),
        ("consul_flaps", 1, "1 times in the last minute a node was given up"),
        ("consul_gc_pause_s", 2.5, "paused for 2.5 s a minute to collect garbage"),
    ],
)  # fmt: skip
def test_a_number_beyond_its_limit_colours_the_box_and_not_who_calls(
    scene: Scene, name: str, value: float, text: str
) -> None:
    look(scene, agent(**{name: value}), times=1)
    assert scene.node("consul").status is Status.OK, "one sample is no proof"
    look(scene, agent(**{name: value}))
    box = scene.node("consul")
    assert box.status is Status.DEGRADED
    assert text in box.reasons[0].text and box.reasons[0].witness == "backend"
    for number in INTO_CONSUL:
        assert scene.connection(number).status is Status.OK


def test_every_limit_of_an_agent_has_its_words() -> None:
    assert set(TOLD) == {name for name in BOUNDS if name.startswith("consul_")}


def test_what_may_not_be_read_is_no_witness(scene: Scene) -> None:
    look(scene, UnreadFact(CONSUL, "what it counts", "the token lacks something"))
    assert "backend" not in {m.witness for m in scene.node("consul").witnesses}
