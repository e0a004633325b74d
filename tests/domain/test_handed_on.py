"""What one process remembers is what the next one goes on with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import orjson
import pytest
from hypothesis import given

from app.domain.calls import Calls
from app.domain.evaluate import Memory
from app.domain.facts_stores import ClientsFact, StoreFact
from app.domain.handed_on import handed_on, resumed
from app.domain.instants import instant
from app.domain.plain import plain
from app.domain.reading import Feed
from app.domain.status import Status
from app.domain.subject import NodeId
from app.domain.verdict import Track
from tests.domain.calling import falls_silent
from tests.domain.scene import NOW, Scene, k8s
from tests.domain.test_blindness import probe_of
from tests.domain.test_properties import SLOW, check, stories, tell

pytestmark = pytest.mark.timeout(180)
REDIS, VOICE = NodeId("redis"), NodeId("voice")


def taken(memory: Memory, *, looked: bool = True) -> Memory:
    """By a process that was told where each thing stands, over a wire."""
    stood = {
        who: Track(one.status, datetime.fromisoformat(instant(one.since) or ""))
        for who, one in memory.tracks.items()
    }
    told = orjson.loads(orjson.dumps(handed_on(memory)))
    return resumed(Memory(tracks=stood), told, looked=looked)


@SLOW
@given(stories)
def test_it_is_all_there(story):
    memory = tell(story).memory
    after = taken(memory)
    assert handed_on(after) == handed_on(memory)
    assert plain(after.calls) == plain(memory.calls)


def test_every_part_of_the_past_is_there(scene):
    store = StoreFact(REDIS, "r", "7.0", "master", 20, 100)
    caller = ClientsFact(REDIS, "r", VOICE, 4, active=1, oldest_s=60)
    scene.hear(Feed("redis", "r", 45), store, caller)
    probe_of(scene, "voice", True)
    pod = scene.pods("voice")[0]
    evicted = replace(pod, ready=False, host="worker-1", evicted="Evicted")
    scene.news(k8s(f"pods/{pod.namespace}"), evicted)
    for status in ("passing", "critical", "passing"):
        feed, fact = check("redis", status, 0)
        scene.hear(feed, fact)
        scene.look(after=20)
    past = scene.memory.past
    assert all(
        (past.reached, past.registered, past.staffed, past.connected, past.turning,
         past.evicted, past.watch.since)
    )  # fmt: skip
    after = taken(scene.memory).past
    assert plain(after.registered) == plain(past.registered)
    parts = ("reached", "staffed", "connected", "keyed", "evicted", "watch", "turning")
    for part in parts:
        assert getattr(after, part) == getattr(past, part), part


def test_a_hold_is_of_what_still_stands_so(scene):
    scene.crash("redis")
    scene.look()
    memory = scene.memory
    other = replace(memory.tracks[REDIS], since=NOW - timedelta(hours=1))
    begun = Memory(tracks={REDIS: other, VOICE: memory.tracks[VOICE]})
    after = resumed(begun, handed_on(memory), looked=True)
    assert after.tracks[REDIS] is other
    assert after.tracks[VOICE] is memory.tracks[VOICE]


def test_silence_goes_on_where_somebody_has_listened(office):
    falls_silent(office, 120)
    assert office.memory.calls.quiet
    assert taken(office.memory).calls == office.memory.calls
    assert taken(office.memory, looked=False).calls == Calls()


def test_a_probe_that_fails_is_still_one_that_reached(scene):
    """Else its failure would accuse nobody."""
    probe_of(scene, "redis", True)
    scene.look()
    other = Scene(now=scene.now, memory=taken(scene.memory))
    other.staff()
    probe_of(other, "redis", False, False, False)
    marks = {one.witness: one.status for one in other.node("redis").witnesses}
    assert marks["probe"] is Status.FAILING
