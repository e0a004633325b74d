"""How often each of Consul's checks changed of late.

A check that comes and goes is not well, whatever it says at the moment. Pure, and
bounded: nothing is kept of an instance that is gone, and of a check no more than its
newest changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.facts import CheckFact
from app.domain.subject import FactKey, NodeId

OFTEN: Final = 3
"""One restart changes a check twice; a third change begins the next one."""
KEPT: Final = 50
PASSING: Final = "passing"

Instance = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Turns:
    """A check as it was last told, and when its status changed within the window."""

    fact: CheckFact
    changes: tuple[datetime, ...] = ()

    @property
    def often(self) -> bool:
        return len(self.changes) >= OFTEN


Turning = Mapping[FactKey, Turns]


def turned(
    before: Turning, checks: Iterable[CheckFact], now: datetime, window: timedelta
) -> dict[FactKey, Turns]:
    """What is remembered after looking at all checks that are known now."""
    told = {fact.key: fact for fact in checks}
    there = {_instance(fact) for fact in told.values()}
    known = {_instance(turns.fact) for turns in before.values()}
    after = {
        key: _turned(
            before.get(key), fact, now, window, new=_instance(fact) not in known
        )
        for key, fact in told.items()
    }
    silent = [turns for key, turns in before.items() if key not in told]
    for turns in silent:
        calmed = _turned(turns, _passing(turns.fact), now, window)
        if _instance(turns.fact) in there and calmed.changes:
            after[turns.fact.key] = calmed
    return after


def often(turning: Turning) -> dict[NodeId, tuple[Turns, ...]]:
    """The checks of each box that changed too often, the worst first."""
    found: dict[NodeId, list[Turns]] = defaultdict(list)
    for turns in turning.values():
        if turns.changes and turns.often:  # Most have none.
            found[turns.fact.node].append(turns)
    return {
        node: tuple(sorted(of, key=lambda t: (-len(t.changes), t.fact.key)))
        for node, of in found.items()
    }


def ends(turning: Turning, window: timedelta) -> list[datetime]:
    """When a check will have been quiet for long enough."""
    return [
        turns.changes[-OFTEN] + window
        for turns in turning.values()
        if turns.changes and turns.often
    ]


def _instance(fact: CheckFact) -> Instance:
    return fact.consul_node, fact.instance


def _passing(fact: CheckFact) -> CheckFact:
    """A node's own check is told only while it does not pass."""
    return replace(fact, status=PASSING, output="")


def _turned(
    before: Turns | None,
    fact: CheckFact,
    now: datetime,
    window: timedelta,
    *,
    new: bool = False,
) -> Turns:
    """`new`: the instance was not known either, so that nothing has changed yet."""
    if before is None:
        fine = new or fact.status == PASSING
        return Turns(fact, () if fine else (now,))
    recent = tuple(
        at for at in before.changes if timedelta(0) <= now - at < window
    )  # One that is yet to come was written before the clock was set back.
    if fact.status != before.fact.status:
        recent = (*recent, now)[-KEPT:]
    if fact is before.fact and recent == before.changes:
        return before
    return Turns(fact, recent)
