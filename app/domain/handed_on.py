"""What one process remembers, as JSON for whoever goes on from it. Pure.

A picture tells where each thing stands, and not what was held to get there, what was
seen before it was gone, nor since when nobody called. Without that a store that lost a
caller would be well after a change of leader, and a probe that fails would be one that
never reached anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.calls import Calls, Quiet
from app.domain.evaluate import Memory
from app.domain.evicted import Evicted
from app.domain.facts import CheckFact
from app.domain.instants import instant
from app.domain.past import Past
from app.domain.plain import plain
from app.domain.rules_unseen import Watch
from app.domain.status import Status
from app.domain.subject import NodeId, Subject, Witness
from app.domain.turns import Turning, Turns
from app.domain.verdict import Begun, Latch, Track

Json = dict[str, Any]


def handed_on(memory: Memory) -> Json:
    """Of each subject only what is held; where it stands is in the picture."""
    return {
        "tracks": [_track(*one) for one in memory.tracks.items() if _holds(one[1])],
        "past": _past(memory.past),
        "quiet": [
            [number, *map(instant, quiet)]
            for number, quiet in memory.calls.quiet.items()
        ],
        "busy": memory.calls.busy,
    }


def resumed(memory: Memory, told: Json, *, looked: bool) -> Memory:
    """`memory`, with what another process told. Holds go on where a subject stands as
    it did; `looked`: somebody has looked all the while, so that silence goes on too."""
    held = dict(map(_track_of, told["tracks"]))
    tracks = {
        who: one if (one := held.get(who)) and _same(one, track) else track
        for who, track in memory.tracks.items()
    }
    past = _past_of(told["past"])
    if not looked:
        return replace(memory, tracks=tracks, past=past)
    quiet = {number: Quiet(*map(_at, spans)) for number, *spans in told["quiet"]}
    return replace(
        memory, tracks=tracks, past=past, calls=Calls(quiet, busy=told["busy"])
    )


def _same(one: Track, other: Track) -> bool:
    return (one.status, one.since) == (other.status, other.since)


def _holds(track: Track) -> bool:
    return bool(track.begun or track.latches or track.changes or track.bad_since)


def _track(who: Subject, track: Track) -> Json:
    return {
        "who": who,
        "status": track.status.value,
        "since": instant(track.since),
        "begun": [
            [rule, level.value, instant(one.at), instant(one.observed_at)]
            for (rule, level), one in track.begun.items()
        ],
        "latches": [
            [level.value, sorted(one.by, key=str), instant(one.better_since)]
            for level, one in track.latches.items()
        ],
        "changes": plain(track.changes),
        "flapping": track.flapping,
        "bad_since": instant(track.bad_since),
    }


def _track_of(told: Json) -> tuple[Subject, Track]:
    begun = {
        (rule, Status(level)): Begun(_at(at), _at(observed_at))
        for rule, level, at, observed_at in told["begun"]
    }
    latches = {
        Status(level): Latch(frozenset(map(_witness, by)), _perhaps(better))
        for level, by, better in told["latches"]
    }
    who: Subject = told["who"]
    return who, Track(
        Status(told["status"]),
        _at(told["since"]),
        begun,
        latches,
        tuple(map(_at, told["changes"])),
        told["flapping"],
        _perhaps(told["bad_since"]),
    )


def _witness(told: str | None) -> Witness | None:
    return None if told is None else Witness(told)


def _past(past: Past) -> Json:
    return {
        "reached": sorted(past.reached),
        "registered": {node: sorted(names) for node, names in past.registered.items()},
        "staffed": sorted(past.staffed),
        "connected": sorted(past.connected),
        "keyed": sorted(past.keyed),
        "turning": plain(_turning(past.turning)),
        "evicted": [[plain(key), plain(one)] for key, one in past.evicted.items()],
        "watch": {"since": plain(past.watch.since), "seen": sorted(past.watch.seen)},
    }


def _past_of(told: Json) -> Past:
    turns = [
        Turns(CheckFact(**one["fact"]), tuple(map(_at, one["changes"])))
        for one in told["turning"]
    ]
    return Past(
        reached=frozenset(told["reached"]),
        registered={
            NodeId(node): frozenset(names) for node, names in told["registered"].items()
        },
        staffed=frozenset(told["staffed"]),
        connected=frozenset(map(_pair, told["connected"])),
        keyed=frozenset(told["keyed"]),
        turning={one.fact.key: one for one in turns},
        evicted={tuple(key): _evicted(one) for key, one in told["evicted"]},
        watch=_watch(told["watch"]),
    )


def _turning(turning: Turning) -> list[Turns]:
    """All checks of the instances of which any came and went: of others there is
    nothing to remember."""
    of = {_instance(one.fact) for one in turning.values() if one.changes}
    return [one for one in turning.values() if _instance(one.fact) in of]


def _instance(fact: CheckFact) -> tuple[str, str]:
    return fact.consul_node, fact.instance


def _evicted(told: Json) -> Evicted:
    return Evicted(**told | {"at": _at(told["at"])})


def _watch(told: Json) -> Watch:
    since: Mapping[str, str] = told["since"]
    return Watch(
        {by: _at(at) for by, at in since.items()}, frozenset(map(_pair, told["seen"]))
    )


def _pair(told: Iterable[Any]) -> tuple[Any, Any]:
    one, other = told
    return one, other


def _at(told: str) -> datetime:
    return datetime.fromisoformat(told)


def _perhaps(told: str | None) -> datetime | None:
    return None if told is None else _at(told)
