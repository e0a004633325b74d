"""Pods that were taken off their cluster node, and are awaited elsewhere.

A drain, a taint, the scheduler or the kubelet takes a pod away, and its controller
makes another. The pod is often gone before the other one is ready, so what was said of
it is remembered until its workload is whole again. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.facts import EventFact, PodFact
from app.domain.rules_kubernetes import Away, counts, staff
from app.domain.subject import FactKey, NodeId
from app.domain.view import EMPTY, Sorted, View

BY_API: Final = "EvictionByEvictionAPI"
TAINTED: Final = "node {host} has a taint that it does not tolerate"
PREEMPTED: Final = "a pod of higher priority takes its place on node {host}"
CAUSES: Final[Mapping[str, str]] = {
    BY_API: "it was asked of the API, as when node {host} is drained",
    "DeletionByTaintManager": TAINTED,
    "TaintManagerEviction": TAINTED,
    "PreemptionByScheduler": PREEMPTED,
    "Preempted": PREEMPTED,
    "Evicted": "node {host} is short of memory, disk or processes",
    "TerminationByKubelet": "node {host} shuts down, or is short of something",
    "DeletionByPodGC": "node {host} is gone",
}
"""By Kubernetes' own words: reasons of a pod's condition, its status and its events."""
DRAINED: Final = "node {host} is drained"
TOGETHER: Final = 2
"""Pods that must be asked off one node: a single one may be moved for its own sake."""
TOLD_BY_EVENTS: Final = ("Evicted", "TaintManagerEviction", "Preempted")
CANCELLED: Final = "Cancelling"
RECENT: Final = timedelta(minutes=10)
"""The API keeps events for an hour, and the cluster's clock may differ from ours."""
KEPT: Final = 100


@dataclass(frozen=True, slots=True)
class Evicted:
    """A pod. `left`: it is staff no more; `replaced`: its workload was whole since."""

    node: NodeId
    workload: str
    host: str | None
    reason: str
    at: datetime
    left: bool = False
    replaced: bool = False

    @property
    def missed(self) -> bool:
        return self.left and not self.replaced


Evictions = Mapping[FactKey, Evicted]
"""By the key of the pod."""


def followed(before: Evictions, heard: Sorted, now: datetime) -> Evictions:
    """What is remembered after hearing what changed."""
    news = dict(told for view in heard.changed for told in _told(view, now))
    if not before and not news:
        return before
    known = {**news, **before}
    views = {node: heard.views.get(node, EMPTY) for node in _boxes(known)}
    whole = {node: _whole(view) for node, view in views.items()}
    pods = {key: pod for view in views.values() for key, pod in _pods(view).items()}
    after = {
        key: _followed(one, pods.get(key), one.workload in whole[one.node])
        for key, one in known.items()
    }
    told = {key for view in views.values() for key, _ in _told(view, now)}
    kept = {k: one for k, one in after.items() if one.missed or k in told}
    newest = sorted(kept.items(), key=lambda item: item[1].at)[-KEPT:]
    return dict(newest)


def away(
    evictions: Evictions, now: datetime, patience: timedelta
) -> dict[NodeId, dict[str, Away]]:
    """By box and workload, the pods that are missed. `patience`: how long others may
    take to come in their place."""
    missed: dict[tuple[NodeId, str], list[Evicted]] = defaultdict(list)
    for one in evictions.values():
        if one.missed:
            missed[one.node, one.workload].append(one)
    found: dict[NodeId, dict[str, Away]] = defaultdict(dict)
    drained = _drained(evictions)
    for (node, workload), ones in missed.items():
        newest = max(one.at for one in ones)
        awaited = timedelta(0) <= now - newest < patience
        found[node][workload] = Away(_told_as(ones, drained), awaited)
    return found


def ends(evictions: Evictions, patience: timedelta, now: datetime) -> list[datetime]:
    """When others will have taken too long."""
    missed = [one for one in evictions.values() if one.missed]
    return [one.at + patience for one in missed if one.at + patience > now]


def _boxes(evictions: Evictions) -> set[NodeId]:
    return {one.node for one in evictions.values()}


def _pods(view: View) -> dict[FactKey, PodFact]:
    return {seen.fact.key: seen.fact for seen in view.all(PodFact)}


def _told(view: View, now: datetime) -> Iterator[tuple[FactKey, Evicted]]:
    """By the pods themselves, and by events where they do not say so."""
    pods = _pods(view)
    for pod in pods.values():
        if pod.evicted:
            yield pod.key, _taken(pod, pod.evicted, now)
    for seen in view.all(EventFact):
        key = ("pod", seen.fact.namespace, seen.fact.about.removeprefix("pod/"))
        if key in pods and _tells(seen.fact, now) and not pods[key].evicted:
            yield key, _taken(pods[key], seen.fact.reason, now)


def _tells(event: EventFact, now: datetime) -> bool:
    lately = abs(now - event.last_seen) < RECENT
    cancelled = event.message.startswith(CANCELLED)
    return event.reason in TOLD_BY_EVENTS and lately and not cancelled


def _taken(pod: PodFact, reason: str, now: datetime) -> Evicted:
    return Evicted(pod.node, pod.workload, pod.host, reason, now)


def _whole(view: View) -> set[str]:
    """The workloads of a box that lack nobody."""
    return {team.workload for team in staff(view, {}) if not team.short}


def _followed(one: Evicted, pod: PodFact | None, whole: bool) -> Evicted:
    """A StatefulSet gives the next pod the same name: who has left has left."""
    left = one.left or pod is None or not counts(pod)
    return replace(one, left=left, replaced=one.replaced or left and whole)


def _drained(evictions: Evictions) -> set[str]:
    """Cluster nodes off which several pods were asked."""
    asked = Counter(one.host for one in evictions.values() if one.reason == BY_API)
    return {host for host, count in asked.items() if host and count >= TOGETHER}


def _told_as(ones: Iterable[Evicted], drained: set[str]) -> str:
    """How many, and why: "1 evicted: node worker-2 is drained"."""
    causes = Counter(_cause(one, drained) for one in ones)
    told = sorted(causes.items())
    return ", ".join(f"{count} evicted: {cause}" for cause, count in told)


def _cause(one: Evicted, drained: set[str]) -> str:
    host = one.host or "(unknown)"
    if one.reason == BY_API and host in drained:
        return DRAINED.format(host=host)
    return CAUSES.get(one.reason, f"{one.reason} on node {{host}}").format(host=host)
