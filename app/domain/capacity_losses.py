"""N+1: whether what is left carries all when a pod, or all pods on a cluster node or in
a zone, are lost at p95 load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from app.domain.capacity import Headroom, Loss, Lost
from app.domain.capacity_figures import figure
from app.domain.capacity_terms import FULL, Unit

UNKNOWN: Final = (
    "in which zone {unknown} of {pods} pods run is not known: neither a label of "
    "theirs nor kubernetes.zones tells it"
)
NAMES: Final = {Lost.POD: "one pod", Lost.HOST: "host {name}", Lost.ZONE: "zone {name}"}


def losses(
    node: Mapping[str, Any] | None,
    rooms: Iterable[tuple[Headroom, bool]],
    zones: Mapping[str, str],
) -> tuple[Loss, ...]:
    """`node`: the picture's item of a box. `rooms`: each with whether its limit shrinks
    with the pods. `zones`: of cluster nodes, by their names."""
    ready = [pod for pod in (node or {}).get("pods") or () if pod["ready"]]
    if not ready:
        return ()
    carried = [room for room, shrinks in rooms if shrinks]
    hosts = [pod["host"] for pod in ready if pod["host"]]
    found = [_loss(Lost.POD, "", len(ready), 1, carried)]
    if hosts:
        found.append(_fullest(Lost.HOST, hosts, len(ready), carried))
    found.append(_zone(ready, zones, carried))
    return tuple(found)


def _zone(
    ready: Sequence[Mapping[str, Any]],
    zones: Mapping[str, str],
    rooms: Sequence[Headroom],
) -> Loss:
    """A pod's own word goes first. Of some pods alone no fullest zone can be told."""
    told = [pod.get("zone") or zones.get(pod["host"]) for pod in ready]
    known = [zone for zone in told if zone]
    if len(known) == len(ready):
        return _fullest(Lost.ZONE, known, len(ready), rooms)
    unknown = len(ready) - len(known)
    why = UNKNOWN.format(unknown=unknown, pods=len(ready))
    return Loss(Lost.ZONE, "", len(ready), None, None, None, None, why)


def _fullest(
    lost: Lost, places: Iterable[str], pods: int, rooms: Sequence[Headroom]
) -> Loss:
    counted = Counter(places)
    # Of equals always the same one.
    name = max(counted, key=lambda one: (counted[one], one))
    return _loss(lost, name, pods, counted[name], rooms)


def _loss(
    lost: Lost, name: str, pods: int, gone: int, rooms: Sequence[Headroom]
) -> Loss:
    left, what = pods - gone, NAMES[lost].format(name=name)
    if not left:
        why = f"without {what} no pod is left"
        return Loss(lost, name, pods, 0, None, None, False, why)
    remain = f"without {what} {left} of {pods} pods are left"
    if not rooms:
        why = f"{remain}; of none of their limits is anything known"
        return Loss(lost, name, pods, left, None, None, None, why)
    share, limit = max((_then(room, pods, left), room.limit) for room in rooms)
    holds = share < FULL
    why = f"{remain}, and would use {figure(share, Unit.SHARE).text} of {limit}"
    return Loss(lost, name, pods, left, limit, share, holds, why)


def _then(room: Headroom, pods: int, left: int) -> float:
    return room.share * pods / left
