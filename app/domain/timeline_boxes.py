"""What happened between two looks at the same box: rollouts, restarts, scaling,
evictions; and alerts that began or ended, on a box or a connection. Pure.

A pod that is no longer listed, or not listed yet, tells nothing by itself: a source may
have been blind. Only what is in both looks is compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from app.domain.evicted import CANCELLED, RECENT, TOLD_BY_EVENTS
from app.domain.facts import ENDED
from app.domain.snapshot import ConnectionState, NodeState, PodState
from app.domain.subject import Witness
from app.domain.timeline import What

Happened = tuple[What, str]
MOST_TOLD: Final = 3
"""A group runs many versions at once, which would say nothing of a rollout."""
EVICTED: Final = re.compile(r"(\d+) evicted: ")
"""As `app.domain.evicted` says it within what Kubernetes says of a box."""


def happened(old: NodeState, new: NodeState, now: datetime) -> Iterator[Happened]:
    """All that happened in a box."""
    rollouts = [*_rollouts(old.pods, new.pods, new.version)]
    yield from rollouts
    if not rollouts:
        yield from _version(old, new)
    yield from _scaled(old, new)
    yield from _restarts(old.pods, new.pods)
    yield from _evictions(old, new, now)


def alerts(
    old: ConnectionState | NodeState, new: ConnectionState | NodeState
) -> Iterator[Happened]:
    """Alerts that are said now and were not, and the reverse."""
    if old.reasons == new.reasons:
        return
    before, after = _alerting(old), _alerting(new)
    yield from ((What.ALERT, text) for text in after if text not in before)
    yield from ((What.ALERT_OVER, text) for text in before if text not in after)


def _alerting(state: ConnectionState | NodeState) -> list[str]:
    return [one.text for one in state.reasons if one.witness is Witness.ALERTS]


def _alive(pods: Iterable[PodState]) -> dict[str, list[PodState]]:
    """By workload; what has ended stays listed, and belongs to none."""
    found: dict[str, list[PodState]] = defaultdict(list)
    for pod in pods:
        if pod.phase not in ENDED:
            found[pod.workload].append(pod)
    return found


def _generations(pods: Iterable[PodState]) -> set[str]:
    """A ReplicaSet's pods have its name and a part of their own; a StatefulSet's are
    all of one generation."""
    return {pod.name.rpartition("-")[0] for pod in pods}


def _rollouts(
    old: tuple[PodState, ...], new: tuple[PodState, ...], version: str | None
) -> Iterator[Happened]:
    before, after = _alive(old), _alive(new)
    runs = f"; runs {version}" if version and version.count(",") < MOST_TOLD else ""
    for workload in sorted(before.keys() & after.keys()):
        was, is_ = _generations(before[workload]), _generations(after[workload])
        if was - is_:
            yield What.ROLLOUT_ENDED, f"{workload}: all old pods are replaced{runs}"
        elif is_ - was:
            yield What.ROLLOUT_BEGUN, f"{workload}: new pods beside the old{runs}"


def _version(old: NodeState, new: NodeState) -> Iterator[Happened]:
    if not (old.version and new.version) or old.version == new.version:
        return
    was, is_ = ({*one.split(", ")} for one in (old.version, new.version))
    came, gone = (", ".join(sorted(some)) for some in (is_ - was, was - is_))
    parts = [f"{came} runs" if came else "", f"{gone} runs no longer" if gone else ""]
    yield What.VERSION, "; ".join(part for part in parts if part)


def _scaled(old: NodeState, new: NodeState) -> Iterator[Happened]:
    if old.desired is None or new.desired is None or old.desired == new.desired:
        return
    yield What.SCALED, f"{new.desired} pods wanted, before {old.desired}"


def _restarts(
    old: tuple[PodState, ...], new: tuple[PodState, ...]
) -> Iterator[Happened]:
    before: Mapping[str, PodState] = {pod.name: pod for pod in old}
    for pod in new:
        was = before.get(pod.name)
        if was is None or was is pod or pod.phase in ENDED:
            continue
        if was.started_at and pod.started_at and was.started_at != pod.started_at:
            yield What.RESTART, f"{pod.name} was replaced by another of its name"
        elif pod.restarts > was.restarts:
            why = f": {pod.last_exit}" if pod.last_exit else ""
            times = f", {pod.restarts} times by now" if pod.restarts > 1 else ""
            yield What.RESTART, f"{pod.name} restarted{times}{why}"


def _evictions(old: NodeState, new: NodeState, now: datetime) -> Iterator[Happened]:
    """By what Kubernetes says of the box; else by an event."""
    told = [one.text for one in new.reasons] + [one.text for one in new.witnesses]
    missed = max((_evicted(text) for text in told), default=0)
    was = [one.text for one in old.reasons] + [one.text for one in old.witnesses]
    if missed > max((_evicted(text) for text in was), default=0):
        text = max(told, key=_evicted)
        yield What.EVICTED, text
        return
    for event in new.events:
        at, reason, message = event
        about, _, said = message.partition(": ")
        fresh = event not in old.events and abs(now - at) < RECENT
        if fresh and reason in TOLD_BY_EVENTS and not said.startswith(CANCELLED):
            yield What.EVICTED, f"{about} was evicted: {said}"


def _evicted(text: str) -> int:
    """How many pods are told to be missed for that."""
    return sum(int(count) for count in EVICTED.findall(text))
